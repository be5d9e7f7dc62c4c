#pragma once
#include <chrono>
#include <cstdint>
#include <string_view>

#include "common/sip/message.hpp"

// What answers to REGISTER and SUBSCRIBE have in common.
namespace roamdesk::upstream {

inline constexpr std::chrono::seconds longest_expires{std::chrono::days{1}};

// Min-Expires of a 423 (RFC 3261 §10.2.8, RFC 6665 §4.2.1.1); 0 where there is none.
std::chrono::seconds min_expires(const sip::Message& response);
// It says something of the server, nothing of whom it was asked about.
inline bool is_servers_own(int status) { return status == 408 || status == 480 || (status >= 500 && status < 600); }

}  // namespace roamdesk::upstream
