#pragma once

#include <chrono>

// What both ends of the link go by.
namespace roamdesk::tunnel::link {

inline constexpr auto report_every = std::chrono::seconds{5};  // how it goes, to the other end

}  // namespace roamdesk::tunnel::link
