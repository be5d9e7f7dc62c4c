#include "common/edge/edge.hpp"

#include <algorithm>

namespace roamdesk::edge {
namespace {

constexpr std::size_t slice = 500;  // flows that end in one go: some 0.2 ms

}  // namespace

Edge::Edge(Settings settings)
    : settings_(std::move(settings)),
      newcomers_(settings_.newcomers),
      flows_(settings_.flows),
      next_(settings_.first_number) {}

std::optional<Edge::Accepted> Edge::handle_message(const net::FlowKey& key, std::string_view message, TimePoint now) {
  const bool stream = key.transport != sip::Transport::udp;
  const Verdict verdict = inspect(message, stream ? settings_.stream : settings_.datagram);
  const auto known = flows_.find(key);
  switch (verdict) {
    case Verdict::pass:
      break;
    case Verdict::keepalive:
      ++counters_.keepalives;
      if (known) flows_.touch(key, known->number, now);
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
  // Asked before the table changes: a flood that is over its rate evicts nothing.
  if (!is_heard(key, message, known, now)) return std::nullopt;
  const auto touched = flows_.touch(key, next_, now);
  if (!touched) {
    ++counters_.no_room;
    return std::nullopt;
  }
  if (touched->opened) next_number();
  ++counters_.passed;
  return Accepted{touched->number, touched->opened};
}

// Each flow with credentials has a rate of its own: what others send in its address's name costs it nothing.
bool Edge::is_heard(const net::FlowKey& key, std::string_view message,
                    const std::optional<net::FlowTable::Known>& known, TimePoint now) {
  net::TokenBucket* const bucket = known ? flows_.bucket(known->number) : nullptr;
  if (known && known->standing != sip::Standing::unproven) {
    const bool heard = bucket->take(rate_of(known->standing), now);
    if (!heard) ++counters_.over_rate;
    return heard;
  }
  const bool heard = newcomers_.admit({key, message, flows_.is_home(key.peer.address), bucket}, now);
  if (!heard) ++counters_.newcomers_over_rate;
  return heard;
}

const net::Rate& Edge::rate_of(sip::Standing standing) const {
  if (standing == sip::Standing::peer) return settings_.peer;
  return standing == sip::Standing::registered ? settings_.registered : settings_.proven;
}

std::uint64_t Edge::next_number() {
  const std::uint64_t number = next_;
  next_ += settings_.step;
  return number;
}

std::uint64_t Edge::open_connection(const net::FlowKey& key, TimePoint now) {
  if (const auto known = flows_.find(key)) return known->number;
  const std::uint64_t number = next_number();
  flows_.touch(key, number, now);
  return number;
}

std::optional<std::uint64_t> Edge::find(const net::FlowKey& key) const {
  const auto known = flows_.find(key);
  return known ? std::optional{known->number} : std::nullopt;
}

bool Edge::open_from_core(const net::FlowKey& key, std::uint64_t flow, const std::vector<Endpoint>& faces,
                          TimePoint now) {
  if (flow % 2 == 0 || key.peer.port == 0 || key.peer.address.is_unspecified()) return false;
  if (!flows_.find(key)) {
    // A phone has no certificate that could be checked.
    if (key.transport == sip::Transport::tls) return false;
    if (std::find(faces.begin(), faces.end(), key.face) == faces.end()) return false;
  }
  return flows_.insert(key, flow, now);
}

std::optional<net::FlowKey> Edge::close(std::uint64_t flow) {
  const auto key = flows_.find(flow);
  if (key) flows_.close(flow);
  return key;
}

std::optional<std::uint64_t> Edge::close(const net::FlowKey& key) {
  const auto known = flows_.find(key);
  if (!known) return std::nullopt;
  flows_.close(known->number);
  return known->number;
}

std::vector<Edge::Announced> Edge::renumber() {
  std::vector<Announced> announced;
  flows_.renumber([&](const net::FlowKey& key) {
    announced.push_back({next_number(), key});
    return announced.back().flow;
  });
  return announced;
}

bool Edge::handle_timeout(TimePoint now) {
  if (flows_.expire(now, slice)) return true;
  newcomers_.handle_timeout(now);
  return false;
}

Edge::Counters Edge::counters() const {
  Counters counters = counters_;
  counters.proven_gave_way = flows_.evicted_proven();
  counters.gave_way = flows_.evicted_newcomers() + counters.proven_gave_way;
  return counters;
}

}  // namespace roamdesk::edge
