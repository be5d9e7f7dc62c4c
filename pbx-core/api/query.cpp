#include "pbx-core/api/query.hpp"

#include <fmt/format.h>

#include <charconv>

#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {

std::optional<std::int64_t> number_in(const http::Request& request, std::string_view name,
                                      std::optional<Problem>& problem) {
  const auto text = request.query(name);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc{} && end == text->data() + text->size() && value >= 1) return value;
  problem = Problem{400, fmt::format("{} in the query isn't a number; a whole number of at least 1 is expected", name),
                    std::string(name)};
  return std::nullopt;
}

std::optional<WallTime> time_in(const http::Request& request, std::string_view name, std::optional<Problem>& problem) {
  const auto text = request.query(name);
  if (!text) return std::nullopt;
  const auto parsed = parse_rfc3339(*text);
  if (!parsed)
    problem = Problem{400, fmt::format("{} in the query is no time; expected is e.g. 2026-11-23T08:00:00Z", name),
                      std::string(name)};
  return parsed;
}

}  // namespace roamdesk::api
