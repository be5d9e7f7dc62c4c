#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "exchange/trunks/trunks.hpp"
#include "exchange/upstream/subscriptions.hpp"
#include "exchange/upstream/upstream.hpp"

namespace roamdesk::upstream {

// All upstreams, the accounts at them, and what they are asked to tell.
class Upstreams {
 public:
  // Where an account is.
  struct Place {
    trunks::TrunkNumber trunk;
    AccountNumber account;
  };
  Upstreams(std::string software, Upstream::Unique unique, Times times = {})
      : software_(std::move(software)), unique_(std::move(unique)), times_(times) {}

  // ---- records, as the directory has them
  // Of a trunk that isn't of kind accounts, and never was: nothing. `first_cseq`: seconds of the wall clock.
  void put_trunk(trunks::TrunkNumber number, const Trunk& trunk, std::uint32_t first_cseq, TimePoint now);
  void remove_trunk(trunks::TrunkNumber number, TimePoint now);
  // `someone`: somebody is there who can answer for the extension. nullopt: there is no such upstream.
  void put(const UpstreamAccount& record, std::optional<trunks::TrunkNumber> trunk, bool someone, TimePoint now);
  void remove(const std::string& extension, TimePoint now);
  void set_someone(const std::string& extension, bool someone, TimePoint now);

  // ---- events
  void handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  std::optional<std::pair<trunks::TrunkNumber, Effect>> poll_effect();
  // After each visit to an upstream: its subscriptions hear what has become of its accounts and its server.
  void follow(TimePoint now);
  std::optional<std::pair<trunks::TrunkNumber, SubscriptionEffect>> poll_subscription_effect();

  // ---- state
  bool empty() const { return all_.empty(); }
  const std::map<trunks::TrunkNumber, Upstream>& all() const { return all_; }
  // nullptr where it is none.
  Upstream* upstream(trunks::TrunkNumber trunk);
  const Upstream* upstream(trunks::TrunkNumber trunk) const;
  // nullptr where it is none.
  Subscriptions* subscriptions(trunks::TrunkNumber trunk);
  const Subscriptions* subscriptions(trunks::TrunkNumber trunk) const;
  // At which upstream a subscription has this tag at our end; nullopt where none has.
  std::optional<trunks::TrunkNumber> of_tag(std::string_view tag) const;
  std::optional<Place> of_extension(std::string_view extension) const;
  // Whose Contact this user part is; nullopt for any that isn't in force.
  std::optional<Place> of_token(std::string_view token) const;
  // nullopt where it is gone.
  std::optional<trunks::TrunkNumber> trunk_of(AccountNumber account) const;
  const Account* account(AccountNumber account) const;
  Account* account(AccountNumber account);

 private:
  std::string software_;
  Upstream::Unique unique_;
  Times times_;
  std::map<trunks::TrunkNumber, Upstream> all_;
  std::map<trunks::TrunkNumber, Subscriptions> subscriptions_;  // of each, and never longer than it
  std::map<std::string, Place, std::less<>> by_extension_;
  std::map<AccountNumber, trunks::TrunkNumber> by_number_;
  std::set<trunks::TrunkNumber> gone_;  // whose accounts take their leave
  std::uint64_t last_ = 0;
};

}  // namespace roamdesk::upstream
