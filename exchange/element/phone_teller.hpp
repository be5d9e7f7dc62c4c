#pragma once
#include <map>
#include <string>
#include <unordered_set>

#include "common/base/timers.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/element/desks.hpp"
#include "exchange/element/registrations.hpp"
#include "exchange/element/senders.hpp"

namespace roamdesk::element {

// Tells registered phones to fetch their configuration again: NOTIFY check-sync over the registered flow, answered with
// the registration's own credentials where the phone challenges it.
class PhoneTeller {
 public:
  PhoneTeller(Context& context, sip::TransactionLayer& transactions, const Registrations& registrations, Desks& desks)
      : context_(context), transactions_(transactions), registrations_(registrations), desks_(desks) {}

  // Now, whatever the phone is doing; the hot-desk machine knows when.
  void tell(const Mac& device, std::string_view event);
  // As soon as it has no call (dedicated phones).
  void tell_when_free(const Mac& device, std::string_view event);
  // In how many dialogs the phone is now. True if it has got its first one, or lost its last.
  bool handle_dialogs(const Mac& device, std::size_t count);
  bool is_busy(const Mac& device) const { return busy_.contains(device); }
  // What became of a request of ours.
  void handle_response(sip::ClientTx tx, const sip::Message& response);
  void handle_failure(sip::ClientTx tx);
  void handle_timeout();
  std::optional<TimePoint> deadline() const { return patience_.earliest(); }

  // A phone that answers none of the retransmissions of this time isn't there (RFC 3261's own timer takes 32 s, in
  // which the hot-desk machine would try its other ways for nothing).
  static constexpr std::chrono::seconds patience{10};

 private:
  struct Telling {
    Mac device;
    std::string digest_user;
    sip::Message request;
    bool challenged = false;
  };
  void failed(const Mac& device, bool unanswered);  // no 2xx; or no answer at all, or no way there

  Context& context_;
  sip::TransactionLayer& transactions_;
  const Registrations& registrations_;
  Desks& desks_;
  std::map<sip::ClientTx, Telling> under_way_;
  Timers<sip::ClientTx> patience_;
  std::map<Mac, std::string> waiting_;  // for the end of their calls
  std::unordered_set<Mac> busy_;
};

}  // namespace roamdesk::element
