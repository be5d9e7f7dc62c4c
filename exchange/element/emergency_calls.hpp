#pragma once
#include <optional>
#include <string>

#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/engine.hpp"
#include "exchange/element/emergency.hpp"
#include "exchange/element/repeated_audit.hpp"
#include "exchange/element/speakers.hpp"

namespace roamdesk::element {

// Calls for help (docs/contract.md §4: never refused, and without credentials): told apart, answered by an announcement
// while no route is configured, and written down with where they came from.
class EmergencyCalls {
 public:
  EmergencyCalls(Context& context, const Registrations& registrations, const Speakers& speakers, calls::Engine& calls)
      : context_(context), registrations_(registrations), speakers_(speakers), calls_(calls) {}

  // The number or service that an INVITE outside of all dialogs asks for help with; nullopt if it is no such call.
  std::optional<std::string> number_of(const sip::RequestReceived& e) const;
  void answer(const sip::RequestReceived& e, const std::string& number);
  // nullopt if it is no emergency call.
  std::optional<EmergencyPlace> place_of(const calls::CallInfo& call) const;
  void handle_timeout() { repeats_.handle_timeout(); }
  std::optional<TimePoint> deadline() const { return repeats_.deadline(); }

 private:
  EmergencyPlace place_of(const sip::FlowAddress& address, const std::optional<Mac>& phone, std::string number) const;

  Context& context_;
  const Registrations& registrations_;
  const Speakers& speakers_;
  calls::Engine& calls_;
  RepeatedAudit repeats_{context_, "emergency_call"};
  EmergencyAllowance told_;
};

}  // namespace roamdesk::element
