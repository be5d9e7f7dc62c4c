#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>

#include "common/sip/transaction_layer.hpp"
#include "pbx-core/element/context.hpp"
#include "pbx-core/registrar/registrar.hpp"

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
    std::function<void(const Mac&)> failed;  // no 2xx
  };
  PhoneTeller(Context& context, sip::TransactionLayer& transactions, Ports ports)
      : context_(context), transactions_(transactions), ports_(std::move(ports)) {}

  // Now, whatever the phone is doing; the hot-desk machine knows when.
  void tell(const Mac& device, std::string_view event);
  // As soon as it has no call (dedicated phones).
  void tell_when_free(const Mac& device, std::string_view event);
  void device_free(const Mac& device);
  // False: not one of ours.
  bool handle_response(sip::ClientTx tx, const sip::Message& response);
  bool handle_failure(sip::ClientTx tx);

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
  std::map<Mac, std::string> waiting_;
};

}  // namespace roamdesk::element
