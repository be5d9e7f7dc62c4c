#pragma once
#include <map>
#include <string>
#include <vector>

#include "common/sip/transaction_layer.hpp"
#include "exchange/element/registrations.hpp"
#include "exchange/element/senders.hpp"

namespace roamdesk::element {

// The dialogs of calls that were up when the last process ended. The call went with it; each phone gets a BYE as soon
// as it can be reached: at once, when its SBC is back, or when it registers.
class Orphans {
 public:
  Orphans(Context& context, sip::TransactionLayer& transactions, const Registrations& registrations)
      : context_(context), transactions_(transactions), registrations_(registrations) {}

  void start(std::vector<StoredDialog> dialogs);
  void handle_site_connected(const SiteId& site);
  void handle_registered(const Mac& device);
  // What became of a request of ours.
  void handle_response(sip::ClientTx tx, const sip::Message& response);
  void handle_failure(sip::ClientTx tx, bool timed_out);
  void handle_timeout();
  std::optional<TimePoint> deadline() const { return deadline_; }

  // A phone that hasn't come back by then has no call any more.
  static constexpr std::chrono::minutes patience{30};

 private:
  void end(const StoredDialog& dialog);
  template <class Which>
  void end_those(Which which);
  void forget(const std::string& tag);

  Context& context_;
  sip::TransactionLayer& transactions_;
  const Registrations& registrations_;
  std::map<std::string, StoredDialog> dialogs_;  // by our tag
  std::map<sip::ClientTx, std::string> under_way_;
  std::optional<TimePoint> deadline_;
};

}  // namespace roamdesk::element
