#include "common/rtp/rtp.hpp"

#include <cmath>

namespace roamdesk::media {

std::optional<RtpView> parse_rtp(Packet packet) {
  if (packet.size() < 12 || packet[0] >> 6 != 2) return std::nullopt;
  std::size_t header = 12 + 4u * (packet[0] & 15);
  if (packet.size() < header) return std::nullopt;
  if (packet[0] & 0x10) {  // header extension
    if (packet.size() < header + 4) return std::nullopt;
    header += 4 + 4u * ((packet[header + 2] << 8) | packet[header + 3]);
    if (packet.size() < header) return std::nullopt;
  }
  std::size_t end = packet.size();
  if (packet[0] & 0x20) {  // padding
    const std::size_t padding = packet.back();
    if (padding == 0 || padding > end - header) return std::nullopt;
    end -= padding;
  }
  RtpView view;
  view.payload_type = packet[1] & 127;
  view.marker = packet[1] >> 7;
  view.sequence = static_cast<std::uint16_t>((packet[2] << 8) | packet[3]);
  const auto word = [&](std::size_t at) {
    return (std::uint32_t{packet[at]} << 24) | (std::uint32_t{packet[at + 1]} << 16) |
           (std::uint32_t{packet[at + 2]} << 8) | packet[at + 3];
  };
  view.timestamp = word(4);
  view.ssrc = word(8);
  view.payload = packet.subspan(header, end - header);
  return view;
}

bool is_rtcp(Packet packet) {
  return packet.size() >= 8 && packet[0] >> 6 == 2 && packet[1] >= 192 && packet[1] <= 223;
}

void write_rtp_header(std::span<std::uint8_t, 12> out, const RtpView& header) {
  out[0] = 0x80;
  out[1] = static_cast<std::uint8_t>(header.payload_type | (header.marker ? 0x80 : 0));
  out[2] = static_cast<std::uint8_t>(header.sequence >> 8);
  out[3] = static_cast<std::uint8_t>(header.sequence);
  for (int i = 0; i < 4; ++i) {
    out[4 + i] = static_cast<std::uint8_t>(header.timestamp >> (24 - 8 * i));
    out[8 + i] = static_cast<std::uint8_t>(header.ssrc >> (24 - 8 * i));
  }
}

bool Reception::is_reported_by(Packet rtcp) const {
  if (!begun_ || rtcp.size() < 8) return false;
  const auto ssrc =
      (std::uint32_t{rtcp[4]} << 24) | (std::uint32_t{rtcp[5]} << 16) | (std::uint32_t{rtcp[6]} << 8) | rtcp[7];
  return ssrc == ssrc_;
}

void Reception::restart(std::uint16_t sequence, std::uint32_t ssrc) {
  lost_before_ = lost();
  ssrc_ = ssrc;
  begun_ = true;
  first_ = highest_ = 0x10000u + sequence;  // room for one that comes late
  in_source_ = 0;
  last_transit_ = 0;
}

void Reception::received(std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t ssrc, std::uint32_t arrival) {
  if (!begun_ || ssrc != ssrc_) restart(sequence, ssrc);
  const auto step =
      static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - static_cast<std::uint16_t>(highest_)));
  if (step > 3000 || step < -100)
    restart(sequence, ssrc);  // RFC 3550 A.1: the source has started again
  else if (step > 0)
    highest_ += static_cast<std::uint32_t>(step);
  ++packets_;
  ++in_source_;
  const auto transit = arrival - timestamp;
  if (in_source_ > 1)
    jitter_ += (std::abs(static_cast<double>(static_cast<std::int32_t>(transit - last_transit_))) - jitter_) / 16;
  last_transit_ = transit;
}

std::uint64_t Reception::lost() const {
  if (!begun_) return lost_before_;
  const std::uint64_t expected = highest_ - first_ + 1;
  return lost_before_ + (expected > in_source_ ? expected - in_source_ : 0);
}

}  // namespace roamdesk::media
