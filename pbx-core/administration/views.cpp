#include "exchange/element/call_record.hpp"
#include "exchange/model/location_of.hpp"
#include "exchange/provisioning/key_layout.hpp"
#include "pbx-core/administration/administration.hpp"
#include "pbx-core/administration/line_quality.hpp"

// What GET answers, and what the event stream tells.
namespace roamdesk::administration {
namespace {

api::CallState state_of(roamdesk::calls::CallState state) {
  switch (state) {
    case roamdesk::calls::CallState::ringing:
      return api::CallState::ringing;
    case roamdesk::calls::CallState::up:
      return api::CallState::up;
    case roamdesk::calls::CallState::held:
      return api::CallState::held;
  }
  return api::CallState::ended;
}

}  // namespace

api::EmergencyView Administration::emergency_at(const SiteId& site, const std::optional<Mac>& device) const {
  const auto given = location_given(directory(), settings(), site, device);
  return {given.location ? given.location->name : "", given.by, emergency_route(directory(), given.location)};
}

api::ExtensionView Administration::view(const Extension& extension) const {
  api::ExtensionView view{extension, {}, {}};
  if (const Session* session = directory().session_of(extension.number)) view.logged_in_at.push_back(session->desk);
  if (const auto until = element_.desks().machine().locked_until(extension.number, now_().mono))
    view.locked_until = element_.wall(*until);
  return view;
}

api::PhoneView Administration::view(const Phone& phone) const {
  const auto model = element_.views().model_of(phone);
  // One of a vendor that can't be configured has nothing of ours, whatever an old backup says.
  const bool assigned = phone.assigned && element_.views().can_serve(phone);
  api::PhoneView view{.mac = phone.mac};
  view.vendor = phone.vendor;
  view.model = phone.model;
  view.firmware = phone.firmware;
  view.firmware_ok = phones::firmware_ok(model, phone.firmware);
  const auto* binding = element_.registrar().find(phone.mac);
  view.address = binding ? to_string(binding->flow.peer) : phone.address;
  view.ip = view.address.substr(0, view.address.rfind(':'));
  if (!assigned)
    for (const auto& one : element_.onboarding().discoveries().announced_by(phone.mac, now_().mono))
      view.announced_by.push_back({to_string(one.at), one.source.site});
  view.site = phone.site;
  view.srtp = phone.srtp;
  if (assigned) view.https = element_.views().https_state(phone);
  const auto& onboarding = element_.onboarding();
  if (!assigned)
    view.state = api::PhoneState::new_;
  else if (element_.is_online(phone.mac))
    view.state = api::PhoneState::online;
  else if (binding || (!phone.needs_restart && onboarding.was_registered(phone.mac)))
    view.state = api::PhoneState::offline;
  else if (phone.needs_restart)
    view.state = api::PhoneState::needs_restart;
  else if (onboarding.has_fetched(phone.mac))
    view.state = api::PhoneState::provisioned;
  else
    view.state = api::PhoneState::assigned;
  if (assigned && phone.extension)
    view.assigned_to = *phone.extension;
  else if (const HotDesk* desk = assigned ? directory().desk_of(phone.mac) : nullptr)
    view.assigned_to = desk->id;
  view.emergency_location = phone.extension ? phone.emergency_location.str() : "";
  view.emergency = emergency_at(phone.site, phone.mac);
  return view;
}

api::DeskView Administration::view(const HotDesk& desk) const {
  api::DeskView view{.record = desk};
  const auto state = element_.desks().machine().view(desk.id);
  if (state) {
    switch (state->state) {
      case hotdesk::DeskState::logged_out:
        view.state = api::DeskState::logged_out;
        break;
      case hotdesk::DeskState::logging_in:
        view.state = api::DeskState::logging_in;
        break;
      case hotdesk::DeskState::logged_in:
        view.state = api::DeskState::logged_in;
        break;
    }
    if (state->session) {
      view.extension = state->session->extension;
      view.since = element_.wall(state->session->since);
    }
    view.settled = state->settled;
  }
  if (const auto* binding = element_.registrar().find(desk.mac)) {
    view.registered = true;
    view.registered_as = binding->aor_user;
  }
  view.keys_not_shown = element_.keys_not_shown(desk.mac);
  view.emergency = emergency_at(desk.site, desk.mac);
  return view;
}

api::SbcView Administration::view(const Sbc& sbc) const {
  api::SbcView view{.record = sbc};
  view.since = comings_.sbc_since(sbc.name);
  if (const auto info = door_.sbc(sbc.name)) {
    view.connected = info->connected;
    for (const auto& lan : info->lans) view.lan.push_back(to_string(lan.address));
    view.version = info->version;
    view.package = info->package;
    view.streams = info->streams;
    view.is_run_from_core = info->connected && info->is_run_from_core;
    if (info->uses)
      view.uses = {static_cast<LogLevel>(info->uses->log_level), info->uses->sip_dscp, info->uses->rtp_dscp,
                   info->uses->why};
    if (info->rtt.count() > 0) view.rtt_ms = std::chrono::duration<double, std::milli>(info->rtt).count();
    if (info->connected) {
      view.loss = info->loss;
      if (info->jitter) view.jitter_ms = std::chrono::duration<double, std::milli>(*info->jitter).count();
      if (view.rtt_ms) view.mos = estimated_mos(*view.rtt_ms, view.jitter_ms.value_or(0), info->loss);
    }
  }
  for (const auto& [mac, binding] : element_.registrar().all())
    if (binding.flow.site.value() == sbc.name) ++view.phones;
  view.emergency = emergency_at(SiteId{sbc.name});
  return view;
}

api::CallView Administration::view(const roamdesk::calls::CallInfo& call) const {
  api::CallView view;
  view.id = call.id.value();
  view.from = call.from.number;
  view.to = element::shown_number(call.to.number);
  view.state = state_of(call.state);
  view.since = element_.wall(call.since);
  view.media_at_site = call.from_site == call.to_site && call.from_site != local_site();
  view.emergency = element_.place_of(call);
  view.sites = element_.upstreams().sites_of(call);
  return view;
}

std::vector<api::ExtensionView> Administration::extensions() const {
  std::vector<api::ExtensionView> views;
  for (const auto& [number, extension] : directory().extensions()) views.push_back(view(extension));
  return views;
}
std::optional<api::ExtensionView> Administration::extension(const ExtensionNumber& number) const {
  const Extension* found = directory().extension(number);
  return found ? std::optional{view(*found)} : std::nullopt;
}
std::vector<api::PhoneView> Administration::phones() const {
  std::vector<api::PhoneView> views;
  for (const auto& [mac, phone] : directory().phones())
    views.push_back(view(phone.assigned ? phone : *element_.onboarding().unassigned(mac)));
  for (const auto& [mac, entry] : element_.onboarding().discoveries().all())
    if (!directory().phone(mac)) views.push_back(view(*element_.onboarding().unassigned(mac)));
  return views;
}
std::optional<api::PhoneView> Administration::phone(const Mac& mac) const {
  const Phone* found = directory().phone(mac);
  if (found && found->assigned) return view(*found);
  const auto seen = element_.onboarding().unassigned(mac);
  return seen ? std::optional{view(*seen)} : std::nullopt;
}
std::vector<api::DeskView> Administration::desks() const {
  std::vector<api::DeskView> views;
  for (const auto& [id, desk] : directory().desks()) views.push_back(view(desk));
  return views;
}
std::optional<api::DeskView> Administration::desk(const Mac& mac) const {
  const HotDesk* found = directory().desk_of(mac);
  return found ? std::optional{view(*found)} : std::nullopt;
}
std::vector<api::SbcView> Administration::sbcs() const {
  std::vector<api::SbcView> views;
  for (const auto& [name, sbc] : directory().sbcs()) views.push_back(view(sbc));
  return views;
}
std::optional<api::SbcView> Administration::sbc(const std::string& name) const {
  const Sbc* found = directory().sbc(name);
  return found ? std::optional{view(*found)} : std::nullopt;
}
std::vector<api::CallView> Administration::calls() const {
  std::vector<api::CallView> views;
  for (const auto& call : element_.calls()) views.push_back(view(call));
  return views;
}
std::optional<api::CallMedia> Administration::call_media(const std::string& id) const {
  const auto parties = element_.media(roamdesk::calls::CallId{id});
  if (!parties) return std::nullopt;
  api::CallMedia media;
  for (const auto& one : *parties)
    media.parties.push_back({element::shown_number(one.party.number), one.site, one.codec, one.stream});
  media.at_site = media.parties.size() == 2 && media.parties[0].site == media.parties[1].site &&
                  media.parties[0].site != local_site();
  return media;
}
std::optional<api::Domain::CallTrace> Administration::call_trace(const std::string& id) const {
  auto sip = element_.trace().find(id);
  if (!sip) return std::nullopt;
  CallTrace trace{api::CallState::ended, std::move(*sip)};
  for (const auto& call : element_.calls())
    if (call.id.value() == id) trace.state = state_of(call.state);
  return trace;
}
std::vector<api::ModelView> Administration::models() const {
  std::vector<api::ModelView> views;
  for (const auto& model : provisioner_.models().all()) {
    api::ModelView view;
    view.vendor = model.vendor;
    view.model = model.name;
    view.lines = model.lines;
    view.keys = model.keys;
    if (!model.known_good_firmware.empty()) view.firmware.push_back(model.known_good_firmware);
    view.key_types = provisioning::key_types_of(model);
    view.limits = model.limits;
    view.current_firmware = model.current_firmware;
    views.push_back(std::move(view));
  }
  return views;
}

std::optional<api::FirmwareState> Administration::firmware_state(const std::string& model) const {
  const auto progress = element_.firmware().progress(model);
  if (!progress) return std::nullopt;
  api::FirmwareState state;
  state.wave = word_of(progress->wave);
  state.phones = progress->phones;
  state.done = progress->done;
  state.running = progress->running;
  state.offline = progress->offline;
  state.outside_window = progress->outside_window;
  state.in_call = progress->in_call;
  state.in_use = progress->in_use;
  state.stopped = progress->stopped;
  for (const Mac& mac : progress->failed) {
    const Phone* phone = directory().phone(mac);
    state.failed.push_back({mac, phone ? phone->firmware.str() : ""});
  }
  return state;
}

std::optional<api::TrunkState> Administration::trunk_state(const std::string& name) const {
  const auto& trunks = element_.outside().trunks();
  const auto trunk = trunks.find(name);
  if (!trunk) return std::nullopt;
  const auto status = trunks.machine(*trunk)->status();
  api::TrunkState state;
  state.condition = word_of(status.condition);
  state.reason = status.reason;
  state.since = element_.wall(status.since);
  if (status.next) state.next = element_.wall(*status.next);
  if (status.server) state.server = to_string(status.server->target.endpoint);
  state.calls = trunks.calls(*trunk);
  for (const auto& said : element_.outside().last_registration(name))
    state.registration.push_back({said.at, said.received, to_string(said.peer), said.text});
  if (const auto* upstream = element_.upstreams().accounts().upstream(*trunk)) {
    const auto counts = upstream->counts(now_().mono);
    const auto subscriptions = [&](bool mailboxes) {
      auto of = element_.upstreams().accounts().subscriptions(*trunk)->counts(mailboxes);
      return api::TrunkState::Subscriptions{of.all, of.told, of.refused, std::move(of.reason)};
    };
    state.accounts = api::TrunkState::Accounts{counts.accounts, counts.registered,   counts.refused,
                                               counts.waiting,  subscriptions(true), subscriptions(false)};
  }
  return state;
}

std::optional<api::UpstreamAccountState> Administration::upstream_account_state(const std::string& extension) const {
  const auto& accounts = element_.upstreams().accounts();
  const auto place = accounts.of_extension(extension);
  if (!place) return std::nullopt;
  const auto status = accounts.upstream(place->trunk)->status(*accounts.account(place->account), now_().mono);
  api::UpstreamAccountState state;
  state.condition = word_of(status.condition);
  state.reason = status.reason;
  if (status.next) state.next = element_.wall(*status.next);
  if (status.until) state.until = element_.wall(*status.until);
  return state;
}

void Administration::note_coming(const element::Notice& notice) {
  const WallTime now = now_().wall;
  std::optional<AuditRecord> record;
  if (const auto* up = std::get_if<element::SbcConnected>(&notice)) {
    record = comings_.sbc(up->name, true, "", now);
  } else if (const auto* down = std::get_if<element::SbcDisconnected>(&notice)) {
    record = comings_.sbc(down->name, false, down->why, now);
  } else if (const auto* changed = std::get_if<element::PhoneChanged>(&notice)) {
    const Phone* phone = directory().phone(changed->mac);
    if (!phone || !phone->assigned) return comings_.forget(changed->mac);
    const bool there = element_.is_online(phone->mac);
    const auto info = there || phone->site == local_site() ? std::nullopt : door_.sbc(phone->site.value());
    record = comings_.phone(phone->mac, there, there || phone->site == local_site() || (info && info->connected), now);
  } else if (const auto* trunk = std::get_if<element::TrunkChanged>(&notice)) {
    using enum trunks::Condition;
    const bool lost = trunk->condition == not_located || trunk->condition == refused ||
                      trunk->condition == unreachable || trunk->condition == silent;
    if (lost || trunk->reason.empty()) record = comings_.trunk(trunk->name, !lost, trunk->reason, now);
  }
  if (record) came_or_went_.push_back(AppendAudit{std::move(*record)});
}

void Administration::take_note(const element::Notice& notice) {
  touched_ = true;
  note_coming(notice);
  if (std::holds_alternative<element::SessionStarted>(notice)) history_.login(now_().wall);
  const auto* call = std::get_if<element::CallChanged>(&notice);
  if (call && call->emergency) note_emergency(*call);
  if (call && call->ended) count_call(*call);
}

std::optional<api::Event> Administration::event_of(const element::Notice& notice) const {
  if (const auto* e = std::get_if<element::PhoneDiscovered>(&notice)) {
    if (auto found = phone(e->mac)) return api::PhoneDiscovered{std::move(*found)};
  } else if (const auto* changed = std::get_if<element::PhoneChanged>(&notice)) {
    if (auto found = phone(changed->mac)) return api::PhoneChanged{std::move(*found)};
  } else if (const auto* at = std::get_if<element::DeskChanged>(&notice)) {
    if (const HotDesk* found = directory().desk(at->desk)) return api::HotDeskChanged{view(*found)};
  } else if (const auto* started = std::get_if<element::SessionStarted>(&notice)) {
    const Session& s = started->session;
    if (const HotDesk* found = directory().desk(s.desk))
      return api::SessionStarted{s.id, s.desk, found->mac, s.extension, s.since, found->site};
  } else if (const auto* ended = std::get_if<element::SessionEnded>(&notice)) {
    const Session& s = ended->session;
    if (const HotDesk* found = directory().desk(s.desk))
      return api::SessionEnded{s.id, s.desk, found->mac, s.extension, hotdesk::to_string(ended->reason), found->site};
  } else if (const auto* denied = std::get_if<element::LoginFailed>(&notice)) {
    const HotDesk* found = directory().desk(denied->desk);
    return api::LoginFailed{denied->desk, denied->fault == hotdesk::LoginFault::locked, found ? found->site : SiteId{}};
  } else if (const auto* call = std::get_if<element::CallChanged>(&notice)) {
    auto view = this->view(call->call);
    if (call->began && !call->ended) return api::CallStarted{std::move(view)};
    if (call->ended) return api::CallEnded{std::move(view)};
    return api::CallChanged{std::move(view)};
  } else if (const auto* impostor = std::get_if<element::Impostor>(&notice)) {
    return api::PhoneImpostor{impostor->mac, impostor->desk, impostor->site, to_string(impostor->peer.address),
                              impostor->what};
  } else if (const auto* refused = std::get_if<element::ProvisioningRefused>(&notice)) {
    return api::ProvisioningSuspicious{refused->mac, refused->site, to_string(refused->peer.address), refused->why};
  } else if (const auto* emergency = std::get_if<element::EmergencyCalled>(&notice)) {
    return api::EmergencyCalled{emergency->emergency};
  } else if (const auto* trunk = std::get_if<element::TrunkChanged>(&notice)) {
    return api::TrunkChanged{trunk->name};
  } else if (const auto* up = std::get_if<element::SbcConnected>(&notice)) {
    return api::SbcConnected{up->name};
  } else if (const auto* down = std::get_if<element::SbcDisconnected>(&notice)) {
    return api::SbcDisconnected{down->name, down->why};
  }
  return std::nullopt;
}

}  // namespace roamdesk::administration
