#pragma once
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "common/sip/transaction_layer.hpp"
#include "exchange/element/context.hpp"
#include "exchange/element/upstream_pickups.hpp"
#include "exchange/element/upstreams.hpp"
#include "exchange/presence/subscription_server.hpp"
#include "exchange/routing/route.hpp"

namespace roamdesk::element {

// Lamps that other exchanges feed: the mailboxes of accounts there, and the calls of numbers that live there. Runs the
// subscriptions of exchange/upstream; what they are told goes to our own notifier.
class UpstreamLamps {
 public:
  UpstreamLamps(Context& context, sip::TransactionLayer& transactions, Outside& outside, Upstreams& upstreams,
                presence::SubscriptionServer& presence)
      : context_(context),
        transactions_(transactions),
        outside_(outside),
        upstreams_(upstreams),
        presence_(presence),
        pickups_(context.unique) {}

  // What a person watches there whose calls to a number take this route: who may call it may watch it. nullopt where
  // it is no upstream's.
  std::optional<presence::Watched> target_of(const routing::Route& route) const;
  // Whether that upstream can be asked about it: there is a bound to its subscriptions.
  bool takes(const presence::Watched& watched) const;
  // The number as that exchange has it, and as a person dials it.
  static std::string called(const presence::Watched& watched);
  // The calls that ring there, as lamps name them.
  const UpstreamPickups& pickups() const { return pickups_; }
  // A NOTIFY within a dialog; false where it is none of a subscription of ours.
  bool handle_notify(const sip::RequestReceived& e);
  // A NOTIFY of a mailbox that belongs to no subscription.
  void handle_unasked(trunks::TrunkNumber trunk, const sip::Message& notify);
  // What the directory says of the extension has changed. `had_account`: it had one before.
  void handle_extension(const ExtensionNumber& extension, bool had_account);
  void handle_response(const sip::ResponseReceived& e);
  void handle_failure(sip::ClientTx tx, bool timed_out);
  // Carries out what subscriptions want; false where they want nothing.
  bool run();

 private:
  void follow(const presence::WatchChanged& change);
  void perform(trunks::TrunkNumber trunk, upstream::Subscribe&& effect);
  void perform(trunks::TrunkNumber trunk, upstream::MailboxTold&& effect);
  void perform(trunks::TrunkNumber trunk, upstream::CallsTold&& effect);
  void perform(trunks::TrunkNumber trunk, upstream::KindRefused&& effect);

  Context& context_;
  sip::TransactionLayer& transactions_;
  Outside& outside_;
  Upstreams& upstreams_;
  presence::SubscriptionServer& presence_;
  UpstreamPickups pickups_;
  std::map<sip::ClientTx, std::pair<trunks::TrunkNumber, trunks::RequestId>> under_way_;
};

}  // namespace roamdesk::element
