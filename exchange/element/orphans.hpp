#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/timers.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/element/outside.hpp"
#include "exchange/element/registrations.hpp"
#include "exchange/element/senders.hpp"
#include "exchange/element/upstreams.hpp"

namespace roamdesk::element {

// Dialogs without a call: of the last process, whose call doesn't go on, or of this one, whose peer couldn't be told of
// the end. Each phone gets a BYE as soon as it can be reached: at once, when its SBC is back, or when it registers;
// each trunk when a flow to it is open.
class Orphans {
 public:
  Orphans(Context& context, sip::TransactionLayer& transactions, const Registrations& registrations, Outside& outside,
          Upstreams& upstreams)
      : context_(context),
        transactions_(transactions),
        registrations_(registrations),
        outside_(outside),
        upstreams_(upstreams) {}

  void start(std::vector<StoredDialog> dialogs);
  void add(StoredDialog dialog);
  void handle_site_connected(const SiteId& site);
  void handle_registered(const Mac& device);
  // A flow to a trunk's server is open.
  void handle_trunk_reached(const sip::Flow& flow);
  // What became of a request of ours.
  void handle_response(const sip::ResponseReceived& e);
  void handle_failure(sip::ClientTx tx, bool timed_out);
  void handle_timeout();
  std::optional<TimePoint> deadline() const { return deadlines_.earliest(); }

  // A phone that hasn't come back by then has no call any more.
  static constexpr std::chrono::minutes patience{30};

 private:
  void keep(StoredDialog dialog);
  void end(const StoredDialog& dialog);
  template <class Which>
  void end_those(Which which);
  void forget(const std::string& tag);
  std::optional<sip::Message> authorise(trunks::TrunkNumber trunk, const sip::Message& bye,
                                        const sip::Message& challenge);

  Context& context_;
  sip::TransactionLayer& transactions_;
  const Registrations& registrations_;
  Outside& outside_;
  Upstreams& upstreams_;
  std::map<std::string, StoredDialog> dialogs_;  // by our tag
  struct Asked {
    std::string tag;
    sip::Message bye;
    bool challenged = false;
  };
  std::map<sip::ClientTx, Asked> under_way_;
  Timers<std::string> deadlines_;  // of each
};

}  // namespace roamdesk::element
