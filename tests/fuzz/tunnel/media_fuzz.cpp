#include <array>
#include <cstdlib>

#include "common/tunnel/media_packets.hpp"
#include "common/tunnel/media_path.hpp"
#include "common/tunnel/media_session.hpp"
#include "common/tunnel/wire.hpp"

// The same bytes as a datagram from a stranger (never opened), and as what an authentic but hostile SBC sealed: a run
// of packets with the path's records among them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace roamdesk;
  using namespace roamdesk::tunnel;
  using namespace std::chrono_literals;
  if (size > max_media_datagram) return 0;
  const TimePoint now{1h};
  MediaSession sbc{Side::sbc, 1, crypto::Cipher::aes_128_gcm}, core{Side::core, 1, crypto::Cipher::aes_128_gcm};
  const auto keys = derive_keys({}, 1, 0);
  sbc.install(0, keys, now);
  core.install(0, keys, now);

  crypto::Bytes stranger{data, data + size};
  if (core.open(stranger, now)) std::abort();

  crypto::Bytes datagram(size + media_overhead);
  std::copy_n(data, size, datagram.begin() + media_header);
  datagram.resize(sbc.seal(datagram, size));
  const auto run = core.open(datagram, now);
  if (!run || !std::equal(run->begin(), run->end(), data, data + size)) std::abort();

  // Another secret each time: compares are watched, and a token that comes again would be found.
  static std::uint64_t runs = 0;
  std::array<std::uint8_t, 32> secret{};
  store(secret.data(), ++runs);
  MediaPath path{Side::core, secret};
  const Endpoint from{IpAddress{1}, 1};
  path.handle_authentic(from, now);
  PacketReader reader{*run};
  std::size_t seen = 0;
  while (const auto packet = reader.next()) {
    seen += packet_header + packet->bytes.size();
    if (packet->bytes.empty() || packet->bytes.size() > max_packet) std::abort();
    if (packet->stream == 0) path.handle_record(packet->bytes, from, now);
  }
  if (seen > size || (!reader.malformed() && seen != size)) std::abort();
  // Without the challenge's token nothing becomes the peer.
  if (path.peer()) std::abort();
  while (path.poll_record()) {
  }
  return 0;
}
