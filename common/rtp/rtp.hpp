#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace roamdesk::media {

using Packet = std::span<const std::uint8_t>;

// RFC 3550 §5.1, a view into a packet that the caller owns.
struct RtpView {
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0, ssrc = 0;
  Packet payload;
};
// nullopt for a packet that isn't RTP version 2 or is shorter than its own header says.
std::optional<RtpView> parse_rtp(Packet packet);
// RTCP: version 2 and a payload type of 192..223 (RFC 5761 §4); anything of that shape is relayed.
bool is_rtcp(Packet packet);
// Writes a 12-byte header.
void write_rtp_header(std::span<std::uint8_t, 12> out, const RtpView& header);

// What RFC 3550 A.3 and A.8 count of one source.
class Reception {
 public:
  // `arrival`: in timestamp units (8 kHz).
  void received(std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t ssrc, std::uint32_t arrival);
  // The next packets of the source that is heard, of which some may be lost.
  bool is_followed_by(const RtpView& rtp) const {
    const auto step = static_cast<std::uint16_t>(rtp.sequence - static_cast<std::uint16_t>(highest_));
    return begun_ && rtp.ssrc == ssrc_ && step > 0 && step <= 100;
  }
  // RTCP (RFC 3550 §6.4) of that source.
  bool is_reported_by(Packet rtcp) const;
  std::uint64_t packets() const { return packets_; }
  std::uint64_t lost() const;
  double jitter_ms() const { return jitter_ / 8.0; }

 private:
  void restart(std::uint16_t sequence, std::uint32_t ssrc);
  std::uint32_t ssrc_ = 0;
  bool begun_ = false;
  std::uint64_t packets_ = 0, in_source_ = 0, lost_before_ = 0;
  std::uint32_t first_ = 0, highest_ = 0;
  std::uint32_t last_transit_ = 0;
  double jitter_ = 0;
};

}  // namespace roamdesk::media
