#include "common/media/spread.hpp"

#include <algorithm>

#include "common/base/overloaded.hpp"

namespace roamdesk::media {

Spread::Place* Spread::find(StreamId id) {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &found->second;
}

Spread::Place Spread::choose(const OpenStream& open, std::optional<std::size_t> trunk) {
  if (trunk) return {*trunk, {}, {}};
  const Place* const other = open.beside ? find(*open.beside) : nullptr;
  if (const auto ready = kept_.find(open.local); ready != kept_.end()) {
    const auto thread = ready->second;
    kept_.erase(ready);
    const bool apart = other && other->thread != thread;
    return {thread, {}, apart ? std::nullopt : std::optional{open.local}};
  }
  const auto fewest = std::min_element(streams_.begin(), streams_.end()) - streams_.begin();
  return {other ? other->thread : static_cast<std::size_t>(fewest), {}, open.local};
}

void Spread::open(const OpenStream& order, std::optional<std::size_t> trunk) {
  if (find(order.stream)) return;
  const auto place = choose(order, trunk);
  ++streams_[place.thread];
  places_.emplace(order.stream, place);
}

void Spread::close(const CloseStream& order, std::vector<Step>& steps) {
  Place* const place = find(order.stream);
  if (!place) return steps.push_back({0, order});
  part(*place, steps);
  const bool keeps = place->local && kept_.size() < most_kept_ && kept_.emplace(*place->local, place->thread).second;
  if (keeps)
    steps.push_back({place->thread, Keep{order.stream}});
  else
    steps.push_back({place->thread, order});
  --streams_[place->thread];
  places_.erase(order.stream);
}

// The other half of what crossed isn't connected any more.
void Spread::part(Place& place, std::vector<Step>& steps) {
  if (!place.far) return;
  if (Place* other = find(*place.far)) {
    steps.push_back({other->thread, Disconnect{*place.far}});
    other->far.reset();
  }
  place.far.reset();
}

void Spread::connect(const Connect& order, std::vector<Step>& steps) {
  Place *const a = find(order.a), *const b = find(order.b);
  if (!a || !b || a == b) return;
  part(*a, steps);
  part(*b, steps);
  if (a->thread == b->thread) return steps.push_back({a->thread, order});
  a->far = order.b;
  b->far = order.a;
  steps.push_back({a->thread, Join{order.a, b->thread, order.b}});
  steps.push_back({b->thread, Join{order.b, a->thread, order.a}});
}

std::vector<Step> Spread::handle(const Order& order, std::optional<std::size_t> trunk) {
  std::vector<Step> steps;
  // Of a stream that isn't there: any thread knows what to say to it.
  const auto pass = [&](StreamId id) {
    const Place* const place = find(id);
    steps.push_back({place ? place->thread : 0, order});
  };
  std::visit(
      Overloaded{[&](const OpenStream& begin) {
                   open(begin, trunk);
                   pass(begin.stream);
                 },
                 [&](const Connect& both) { connect(both, steps); },
                 [&](const Disconnect& disconnect) {
                   if (Place* const place = find(disconnect.stream)) part(*place, steps);
                   pass(disconnect.stream);
                 },
                 [&](const CloseStream& end) { close(end, steps); }, [&](const auto& other) { pass(other.stream); }},
      order);
  return steps;
}

}  // namespace roamdesk::media
