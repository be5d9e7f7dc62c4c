#pragma once
#include <span>

#include "common/base/result.hpp"
#include "common/tunnel/frames.hpp"

namespace roamdesk::tunnel {

// On the wire: u32 length of what follows, u8 type, body; big-endian throughout. Length is 1..max_frame.
inline constexpr std::size_t frame_header = 5;
inline constexpr std::size_t max_frame = 72 * 1024;

enum class FrameError {
  too_long,      // the length, or a field's, is over its limit
  truncated,     // a field ends behind the frame
  trailing,      // bytes behind the last field
  unknown_type,  // not a type of this version
  bad_value,     // an enum, flag or number outside its range
};
std::string_view describe(FrameError error);

// One frame's type and body (what the length counts).
Result<Frame, FrameError> parse_frame(crypto::ByteView body);
// Appends the whole frame. The frame's fields are within their limits (assert; `fits` tells).
void append_frame(const Frame& frame, crypto::Bytes& out);
// False if a field is over its limit; such a frame can't be sent.
bool fits(const Frame& frame);

const FrameTrait& trait_of(const Frame& frame);
FrameClass class_of(const Frame& frame);
bool may_send(Side side, const Frame& frame);
std::string_view name_of(const Frame& frame);
// Of every frame there is.
std::span<const FrameTrait> frame_traits();

}  // namespace roamdesk::tunnel
