#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/http/body_source.hpp"
#include "common/http/message.hpp"

// Large files as answers, with RFC 9110's ranges, so that a phone can go on where it was cut off. Pure.
namespace roamdesk::http {

struct Range {
  std::uint64_t first = 0, bytes = 0;
  friend bool operator==(const Range&, const Range&) = default;
};
enum class Ranged {
  whole,          // none is asked for, or one that we don't know: the whole is the answer (RFC 9110 §14.2)
  part,           // 206
  unsatisfiable,  // 416
};
// "bytes=0-499", "bytes=500-", "bytes=-500" of so many bytes; of several ranges at once: the whole.
Ranged range_of(std::string_view field, std::uint64_t bytes, Range& range);

// Of a file with so many bytes: 200, 206 or 416. `range`: the request's field.
Response content_response(std::shared_ptr<BodySource> source, std::uint64_t bytes, std::string type,
                          std::optional<std::string_view> range, std::shared_ptr<void> ticket);

// SHA-256 as 64 hexadecimal characters in lower case: what a file is called on disk.
bool is_sha256(std::string_view text);

}  // namespace roamdesk::http
