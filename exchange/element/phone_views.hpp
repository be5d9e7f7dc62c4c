#pragma once
#include <optional>

#include "exchange/element/registrations.hpp"
#include "exchange/element/served_addresses.hpp"
#include "exchange/hotdesk/machine.hpp"
#include "exchange/provisioning/service.hpp"

namespace roamdesk::element {

// What each phone should have now: records and the hot-desk machine's wanted state, put together for provisioning.
class PhoneViews : public provisioning::PhoneSource {
 public:
  PhoneViews(const Context& context, const hotdesk::Machine& machine, const provisioning::Provisioner& provisioner,
             const Registrations& registrations, const ServedAddresses& served)
      : context_(context),
        machine_(machine),
        provisioner_(provisioner),
        registrations_(registrations),
        served_(served) {}

  // Who is in a call; nobody, until this is said.
  void use_calls(std::function<bool(const Mac&)> in_call) { in_call_ = std::move(in_call); }

  std::optional<provisioning::AssignedPhone> by_token(std::string_view token) const override;
  std::optional<provisioning::AssignedPhone> by_mac(const Mac& mac) const override;
  bool is_token_of(const Mac& mac, std::string_view token) const override;
  std::optional<provisioning::PhoneView> view(const Mac& mac, const Endpoint& face) const override;
  // The same, seen from where the phone lives.
  std::optional<provisioning::PhoneView> view(const Mac& mac) const;

  // Make and model: a hot desk's are the administrator's, a dedicated phone's its own. Its MAC says who made it; what
  // it says of itself counts only where the MAC is no vendor's.
  phones::Vendor vendor_of(const Phone& phone) const;
  // Whether we can write its configuration.
  bool can_serve(const Phone& phone) const;
  phones::Model model_of(const Phone& phone) const;
  // Whether HTTPS is set where it lives, and it is one of those that can be told to trust our authority.
  bool wants_https(const Phone& phone) const;
  HttpsState https_state(const Phone& phone) const;
  // Lines of an administrator's own for this model's files; `instead`: in place of the record of its key.
  std::vector<std::string> own_lines_of(const phones::Model& model, const Snippet* instead = nullptr) const;

 private:
  ProvisioningScheme scheme_at(const SiteId& site) const;
  std::optional<provisioning::PhoneView> view_at(const Mac& mac, std::optional<IpAddress> at) const;
  static void show_srtp(Srtp srtp, const door::Front& front, provisioning::PhoneView& view);
  void show_desk(const HotDesk& desk, provisioning::PhoneView& view) const;
  void show_person(const Extension& extension, const Credentials& credentials, provisioning::PhoneView& view) const;

  const Context& context_;
  const hotdesk::Machine& machine_;
  const provisioning::Provisioner& provisioner_;
  const Registrations& registrations_;
  const ServedAddresses& served_;
  std::function<bool(const Mac&)> in_call_;
};

}  // namespace roamdesk::element
