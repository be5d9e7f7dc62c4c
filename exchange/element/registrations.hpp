#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exchange/element/context.hpp"
#include "exchange/registrar/registrar.hpp"

namespace roamdesk::element {

// Who is registered, where, and how to reach them: the registrar, and what the world is told of it (the store's copy of
// the bindings, and how the edges stand to a flow). Everything else that follows from a REGISTER is the element's.
class Registrations {
 public:
  explicit Registrations(Context& context) : context_(context) {}

  // What a REGISTER has changed.
  struct Outcome {
    sip::Message response;
    enum class Change : std::uint8_t { none, registered, unregistered } change{};
    bool moved = false;   // registered: its contact, flow or identity is another one
    bool booted = false;  // registered: it knows nothing of its calls any more (RFC 3261 §10.2.4), or is new
  };
  // `account`: whose credentials it carries, found good.
  Outcome handle_register(const sip::Flow& flow, const sip::Message& request, const registrar::Account& account);
  // Those that have run out; they are no longer there.
  std::vector<registrar::Binding> handle_timeout();
  std::optional<TimePoint> deadline() const { return registrar_.deadline(); }
  // Ends it without the phone's doing; nullopt if it had none.
  std::optional<registrar::Binding> remove(const Mac& device);
  // After a start: a binding as it was stored, for credentials that are still good.
  void restore(const StoredBinding& stored);

  const registrar::Binding* find(const Mac& device) const { return registrar_.find(device); }
  const std::unordered_map<Mac, registrar::Binding>& all() const { return registrar_.all(); }
  std::size_t size() const { return registrar_.size(); }
  const registrar::Registrar& registrar() const { return registrar_; }

  // The flow that it registered over, else a connection to where it listens; nullopt if it isn't registered, or can't
  // be reached now.
  std::optional<sip::Flow> flow_of(const Mac& device) const;
  std::optional<sip::Flow> flow_of(const registrar::Binding& binding) const;
  std::optional<IpAddress> address_of(const Mac& device) const;
  // Whether the device is what sends from `address`: from where it registered, or from another port of its IP if no
  // other is registered at that IP.
  bool is_at(const Mac& device, const sip::FlowAddress& address) const;
  // Which device that is; nullopt if it is none, or several could be it.
  std::optional<Mac> device_at(const sip::FlowAddress& address) const;
  // Which device was registered at this very address within the last day, as this user, where it is so nowhere now, and
  // no device at that IP; nullopt if it is none, or several were.
  std::optional<Mac> left_at(const sip::FlowAddress& address, std::string_view aor_user) const;

 private:
  struct Left {
    sip::FlowAddress flow;
    std::string aor_user;
    TimePoint at{};
  };

  Context& context_;
  registrar::Registrar registrar_;
  std::unordered_map<Mac, Left> left_;  // of devices that aren't registered
};

}  // namespace roamdesk::element
