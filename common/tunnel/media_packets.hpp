#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "common/tunnel/wire.hpp"

// The run of packets inside a sealed datagram: {u32 stream, u16 length with RTCP in the top bit, bytes}. Stream 0
// carries the path's own records (MediaPath).
namespace roamdesk::tunnel {

inline constexpr std::size_t packet_header = 6;
inline constexpr std::size_t max_packet = 1500;

struct PacketView {
  std::uint32_t stream = 0;
  bool rtcp = false;
  std::span<const std::uint8_t> bytes;
};

// Walks a run. A run that is cut short, or holds a packet that is empty or over max_packet, is malformed as a whole
// from there on: next() is empty and malformed() true.
class PacketReader {
 public:
  explicit PacketReader(std::span<const std::uint8_t> run) : rest_(run) {}
  std::optional<PacketView> next() {
    if (rest_.empty()) return std::nullopt;
    if (rest_.size() < packet_header) return fail();
    const auto coded = load<std::uint16_t>(rest_.data() + 4);
    const std::size_t length = coded & 0x7fff;
    if (length == 0 || length > max_packet || rest_.size() - packet_header < length) return fail();
    const PacketView packet{load<std::uint32_t>(rest_.data()), (coded & 0x8000) != 0,
                            rest_.subspan(packet_header, length)};
    rest_ = rest_.subspan(packet_header + length);
    return packet;
  }
  bool malformed() const { return malformed_; }

 private:
  std::nullopt_t fail() {
    malformed_ = true;
    rest_ = {};
    return std::nullopt;
  }
  std::span<const std::uint8_t> rest_;
  bool malformed_ = false;
};

// Writes one packet at the beginning of `out`, which has room for it; the number of bytes used.
inline std::size_t write_packet(std::span<std::uint8_t> out, std::uint32_t stream, bool rtcp,
                                std::span<const std::uint8_t> bytes) {
  store(out.data(), stream);
  store(out.data() + 4, static_cast<std::uint16_t>(bytes.size() | (rtcp ? 0x8000U : 0U)));
  std::copy(bytes.begin(), bytes.end(), out.begin() + packet_header);
  return packet_header + bytes.size();
}

}  // namespace roamdesk::tunnel
