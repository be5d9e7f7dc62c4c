#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/model/records.hpp"

// What values may be; pure. A check returns what is wrong and what would be right, or nothing where the value is fine.
namespace roamdesk::api {

using Fault = std::optional<std::string>;

// Of a word that isn't one of the enumeration's.
template <Worded E>
Fault unknown_word() {
  return "is unknown; expected one of " + all_words<E>();
}

Fault check_mac(std::string_view text);     // 12 hexadecimal characters; shows the right form of what was meant
Fault check_number(std::string_view text);  // an extension's: 1..15 digits
// 4..10 digits; not the number; not trivial: 0000, 1234, 4321, 1212.
Fault check_pin(std::string_view pin, std::string_view number);
Fault check_password(std::string_view password, std::string_view user);  // 10..128 characters
Fault check_user_name(std::string_view name);                            // a-z, 0-9, ".", "_", "-"; 1..32
Fault check_sbc_name(std::string_view name);                             // a DNS label in lower case, not "local"
Fault check_time_zone(
    std::string_view name);  // by its form, "Europe/Berlin"; whether it exists is the caller's question
Fault check_label(std::string_view text, std::size_t longest);  // no control characters
Fault check_key(const Key& key);
Fault check_options(const DeskOptions& options);

// "18:30"
Fault check_time_of_day(std::string_view text);
// "10h", "90m", "5400s"; 1 minute to 7 days; nullopt for anything else.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);
std::string to_duration(std::chrono::seconds duration);

// RFC 3339 in UTC, with milliseconds: "2026-11-22T22:16:29.000Z".
std::string to_rfc3339(WallTime time);
// With any offset, with or without a fraction; nullopt for anything else.
std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace roamdesk::api
