#include "common/base/places.hpp"

#include <algorithm>
#include <tuple>

namespace roamdesk {

std::optional<Places::Entered> Places::enter(IpAddress from, bool vouched, TimePoint now) {
  const auto address = addresses_.try_emplace(from.source()).first;
  const bool known = vouched || remembers(from, now);
  if (address->second.places == 0) address->second.known = known;
  const bool counts_as_known = address->second.known;
  const std::size_t share = counts_as_known ? limits_.per_known_address : limits_.per_address;
  const std::size_t free_to_all = limits_.in_all - std::min(limits_.in_all, limits_.reserved);

  ++address->second.places;  // the newcomer takes part in the comparison
  const Place* gives_way = nullptr;
  bool full = false;
  if (address->second.places > share) {
    full = true;
    gives_way = yielding(&address->second, true);
  } else if (places_.size() >= limits_.in_all) {
    full = true;
    gives_way = yielding(nullptr, false);
    if (gives_way == nullptr && counts_as_known) gives_way = yielding(nullptr, true);
  } else if (!counts_as_known && strangers_ >= free_to_all) {
    full = true;
    gives_way = yielding(nullptr, false);
  }
  Entered entered;
  if (gives_way != nullptr) entered.gives_way = gives_way->id;
  if (full && gives_way == nullptr) {
    if (--address->second.places == 0) addresses_.erase(address);
    return std::nullopt;
  }
  if (entered.gives_way) leave(*entered.gives_way);
  entered.place = Id{++last_};
  places_.push_back({entered.place, address, Standing::fresh});
  if (!counts_as_known) ++strangers_;
  return entered;
}

const Places::Place* Places::yielding(const Address* only, bool known_too) const {
  const Place* first = nullptr;
  // More places, less standing; of equals the one that came first stays in.
  const auto before = [](const Place& a, const Place& b) {
    return std::tuple(b.address->second.places, a.standing) < std::tuple(a.address->second.places, b.standing);
  };
  for (const Place& place : places_) {
    if (place.standing == Standing::stays) continue;
    if (only != nullptr ? &place.address->second != only : place.address->second.known && !known_too) continue;
    if (first == nullptr || before(place, *first)) first = &place;
  }
  return first;
}

void Places::leave(Id id) {
  const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& place) { return place.id == id; });
  if (found == places_.end()) return;
  const auto address = found->address;
  if (!address->second.known) --strangers_;
  places_.erase(found);
  if (--address->second.places == 0) addresses_.erase(address);
}

void Places::set_standing(Id id, Standing standing) {
  for (Place& place : places_)
    if (place.id == id) place.standing = standing;
}

void Places::remember(IpAddress from, TimePoint now) {
  const IpAddress address = from.source();
  if (remembered_.size() >= limits_.remembered && !remembered_.contains(address)) {
    const auto oldest = std::min_element(remembered_.begin(), remembered_.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
    remembered_.erase(oldest);
  }
  remembered_[address] = now;
}

bool Places::remembers(IpAddress address, TimePoint now) const {
  const auto found = remembered_.find(address.source());
  return found != remembered_.end() && now - found->second < limits_.remembers_for;
}

std::size_t Places::of(IpAddress address) const {
  const auto found = addresses_.find(address.source());
  return found == addresses_.end() ? 0 : found->second.places;
}

}  // namespace roamdesk
