#pragma once
#include <compare>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "common/base/timers.hpp"
#include "common/phones/mac.hpp"
#include "common/sip/dialog.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/presence/carried_subscription.hpp"
#include "exchange/presence/dialog_info.hpp"

namespace roamdesk::presence {

enum class Package : std::uint8_t { dialog, message_summary };

// Whom a subscription watches: an extension of ours, or a number at another exchange.
struct Watched {
  ExtensionNumber number;
  // That exchange's name; "" for an extension of ours.
  std::string exchange;
  Watched(ExtensionNumber whom, std::string at = {}) : number(std::move(whom)), exchange(std::move(at)) {}
  friend auto operator<=>(const Watched&, const Watched&) = default;
};

// Somebody watches a number at another exchange now, where nobody did before; or nobody does any more.
struct WatchChanged {
  Watched watched;
  bool begun = false;
  // Who is the first to watch it; nullopt at the end.
  std::optional<ExtensionNumber> by{};
};

// Who subscribes, as the element found out (authentication, rights) before it hands the SUBSCRIBE over.
struct Subscriber {
  Mac device;
  SiteId site;
  ExtensionNumber acts_for;  // whose rights it has
  // The Request-URI's user, if it may watch that; else nullopt, and the answer is 404.
  std::optional<Watched> target;
};

struct SubscriptionLimits {
  std::chrono::seconds shortest{60}, longest{3600}, usual{3600};  // Expires: 423 under it, capped, where none is named
  std::size_t per_device = 200;  // keys of a phone with its expansion modules, and its mailbox; as many doubted ones
  std::size_t total = 200'000;
  unsigned burst = 5;  // notifications at once; then one each `pace`, the newest state
  std::chrono::milliseconds pace{500};
};

// Answers a phone's 401/407 to our NOTIFY: the Authorization header's value for `device`, nullopt if it has none.
// `challenge` is the response. (The computation is sip/digest's; the credentials are the registrar's.)
using Authorise = std::function<std::optional<std::string>(const Mac& device, const sip::Message& request,
                                                           const sip::Message& challenge)>;

// The notifier of RFC 6665 for `dialog` (RFC 4235) and `message-summary` (RFC 3842). Sends through the transaction
// layer that it is given; owned by the signalling thread. A subscription has at most one NOTIFY under way: what happens
// meanwhile goes out, as the newest full state, after its answer; so versions rise in the order of arrival.
class SubscriptionServer {
 public:
  // `owner`: of the NOTIFYs that it sends. `unique` gives an unguessable token (tags) at each call. `domain` is
  // sip.domain.
  SubscriptionServer(sip::TransactionLayer& layer, sip::Owner owner, std::string domain,
                     std::function<std::string()> unique, Authorise authorise, SubscriptionLimits limits = {});

  // Which package a SUBSCRIBE asks for; nullopt if it is none that is served here: refuse_package().
  static std::optional<Package> package_of(const sip::Message& subscribe);

  // Refuses a SUBSCRIBE for a package that isn't served here, without asking who sends it: 489 with Allow-Events; 481
  // within a dialog, which can't be ours.
  void refuse_package(sip::ServerTx tx, const sip::Message& request);
  // New, refreshing, fetching (Expires 0 outside a dialog) or ending; answers `tx` in every case: 200, 404, 423, 481,
  // 406, 500 (CSeq), 503 (limits). `request` is for a package that is served here.
  void handle_subscribe(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request, const Subscriber& who,
                        TimePoint now);
  // What became of a NOTIFY of ours.
  void handle_response(sip::ClientTx tx, const sip::Message& response, TimePoint now);
  void handle_failure(sip::ClientTx tx, bool timed_out, TimePoint now);

  // The whole state of whom somebody may watch: all its dialogs.
  void publish(const Watched& watched, std::vector<DialogInfo> dialogs, TimePoint now);
  void publish_mailbox(const ExtensionNumber& mailbox, const MailboxState& state, TimePoint now);

  // A desk changes hands, a device or extension goes: NOTIFY with `terminated;reason=noresource`, and the end. A
  // mailbox subscription's last word is an explicit "no", so that the lamp goes out.
  void end_all_of(const Mac& device, TimePoint now);
  // Likewise, what the device watches at another exchange.
  void end_all_at(const Mac& device, const std::string& exchange, TimePoint now);
  // `reason` (RFC 6665 §4.1.3): `deactivated` where the phone is to ask again at once.
  void end_all_on(const Watched& watched, TimePoint now, const std::string& reason = "noresource");
  // The device has booted: it may know nothing of its subscriptions any more. They stay until it says so, or subscribes
  // to the same again; meanwhile they take no other's place.
  void rebooted(const Mac& device);
  // The flow is gone: its subscriptions stay, silent, until they are moved, refreshed, or run out.
  void handle_flow_closed(sip::FlowId flow, TimePoint now);
  // The device is reached over another flow from now on (it registered again, an SBC came back): the subscriptions that
  // lost theirs tell their newest state there.
  void move(const Mac& device, const sip::Flow& flow, TimePoint now);
  // The same; what there is to tell is told by handle_timeout, whose deadline has come by `pace` at the latest.
  void move(const Mac& device, const sip::Flow& flow);

