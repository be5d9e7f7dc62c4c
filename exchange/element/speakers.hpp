#pragma once
#include <optional>

#include "exchange/calls/types.hpp"
#include "exchange/element/registrations.hpp"
#include "exchange/element/speaker.hpp"
#include "exchange/hotdesk/machine.hpp"
#include "exchange/routing/route.hpp"

namespace roamdesk::element {

// For whom a request speaks: collects the facts for exchange/rights, which decides.
class Speakers {
 public:
  Speakers(const Context& context, const Registrations& registrations, const hotdesk::Machine& desks)
      : context_(context), registrations_(registrations), desks_(desks) {}

  // Who sent a request from there with good credentials of `account`.
  Speaker speaker(registrar::Account account, const sip::FlowAddress& from) const;
  // For whom the device's registration would speak: whose calls may ring there.
  std::optional<ExtensionNumber> person_at(const Mac& device) const;

  calls::Caller caller_of(const Speaker& speaker) const;
  routing::Dialler dialler_of(const Speaker& speaker) const;
  // The rights with which its leg began, whatever has become of the desk since.
  routing::Dialler dialler_of(const calls::Caller& caller) const;

 private:
  const Context& context_;
  const Registrations& registrations_;
  const hotdesk::Machine& desks_;
};

}  // namespace roamdesk::element
