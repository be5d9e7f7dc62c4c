#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/sdp/crypto.hpp"
#include "common/sdp/session.hpp"

// Whatever comes, what is taken survives its own wording, and what goes out names our address and no other way.
using namespace roamdesk;

namespace {

void demand(bool truth) {
  if (!truth) std::abort();
}

void demand_ours(const sdp::Session& session, const sdp::Self& self) {
  const auto again = sdp::parse(sdp::serialise(session));
  demand(again && *again == session);
  for (const auto& media : session.media) {
    demand(media.port == 0 || media.port == self.media.port);
    demand(sdp::endpoint_of(session, media)->address == self.media.address);
    for (const auto& line : media.lines)
      demand(line.type != 'c' && !(line.type == 'a' && line.value.starts_with("candidate:")));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto session = sdp::parse({reinterpret_cast<const char*>(data), size});
  if (!session) return 0;
  const auto again = sdp::parse(sdp::serialise(*session));
  demand(again && *again == *session);

  const sdp::Self self{7, 2, {IpAddress{0x0a000001}, 10000}};
  for (const auto& media : session->media) {
    sdp::codecs_of(media);
    sdp::event_payload_of(media);
    sdp::direction_of(*session, media);
    for (const auto& crypto : sdp::cryptos_of(media)) {
      demand(crypto.key.reveal().size() == srtp_key_size(crypto.suite));
      demand(sdp::cryptos_of({"audio", 1, "RTP/SAVP", {"0"}, {sdp::crypto_line(crypto)}}).front() == crypto);
    }
  }
  // Whatever is set, no key but ours is in what goes out.
  sdp::SrtpKeys keys;
  for (std::size_t i = 0; i < srtp_suites; ++i)
    keys[i] = Secret{std::string(srtp_key_size(static_cast<SrtpSuite>(i)), 'k')};
  for (const auto srtp : {Srtp::off, Srtp::optional, Srtp::required}) {
    const sdp::Self sealed{7, 2, {IpAddress{0x0a000001}, 10000}, srtp, &keys};
    auto written = std::vector{sdp::reword(*session, sealed), sdp::reword_answer(*session, *session, sealed)};
    if (auto answer = sdp::answer_g711(*session, sealed)) written.push_back(std::move(*answer));
    for (const auto& description : written)
      for (const auto& media : description.media)
        for (const auto& crypto : sdp::cryptos_of(media))
          demand(srtp != Srtp::off && crypto.key == keys[static_cast<std::size_t>(crypto.suite)]);
  }
  const auto reworded = sdp::reword(*session, self);
  demand(reworded.media.size() == session->media.size());
  if (reworded.lines.size() <= 500) demand_ours(reworded, self);
  const auto mended = sdp::reword_answer(*session, reworded, self);
  demand(mended.media.size() == session->media.size());
  if (const auto answer = sdp::answer_g711(*session, self)) {
    demand(answer->media.size() == session->media.size());
    demand_ours(*answer, self);
  }
  return 0;
}
