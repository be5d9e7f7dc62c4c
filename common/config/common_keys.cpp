#include "common/config/common_keys.hpp"

namespace roamdesk::config {

void read_rtp_ports(Section& section, std::string_view key, PortRange& out) {
  section.read(key, out);
  const auto node = section.child(key);
  if (node && out.last - out.first < 3)
    node->refuse(
        "expected at least 4 ports: a call has two legs, a leg has an even port for RTP and the next for RTCP");
}

void read_media_loop(Section& media, media::LoopKind& out) {
  using enum media::LoopKind;
  media.read_choice<media::LoopKind>(
      "loop", out, {{word_of(automatic), automatic}, {word_of(io_uring), io_uring}, {word_of(epoll), epoll}});
}

void read_media_threads(Section& media, std::optional<std::size_t>& out) {
  constexpr std::uint16_t most_threads = 16;
  const auto node = media.child("threads");
  if (!node || (node->tree().kind == Tree::Kind::scalar && node->tree().text == "auto")) return;
  std::uint16_t count = 0;
  Faults faults;
  if (read_value(Node{node->tree(), node->name(), faults}, count) && count <= most_threads)
    out = count;
  else
    node->refuse("expected auto, or a number from 1 to 16");
}

void read_operations(Section& root, log::Settings& log, std::optional<Endpoint>& metrics) {
  root.read("log", log);
  root.read("metrics", metrics);
}

}  // namespace roamdesk::config
