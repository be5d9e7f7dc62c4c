#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/time.hpp"
#include "common/http/message.hpp"
#include "pbx-core/api/problem.hpp"

// Members of a request's query; pure.
namespace roamdesk::api {

// nullopt where it isn't there, or (then `problem` says so) is no whole number of at least 1.
std::optional<std::int64_t> number_in(const http::Request& request, std::string_view name,
                                      std::optional<Problem>& problem);
// Likewise, a time of RFC 3339.
std::optional<WallTime> time_in(const http::Request& request, std::string_view name, std::optional<Problem>& problem);

}  // namespace roamdesk::api
