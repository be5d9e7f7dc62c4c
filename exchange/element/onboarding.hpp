#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/base/timers.hpp"
#include "common/phones/pnp.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/element/asking_allowance.hpp"
#include "exchange/element/desks.hpp"
#include "exchange/element/discoveries.hpp"
#include "exchange/element/phone_views.hpp"
#include "exchange/element/refusals.hpp"
#include "exchange/element/senders.hpp"

namespace roamdesk::element {

// From an unknown phone to one that has its configuration: SIP plug-and-play, the URL, the fetch, and what is
// done where one of them doesn't come (docs/contract.md §4).
class Onboarding {
 public:
  Onboarding(Context& context, sip::TransactionLayer& transactions, const PhoneViews& views,
             const provisioning::Provisioner& provisioner, ServedAddresses& served, Desks& desks);

  // After the start: where the phones were, as their records say.
  void restore();
  // True: it was a SUBSCRIBE for ua-profile, and is answered.
  bool handle_subscribe(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request);
  door::HttpAnswer handle_http(const door::HttpRequest& request);
  // `moved_to`: where it is now, unless that hasn't changed.
  void phone_registered(const Mac& mac, const std::optional<Endpoint>& moved_to);
  // Its registration there has ended without its doing.
  void phone_left(const Mac& mac, const sip::FlowAddress& flow, const std::string& contact);
  // Credentials that came from there are unknown: a phone that was configured for what it isn't any more, or whose
  // credentials are of after the backup that was restored, and that will be served when it fetches.
  void phone_refused(const sip::FlowAddress& flow, const sip::Message& request);
  void handle_timeout();
  std::optional<TimePoint> deadline() const;

  // Its record says that it is assigned and that the window is open, for the first that asks or for its address only.
  void window_opened(const Mac& mac);
  // Tells it the URL, where it has asked for one.
  void send_url(const Mac& mac);
  // The desk is another person's from now on, or no one's: so is its URL. The phone fetches by the one that it has.
  void redraw_token(const Mac& mac);
  // A reset phone: a new token and window, durable, then the URL.
  void renew_token(const Mac& mac);
  void forget(const Mac& mac);
  // Who is to hear that a phone was given firmware.
  void on_firmware(std::function<void(const Mac&)> fetched) { firmware_fetched_ = std::move(fetched); }

  // ---- phones that aren't assigned
  const Discoveries& discoveries() const { return discoveries_; }
  // As it was seen, or as it was before it was unassigned; nullopt if it is assigned, or was never seen.
  std::optional<Phone> unassigned(const Mac& mac) const;
  std::size_t clear_discoveries(const std::optional<SiteId>& site);

  bool has_fetched(const Mac& mac) const { return fetched_.contains(mac); }
  bool was_registered(const Mac& mac) const { return registered_.contains(mac); }

  static constexpr std::chrono::seconds fetch_time{15};

 private:
  // The dialog of a phone's last SUBSCRIBE.
  struct Asked {
    sip::FlowAddress flow;
    sip::Message subscribe;
    std::string to_tag;
    std::uint32_t cseq = 0;
  };
  // Where a phone was registered last.
  struct Left {
    sip::FlowAddress flow;
    sip::Message contact;  // as make_restart_notify wants it
    std::optional<TimePoint> told;
  };
  void announced(const Mac& mac, const SiteId& site, const Endpoint& at, const Discoveries::Seen& seen);
  void asked_again(const Phone& phone, const sip::Flow& flow, Asked asked, bool by_unicast);
  Asked* asked_by(const Phone& phone);
  void send_url(const Mac& mac, Asked& asked);
  void resync(const Phone& phone, Left& left, bool reboot);
  void send(const sip::Flow& flow, sip::Message notify);
  void gone(const std::vector<Mac>& macs);
  void on(const provisioning::Fetched& e);
  void on(const provisioning::Shown& e);
  void on(const provisioning::RedirectFetched& e);
  void on(const provisioning::UnassignedAsked& e, const SiteId& site);
  // It was served: what it says of itself, and that no other will be in this window.
  Context::PhoneChange learning(const std::optional<phones::UserAgent>& agent, const Endpoint& peer) const;

  Context& context_;
  sip::TransactionLayer& transactions_;
  const PhoneViews& views_;
  provisioning::ProvisioningService service_;
  ServedAddresses& served_;
  Desks& desks_;
  AskingAllowance asking_, unknown_;  // by plug-and-play; by HTTP, for MACs that aren't assigned
  Discoveries discoveries_;
  Refusals refusals_;
  std::map<Mac, std::map<Source, Asked>> asked_;
  std::map<Mac, Source> told_;  // the one of them that the URL was sent to
  std::map<Mac, Left> left_;
  std::map<sip::FlowAddress, Mac> left_at_;
  std::map<Source, Mac> restored_at_;
  Timers<Mac> fetch_deadlines_;
  std::unordered_set<Mac> fetched_, registered_;
  std::function<void(const Mac&)> firmware_fetched_;
  std::map<Mac, unsigned> unheard_;                         // fetches in a row without a registration
  static constexpr std::chrono::seconds refused_pause{60};  // between two NOTIFYs to a phone that is refused
  static constexpr std::size_t most_left = 10'000;
};

}  // namespace roamdesk::element
