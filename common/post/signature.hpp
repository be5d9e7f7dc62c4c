#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace roamdesk::post {

// What a web hook's signature is made over: the seconds since 1970 at which it is sent, ".", and the body. A receiver
// that refuses old times and a delivery that it has had hears nothing twice (docs/alarms.md).
std::string signed_text(std::int64_t seconds, std::string_view body);

constexpr const char* delivery_header = "Roamdesk-Delivery";
constexpr const char* timestamp_header = "Roamdesk-Timestamp";
constexpr const char* signature_header = "Roamdesk-Signature";
// In front of the HMAC-SHA-256 in hexadecimal digits.
constexpr const char* signature_version = "v1=";

}  // namespace roamdesk::post
