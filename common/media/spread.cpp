#include "common/media/spread.hpp"

#include <algorithm>

#include "common/base/overloaded.hpp"

namespace roamdesk::media {

Spread::Place* Spread::find(StreamId id) {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &found->second;
}

std::size_t Spread::choose(const OpenStream& open, std::optional<std::size_t> trunk) {
  if (trunk) return *trunk;
  if (open.beside)
    if (const Place* other = find(*open.beside)) return other->thread;
  return static_cast<std::size_t>(std::min_element(streams_.begin(), streams_.end()) - streams_.begin());
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
  std::visit(Overloaded{[&](const OpenStream& open) {
                          if (!find(open.stream)) {
                            const auto thread = choose(open, trunk);
                            places_.emplace(open.stream, Place{thread, {}});
                            ++streams_[thread];
                          }
                          pass(open.stream);
                        },
                        [&](const Connect& both) { connect(both, steps); },
                        [&](const Disconnect& disconnect) {
                          if (Place* const place = find(disconnect.stream)) part(*place, steps);
                          pass(disconnect.stream);
                        },
                        [&](const CloseStream& close) {
                          Place* const place = find(close.stream);
                          if (place) part(*place, steps);
                          pass(close.stream);
                          if (!place) return;
                          --streams_[place->thread];
                          places_.erase(close.stream);
                        },
                        [&](const auto& other) { pass(other.stream); }},
             order);
  return steps;
}

}  // namespace roamdesk::media
