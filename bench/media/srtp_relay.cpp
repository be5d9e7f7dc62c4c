#include <cstdio>
#include <cstdlib>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/media/engine.hpp"

// The media plane of an SBC with calls that it bridges at home: one phone of each by RTP, the other by SRTP.
// `srtp_relay FACE CALLER CALLEE PORT COUNT LOOP`: addresses count up from CALLER and CALLEE, all phones have their RTP
// at PORT, LOOP is auto, io_uring or epoll. Prints where each caller has to send to, then which loop it has, then "up",
// and ends with its standard input.
namespace roamdesk::bench {
namespace {

IpAddress address(const char* text) {
  const auto parsed = parse_ipv4(text);
  if (!parsed) throw std::runtime_error(std::string{text} + ": not an address");
  return *parsed;
}

IpAddress next(IpAddress first, int count) { return {first.v4() + static_cast<std::uint32_t>(count)}; }

int run(IpAddress face, IpAddress callers, IpAddress callees, std::uint16_t port, int count, media::LoopKind loop) {
  constexpr std::uint16_t first_port = 20000;
  constexpr auto suite = SrtpSuite::aes_cm_128_hmac_sha1_80;
  const Secret key{std::string(srtp_key_size(suite), 'k')};
  const media::PromptLibrary prompts;
  std::binary_semaphore settled{0};
  const auto report = [&](const std::vector<media::Event>& events) {
    for (const auto& event : events) {
      if (const auto* failed = std::get_if<media::StreamFailed>(&event)) throw std::runtime_error(failed->why);
      if (std::holds_alternative<media::PlayEnded>(event)) settled.release();
    }
  };
  media::Engine sbc{{.home = tunnel::link::MediaPeer{}, .loop = loop}, prompts, nullptr, report};
  for (int i = 0; i < count; ++i) {
    const media::StreamId open{static_cast<std::uint32_t>(2 * i + 1)}, sealed{static_cast<std::uint32_t>(2 * i + 2)};
    const Endpoint to_caller{face, static_cast<std::uint16_t>(first_port + 4 * i)},
        to_callee{face, static_cast<std::uint16_t>(first_port + 4 * i + 2)};
    const auto caller = next(callers, i), callee = next(callees, i);
    sbc.post(media::OpenStream{open, local_site(), to_caller});
    sbc.post(media::SetRemote{.stream = open, .rtp = {caller, port}, .signalling = caller});
    sbc.post(media::OpenStream{sealed, local_site(), to_callee});
    sbc.post(media::SetRemote{
        .stream = sealed, .rtp = {callee, port}, .signalling = callee, .srtp = media::Sealing{suite, key, key}});
    sbc.post(media::Connect{open, sealed});
    std::printf("%s %s %u\n", to_string(caller).c_str(), to_string(face).c_str(), unsigned{to_caller.port});
  }
  // A prompt that isn't there ends when everything before it was carried out.
  sbc.post(media::Play{media::StreamId{1}, {"none"}});
  settled.acquire();
  std::printf("loop %s %s\nup\n", std::string{word_of(sbc.loops().kind)}.c_str(), sbc.loops().why_not.c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}

}  // namespace
}  // namespace roamdesk::bench

int main(int argc, char** argv) {
  using namespace roamdesk;
  using namespace roamdesk::bench;
  if (argc != 7) return std::fputs("srtp_relay FACE CALLER CALLEE PORT COUNT LOOP\n", stderr), 2;
  return run(address(argv[1]), address(argv[2]), address(argv[3]), static_cast<std::uint16_t>(std::atoi(argv[4])),
             std::atoi(argv[5]), roamdesk::value_of<media::LoopKind>(argv[6]).value_or(media::LoopKind::automatic));
}