  // Those on extensions that the next process goes on with.
  std::vector<CarriedSubscription> carried(TimePoint now) const;
  // Goes on with one of the last process, at `flow`; nullopt: where move() brings its device. Its phone is told what is
  // so now, unless it shows nothing and there is nothing. False: it doesn't fit.
  bool adopt(CarriedSubscription carried, const std::optional<sip::Flow>& flow, TimePoint now);

  void handle_timeout(TimePoint now);  // spurious calls do nothing
  std::optional<TimePoint> deadline() const;

  // What changed since it was asked last, in its order.
  std::optional<WatchChanged> poll_watch();

  std::size_t size() const { return subscriptions_.size(); }
  std::size_t size_of(const Mac& device) const;
  bool consistent() const;

 private:
  // Subscriptions are found by our own tag: it is unguessable, while Call-IDs and phones' tags are equal in two
  // branches.
  using Tag = std::string;
  struct Subscription {
    explicit Subscription(Mac whose) : device(whose) {}
    Package package{};
    Watched target{ExtensionNumber{}};
    Mac device;
    SiteId site;
    sip::Flow flow;
    sip::Dialog dialog;
    std::string event_id;  // the Event header's id parameter (RFC 6665 §8.2.1)
    std::uint32_t version = 0;
    TimePoint expires{};
    std::optional<sip::ClientTx> pending;  // the NOTIFY under way
    std::optional<sip::Message> sent;      // for a challenge
    bool challenged = false;
    bool dirty = false;      // there is something to say
    bool detached = false;   // its flow is gone
    bool doubted = false;    // its phone may have forgotten it
    bool ended = false;      // the last NOTIFY is to be sent, or under way
    std::string end_reason;  // "timeout", "noresource"
    unsigned credit = 0;     // of the pacing: notifications that may go out at once
    TimePoint credit_at{};   // when it was counted
  };

  void answer(sip::ServerTx tx, const sip::Message& request, int status, TimePoint now);
  void subscribe_anew(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request, const Subscriber& who,
                      TimePoint now);
  // Makes room for a subscription like this one. False: the device has too many.
  bool supersede(const Mac& device, Package package, const Watched& target, const std::string& event_id, TimePoint now);
  void refresh(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request, const Subscriber& who,
               TimePoint now);
  void accept(sip::ServerTx tx, const sip::Message& request, const Subscription& subscription,
              std::chrono::seconds granted, TimePoint now);
  // nullopt if it is too brief, and answered.
  std::optional<std::chrono::seconds> grant(sip::ServerTx tx, const sip::Message& request, TimePoint now);
  void changed(const Tag& tag, Subscription& subscription, TimePoint now);  // says it now, or when it may
  bool take_credit(Subscription& subscription, TimePoint now) const;
  void send_notify(const Tag& tag, Subscription& subscription, TimePoint now);
  sip::Message build_notify(Subscription& subscription, TimePoint now) const;
  std::string body_of(Subscription& subscription) const;
  bool answer_challenge(const Tag& tag, Subscription& subscription, const sip::Message& response, TimePoint now);
  void settle(const Tag& tag, Subscription& subscription, TimePoint now);  // its NOTIFY is over
  void end(const Tag& tag, std::string reason, TimePoint now);
  void erase(const Tag& tag);
  bool shows_something(const Subscription& subscription) const;
  void rearm(const Tag& tag, const Subscription& subscription);

  sip::TransactionLayer& layer_;
  sip::Owner owner_;
  std::string domain_;
  std::function<std::string()> unique_;
  Authorise authorise_;
  SubscriptionLimits limits_;
  std::unordered_map<Tag, Subscription> subscriptions_;
  std::map<sip::ClientTx, Tag> pending_;
  std::map<Watched, std::set<Tag>> by_target_;
  std::map<Mac, std::set<Tag>> by_device_;
  Timers<Tag> timers_;
  std::map<Watched, std::vector<DialogInfo>> dialogs_;  // of those with at least one
  std::map<ExtensionNumber, MailboxState> mailboxes_;   // those with anything in them
  std::deque<WatchChanged> watch_changes_;
};

}  // namespace roamdesk::presence
