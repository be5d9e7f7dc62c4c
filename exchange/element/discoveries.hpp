#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "exchange/element/world.hpp"

namespace roamdesk::element {

// Where a phone says it is: its site and IP. At two branches the same IP is two sources.
struct Source {
  SiteId site;
  IpAddress ip{};
  friend auto operator<=>(const Source&, const Source&) = default;
};

// Phones that were seen and aren't assigned, in memory only: any sender can announce any MAC. So they are bounded for
// each source and each site (the one that was heard least recently gives way), and go by themselves after days.
//
// Two sources that announce one MAC are in conflict. The first stays, until it has been silent for `gives_way`: a phone
// with a new address of its DHCP server is no conflict for ever.
class Discoveries {
 public:
  struct Limits {
    std::size_t of_source = 64, of_site = 2000, all = 10'000;
    std::chrono::hours gives_way{24}, kept{24 * 7};
  };
  struct Announcement {
    Source source;
    Endpoint at;  // with the SIP port
    TimePoint heard{};
  };
  struct Entry {
    Phone phone;                   // as the first source says
    std::vector<Announcement> by;  // the first one in front; at most `most_announcements`
    TimePoint heard{};
  };
  // What a phone says of itself; unknown and "" where it says nothing.
  struct Seen {
    phones::Vendor vendor = phones::Vendor::unknown;
    std::string model, firmware;
  };
  struct Outcome {
    bool is_new = false, changed = false;
    std::vector<Mac> forgotten;  // that gave way
  };
  static constexpr std::size_t most_announcements = 4;

  Discoveries() = default;
  explicit Discoveries(Limits limits) : limits_(limits) {}

  Outcome announce(const Mac& mac, const SiteId& site, const Endpoint& at, const Seen& seen, const Now& now);
  const Entry* find(const Mac& mac) const;
  // Those that announced it and haven't been silent for too long: more than one is a conflict.
  std::vector<Announcement> announced_by(const Mac& mac, TimePoint now) const;
  void remove(const Mac& mac);
  // All, or those of one site; returns those that it has forgotten.
  std::vector<Mac> clear(const std::optional<SiteId>& site);
  // Those whose time is over.
  std::vector<Mac> handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  const std::map<Mac, Entry>& all() const { return entries_; }

 private:
  using ByAge = std::set<std::pair<TimePoint, Mac>>;
  void index(const Mac& mac, const Entry& entry);
  void unindex(const Mac& mac, const Entry& entry);
  void make_room(const Source& source, std::vector<Mac>& forgotten);

  Limits limits_;
  std::map<Mac, Entry> entries_;
  std::map<Source, ByAge> by_source_;  // of IPv6, by the network (IpAddress::source)
  std::map<SiteId, ByAge> by_site_;
  ByAge by_age_;
};

}  // namespace roamdesk::element
