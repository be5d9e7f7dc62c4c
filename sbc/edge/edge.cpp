#include "sbc/edge/edge.hpp"

#include <algorithm>

namespace roamdesk::sbc {
namespace {

// 2xx, or a request of the core's own; a challenge or a refusal proves nothing.
bool proves(std::string_view message) {
  if (!message.starts_with("SIP/")) return true;
  return message.starts_with("SIP/2.0 2");
}

}  // namespace

Edge::Edge(Settings settings)
    : settings_(settings),
      per_source_(settings.per_source),
      newcomers_({.per_second = settings.newcomers_per_second, .burst = settings.newcomers_burst, .sources = 1}),
      flows_(settings.flows) {}

std::optional<Edge::Accepted> Edge::handle_message(const net::FlowKey& key, std::string_view message, TimePoint now) {
  const bool stream = key.transport != sip::Transport::udp;
  const Verdict verdict = inspect(message, stream ? settings_.stream : settings_.datagram);
  const auto known = flows_.find(key);
  switch (verdict) {
    case Verdict::pass:
      break;
    case Verdict::keepalive:
      ++counters_.keepalives;
      if (known) flows_.touch(key, *known, now);
      return std::nullopt;
    case Verdict::too_large:
      ++counters_.too_large;
      return std::nullopt;
    case Verdict::nul_byte:
      ++counters_.nul_byte;
      return std::nullopt;
    case Verdict::not_sip:
      ++counters_.not_sip;
      return std::nullopt;
    case Verdict::too_many_headers:
      ++counters_.too_many_headers;
      return std::nullopt;
  }
  if (!per_source_.allow(key.peer.address, now)) {
    ++counters_.over_rate;
    return std::nullopt;
  }
  // Asked before the table changes: a flood that is over its rate evicts nothing.
  if ((!known || !flows_.is_proven(*known)) && !newcomers_.allow({}, now)) {
    ++counters_.over_rate;
    return std::nullopt;
  }
  const auto touched = flows_.touch(key, next_, now);
  if (!touched) {
    ++counters_.no_room;
    return std::nullopt;
  }
  if (touched->opened) next_ += 2;
  ++counters_.passed;
  return Accepted{static_cast<std::uint32_t>(touched->number), touched->opened};
}

std::optional<net::FlowKey> Edge::handle_from_core(std::uint32_t flow, std::string_view message) {
  const auto key = flows_.find(flow);
  if (key && proves(message)) flows_.prove(flow);
  return key;
}

bool Edge::open_from_core(const net::FlowKey& key, std::uint32_t flow, const std::vector<Endpoint>& faces,
                          TimePoint now) {
  if (flow % 2 == 0 || key.peer.port == 0 || key.peer.address.is_unspecified()) return false;
  if (!flows_.find(key)) {
    if (key.transport != sip::Transport::udp) return false;
    if (std::find(faces.begin(), faces.end(), key.face) == faces.end()) return false;
  }
  return flows_.insert(key, flow, now);
}

std::optional<net::FlowKey> Edge::close(std::uint32_t flow) {
  const auto key = flows_.find(flow);
  if (key) flows_.close(flow);
  return key;
}

std::optional<std::uint32_t> Edge::close(const net::FlowKey& key) {
  const auto number = flows_.find(key);
  if (!number) return std::nullopt;
  flows_.close(*number);
  return static_cast<std::uint32_t>(*number);
}

std::vector<Edge::Announced> Edge::renumber() {
  std::vector<Announced> announced;
  flows_.renumber([&](const net::FlowKey& key) {
    const std::uint32_t number = next_;
    next_ += 2;
    announced.push_back({number, key});
    return number;
  });
  return announced;
}

void Edge::handle_timeout(TimePoint now) { flows_.expire(now); }

std::optional<std::uint32_t> Edge::poll_closed() {
  const auto closed = flows_.poll_closed();
  return closed ? std::optional{static_cast<std::uint32_t>(closed->number)} : std::nullopt;
}

}  // namespace roamdesk::sbc
