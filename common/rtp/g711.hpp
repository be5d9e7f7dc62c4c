#pragma once
#include <cstdint>

namespace roamdesk::media {

// ITU-T G.711: 16-bit linear to 8-bit A-law and µ-law, and back.
std::uint8_t to_alaw(std::int16_t sample);
std::uint8_t to_ulaw(std::int16_t sample);
std::int16_t from_alaw(std::uint8_t code);
std::int16_t from_ulaw(std::uint8_t code);

}  // namespace roamdesk::media
