#include "exchange/element/phone_views.hpp"

#include "common/phones/vendor_facts.hpp"
#include "exchange/element/wanted_srtp.hpp"
#include "exchange/firmware/offer.hpp"
#include "exchange/model/location_of.hpp"
#include "exchange/provisioning/tokens.hpp"
#include "exchange/routing/emergency_numbers.hpp"

namespace roamdesk::element {

phones::Vendor PhoneViews::vendor_of(const Phone& phone) const {
  if (const HotDesk* desk = context_.directory.desk_of(phone.mac); desk && !phone.extension) return desk->vendor;
  const auto by_mac = phones::vendor_of(phone.mac);
  return by_mac == phones::Vendor::unknown ? phone.vendor : by_mac;
}

bool PhoneViews::can_serve(const Phone& phone) const { return phones::is_supported(vendor_of(phone)); }

phones::Model PhoneViews::model_of(const Phone& phone) const {
  const HotDesk* desk = phone.extension ? nullptr : context_.directory.desk_of(phone.mac);
  return provisioner_.models().find(vendor_of(phone), desk ? desk->model : phone.model.str());
}

std::optional<provisioning::AssignedPhone> PhoneViews::by_mac(const Mac& mac) const {
  const Phone* phone = context_.directory.phone(mac);
  if (!phone || !phone->assigned || phone->token.empty()) return std::nullopt;
  provisioning::AssignedPhone assigned{mac, phone->site, vendor_of(*phone), phone->token.str(), phone->window_until};
  assigned.registered_at = registrations_.address_of(mac);
  assigned.only_by_tls = phone->https == HttpsStep::settled && wants_https(*phone);
  const auto served = served_.find(mac);
  assigned.window_taken = phone->window_taken || served;
  if (served)
    assigned.known_at = served;
  else if (const auto at = parse_endpoint(phone->address))
    assigned.known_at = at->address;
  if (!context_.directory.all<FirmwareTurn>().empty())
    if (const auto offer = firmware::offer_of(context_.directory, model_of(*phone), mac))
      assigned.firmware = offer->files;
  assigned.in_call = in_call_ && in_call_(mac);
  return assigned;
}

ProvisioningScheme PhoneViews::scheme_at(const SiteId& site) const {
  const Sbc* sbc = context_.directory.sbc(site.value());
  return sbc && sbc->provisioning ? *sbc->provisioning : context_.settings().provisioning;
}

bool PhoneViews::wants_https(const Phone& phone) const {
  return scheme_at(phone.site) == ProvisioningScheme::https && !context_.options.authority.empty() &&
         phones::can_fetch_by_https(model_of(phone));
}

HttpsState PhoneViews::https_state(const Phone& phone) const {
  if (scheme_at(phone.site) == ProvisioningScheme::http) return HttpsState::off;
  if (!wants_https(phone)) return HttpsState::unable;
  const auto front = context_.world.front(phone.site, std::nullopt);
  const bool offered = !front || front->https.port != 0;
  switch (phone.https) {
    case HttpsStep::none:
      return offered ? HttpsState::waiting : HttpsState::unavailable;
    case HttpsStep::authority:
      return offered ? HttpsState::trying : HttpsState::unavailable;
    case HttpsStep::reached:
      return HttpsState::ready;
    case HttpsStep::settled:
      return HttpsState::settled;
    case HttpsStep::refused:
      return HttpsState::refused;
  }
  return HttpsState::off;
}

bool PhoneViews::is_token_of(const Mac& mac, std::string_view token) const {
  const Phone* phone = context_.directory.phone(mac);
  return phone && provisioning::is_token_of(*phone, token);
}

std::optional<provisioning::AssignedPhone> PhoneViews::by_token(std::string_view token) const {
  const Phone* phone = context_.directory.phone_by_token(token);
  return phone ? by_mac(phone->mac) : std::nullopt;
}

std::optional<provisioning::PhoneView> PhoneViews::view(const Mac& mac, const Endpoint& face) const {
  return view_at(mac, face.address);
}

std::optional<provisioning::PhoneView> PhoneViews::view(const Mac& mac) const {
  const HotDesk* desk = context_.directory.desk_of(mac);
  return view_at(mac, desk ? desk->sbc_address : std::nullopt);
}

std::optional<provisioning::PhoneView> PhoneViews::view_at(const Mac& mac, std::optional<IpAddress> at) const {
  const Phone* phone = context_.directory.phone(mac);
  if (!phone || !phone->assigned || !can_serve(*phone)) return std::nullopt;
  const HotDesk* desk = phone->extension ? nullptr : context_.directory.desk_of(mac);
  // A desk at a site with several networks is pointed at the address that its administrator chose.
  auto front = context_.world.front(phone->site, desk && desk->sbc_address ? desk->sbc_address : at);
  if (!front) front = context_.world.front(phone->site, std::nullopt);
  if (!front) return std::nullopt;

  provisioning::PhoneView view{.model = model_of(*phone), .mac = mac};
  view.sip = front->sip;
  view.provisioning = front->provisioning;
  if (wants_https(*phone)) view.https = front->https;
  view.step = phone->https;
  view.ntp = front->ntp;
  view.token = phone->token.str();
  view.admin_password = phone->web_password;
  const auto offer = in_call_ && in_call_(mac) ? std::nullopt : firmware::offer_of(context_.directory, view.model, mac);
  if (offer) {
    view.firmware_file = offer->main;
    view.firmware_version = offer->version;
  }
  view.own_lines = own_lines_of(view.model);
  view.domain = context_.options.domain;
  const Settings& settings = context_.settings();
  view.hot_desk_code = settings.hot_desk_code;
  view.logout_code = settings.logout_code;
  view.emergency_numbers =
      routing::emergency_numbers(context_.codes(), location_of(context_.directory, settings, phone->site, mac));
  std::string zone = context_.world.local_time_zone();
  if (const Sbc* sbc = context_.directory.sbc(phone->site.value())) zone = sbc->time_zone;

  const Srtp srtp = wanted_srtp(context_, mac, phone->site);
  if (desk) {
    const DeskOptions& options = desk->options;
    zone = options.time_zone.value_or(zone);
    view.language = options.language.value_or("en");
    view.codecs = options.codecs;
    view.ring_tone = options.ring_tone.value_or("");
    view.backlight = options.backlight.value_or("");
    view.desk_name = options.name.value_or("");
    if (options.transport == sip::Transport::tcp) view.transport = sip::Transport::tcp;
    if (options.transport == sip::Transport::tls && front->sips.port != 0) {
      view.transport = sip::Transport::tls;
      view.sip = front->sips;
    }
    if (!options.transport || srtp == Srtp::required) show_srtp(srtp, *front, view);
    if (view.transport == sip::Transport::tls) view.srtp = srtp;
    show_desk(*desk, view);
  } else if (phone->extension && phone->credentials) {
    const Extension* extension = context_.directory.extension(*phone->extension);
    if (!extension) return std::nullopt;
    view.occupancy = provisioning::Occupancy::dedicated;
    show_srtp(srtp, *front, view);
    show_person(*extension, *phone->credentials, view);
    const auto* binding = registrations_.find(mac);
    view.keeps_state = binding != nullptr && binding->aor_user == extension->number.value();
  } else {
    return std::nullopt;
  }
  const Zone told = context_.world.zone(zone);
  view.time_zone = told.name;
  view.utc_offset_minutes = told.utc_offset_minutes;
  view.daylight_saving = told.daylight_saving;
  view.clock_changes = told.clock_changes;
  return view;
}

std::vector<std::string> PhoneViews::own_lines_of(const phones::Model& model, const Snippet* instead) const {
  std::vector<std::string> texts;
  const auto& snippets = context_.directory.all<Snippet>();
  if (snippets.empty() && instead == nullptr) return texts;
  // The vendor's first: the model's win.
  for (const auto& key : {std::string{phones::to_string(model.vendor)}, firmware::pin_key(model.vendor, model.name)})
    if (instead != nullptr && instead->model == key)
      texts.push_back(instead->text);
    else if (const auto found = snippets.find(key); found != snippets.end())
      texts.push_back(found->second.text);
  return texts;
}

// Its keys are in its signalling, so that this has to be TLS. Where there is no TLS to be had, a phone isn't told to
// show its keys to everybody.
void PhoneViews::show_srtp(Srtp srtp, const door::Front& front, provisioning::PhoneView& view) {
  if (srtp == Srtp::off || front.sips.port == 0) return;
  view.transport = sip::Transport::tls;
  view.sip = front.sips;
  view.srtp = srtp;
}

void PhoneViews::show_desk(const HotDesk& desk, provisioning::PhoneView& view) const {
  const auto state = machine_.view(desk.id);
  view.generation = state ? state->generation : 0;
  if (state && state->session) {
    if (const Extension* extension = context_.directory.extension(state->session->extension)) {
      view.occupancy = provisioning::Occupancy::occupied_desk;
      view.keeps_state = state->registered && state->registered_as == state->session->id;
      return show_person(*extension, state->session->credentials, view);
    }
  }
  view.occupancy = provisioning::Occupancy::idle_desk;
  view.account = {desk.id.value(), desk.idle.user.str(), desk.idle.password, desk.id.value(), desk.id.value()};
}

void PhoneViews::show_person(const Extension& extension, const Credentials& credentials,
                             provisioning::PhoneView& view) const {
  view.account = {extension.number.value(), credentials.user.str(), credentials.password, extension.number.value(),
                  extension.name};
  view.keys = extension.keys;
}

}  // namespace roamdesk::element
