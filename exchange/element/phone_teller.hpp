#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>

#include "common/base/timers.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/element/context.hpp"
#include "exchange/element/senders.hpp"
#include "exchange/registrar/registrar.hpp"

namespace roamdesk::element {

// Tells registered phones to fetch their configuration anew: NOTIFY check-sync over the registered flow, answered with
// the registration's own credentials where the phone challenges it (reference/provisioning.md §6).
class PhoneTeller {
 public:
  struct Ports {
    std::function<std::optional<sip::Flow>(const Mac&)> flow_of;
    std::function<const registrar::Binding*(const Mac&)> binding_of;
    std::function<std::optional<Credentials>(const std::string& digest_user)> credentials_of;
    std::function<bool(const Mac&)> busy;
    std::function<void(const Mac&, bool unanswered)> failed;  // no 2xx; none at all, or no way there
  };
  PhoneTeller(Context& context, sip::TransactionLayer& transactions, Ports ports)
      : context_(context), transactions_(transactions), ports_(std::move(ports)) {}

  // Now, whatever the phone is doing; the hot-desk machine knows when.
  void tell(const Mac& device, std::string_view event);
  // As soon as it has no call (dedicated phones).
  void tell_when_free(const Mac& device, std::string_view event);
  void device_free(const Mac& device);
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
  Context& context_;
  sip::TransactionLayer& transactions_;
  Ports ports_;
  std::map<sip::ClientTx, Telling> under_way_;
  Timers<sip::ClientTx> patience_;
  std::map<Mac, std::string> waiting_;
};

}  // namespace roamdesk::element
