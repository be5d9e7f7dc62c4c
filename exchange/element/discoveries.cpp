#include "exchange/element/discoveries.hpp"

#include <algorithm>

namespace roamdesk::element {
namespace {

// What counts as one source in the bounds.
Source counted(const Source& source) { return {source.site, source.ip.source()}; }

}  // namespace

void Discoveries::index(const Mac& mac, const Entry& entry) {
  const Source& source = entry.by.front().source;
  by_source_[counted(source)].emplace(entry.heard, mac);
  by_site_[source.site].emplace(entry.heard, mac);
  by_age_.emplace(entry.heard, mac);
}

void Discoveries::unindex(const Mac& mac, const Entry& entry) {
  const Source& source = entry.by.front().source;
  const auto erase = [&](auto& map, const auto& key) {
    const auto found = map.find(key);
    found->second.erase({entry.heard, mac});
    if (found->second.empty()) map.erase(found);
  };
  erase(by_source_, counted(source));
  erase(by_site_, source.site);
  by_age_.erase({entry.heard, mac});
}

void Discoveries::make_room(const Source& source, std::vector<Mac>& forgotten) {
  const auto give_way = [&](const ByAge& from) {
    const Mac oldest = from.begin()->second;
    forgotten.push_back(oldest);
    remove(oldest);
  };
  if (const auto found = by_source_.find(counted(source));
      found != by_source_.end() && found->second.size() >= limits_.of_source)
    return give_way(found->second);
  if (const auto found = by_site_.find(source.site); found != by_site_.end() && found->second.size() >= limits_.of_site)
    return give_way(found->second);
  if (entries_.size() >= limits_.all) give_way(by_age_);
}

Discoveries::Outcome Discoveries::announce(const Mac& mac, const SiteId& site, const Endpoint& at, const Seen& seen,
                                           const Now& now) {
  Outcome outcome;
  const Source source{site, at.address};
  auto found = entries_.find(mac);
  if (found == entries_.end()) {
    outcome.is_new = true;
    make_room(source, outcome.forgotten);
    found = entries_.emplace(mac, Entry{Phone{.mac = mac}, {}, {}}).first;
    found->second.phone.first_seen = now.wall;
  } else {
    unindex(mac, found->second);
  }
  Entry& entry = found->second;
  const Phone before = entry.phone;
  const auto sources = entry.by.size();
  std::erase_if(entry.by, [&](const Announcement& other) {
    return other.source != source && other.heard + limits_.gives_way <= now.mono;
  });
  const auto mine = std::find_if(entry.by.begin(), entry.by.end(), [&](const auto& a) { return a.source == source; });
  if (mine != entry.by.end()) {
    mine->at = at;
    mine->heard = now.mono;
  } else if (entry.by.size() < most_announcements) {
    entry.by.push_back({source, at, now.mono});
  }
  if (entry.by.front().source == source) {
    entry.phone.site = site;
    entry.phone.address = to_string(at);
    if (seen.vendor != phones::Vendor::unknown) entry.phone.vendor = seen.vendor;
    if (!seen.model.empty()) entry.phone.model = seen.model;
    if (!seen.firmware.empty()) entry.phone.firmware = seen.firmware;
  }
  outcome.changed = outcome.is_new || entry.by.size() != sources || !(entry.phone == before);
  entry.phone.last_seen = now.wall;
  entry.heard = now.mono;
  index(mac, entry);
  return outcome;
}

const Discoveries::Entry* Discoveries::find(const Mac& mac) const {
  const auto found = entries_.find(mac);
  return found == entries_.end() ? nullptr : &found->second;
}

std::vector<Discoveries::Announcement> Discoveries::announced_by(const Mac& mac, TimePoint now) const {
  std::vector<Announcement> live;
  const Entry* entry = find(mac);
  if (!entry) return live;
  std::copy_if(entry->by.begin(), entry->by.end(), std::back_inserter(live),
               [&](const Announcement& a) { return now < a.heard + limits_.gives_way; });
  // The last that was heard, however long ago: it is where the phone was.
  if (live.empty())
    live.push_back(*std::max_element(entry->by.begin(), entry->by.end(),
                                     [](const auto& a, const auto& b) { return a.heard < b.heard; }));
  return live;
}

void Discoveries::remove(const Mac& mac) {
  const auto found = entries_.find(mac);
  if (found == entries_.end()) return;
  unindex(mac, found->second);
  entries_.erase(found);
}

std::vector<Mac> Discoveries::clear(const std::optional<SiteId>& site) {
  std::vector<Mac> gone;
  for (const auto& [mac, entry] : entries_)
    if (!site || entry.phone.site == *site) gone.push_back(mac);
  for (const Mac& mac : gone) remove(mac);
  return gone;
}

std::vector<Mac> Discoveries::handle_timeout(TimePoint now) {
  std::vector<Mac> gone;
  while (!by_age_.empty() && by_age_.begin()->first + limits_.kept <= now) {
    gone.push_back(by_age_.begin()->second);
    remove(gone.back());
  }
  return gone;
}

std::optional<TimePoint> Discoveries::deadline() const {
  if (by_age_.empty()) return std::nullopt;
  return by_age_.begin()->first + limits_.kept;
}

}  // namespace roamdesk::element
