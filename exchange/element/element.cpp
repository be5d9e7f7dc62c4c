#include "exchange/element/element.hpp"

#include <algorithm>

#include "exchange/element/accounts.hpp"
#include "exchange/element/peers.hpp"

namespace roamdesk::element {

Element::Element(World& world, Unique unique, Options options, const provisioning::Provisioner& provisioner,
                 hotdesk::Rules rules, Secret nonce_key)
    : world_(world),
      context_(world, unique, std::move(options)),
      transactions_({.ends = std::chrono::seconds{1}}, unique),
      registrations_(context_),
      authenticator_(context_, std::move(nonce_key)),
      calls_(
          transactions_, *this, unique,
          {.domain = context_.options.domain, .software = context_.options.software, .owner = owner_of(Sender::calls)}),
      presence_(transactions_, owner_of(Sender::presence), context_.options.domain, unique,
                [this](const Mac& device, const sip::Message& request, const sip::Message& challenge) {
                  return authorise(device, request, challenge);
                }),
      desks_(context_, *this, rules),
      speakers_(context_, registrations_, desks_.machine()),
      dialogues_(context_, calls_, desks_),
      teller_(context_, transactions_, registrations_, desks_),
      views_(context_, desks_.machine(), provisioner, registrations_, served_),
      onboarding_(context_, transactions_, views_, provisioner, served_, desks_),
      outside_(context_, transactions_, registrations_,
               [this](const sip::Flow& flow) { orphans_.handle_trunk_reached(flow); }),
      upstreams_(context_, transactions_, outside_),
      upstream_lamps_(context_, transactions_, outside_, upstreams_, presence_),
      trunk_calls_(context_, outside_, upstreams_),
      test_calls_(context_, transactions_, outside_, trunk_calls_,
                  {[this](const SiteId& site, IpAddress face) { return allocate_media(site, face, {}); },
                   [this](const SiteId& site, Endpoint endpoint) { release_media(site, endpoint); }}),
      orphans_(context_, transactions_, registrations_, outside_, upstreams_),
      qualifier_(context_, transactions_, registrations_),
      emergency_(context_, registrations_, speakers_, calls_, outside_, trunk_calls_),
      telling_(context_, calls_, [this](const ExtensionNumber& number) { return targets_of(number); }),
      call_log_(context_, trace_, emergency_, outside_, upstreams_, dialogues_),
      clock_(context_, desks_),
      firmware_(context_, views_,
                {.is_online = [this](const Mac& mac) { return is_online(mac); },
                 .is_in_call = [this](const Mac& mac) { return teller_.is_busy(mac); },
                 .tell = [this](const Mac& mac, bool reboot) { tell_of_firmware(mac, reboot); }}),
      takeovers_(context_, "call.takeover_refused"),
      strangers_(context_, "phone.impostor"),
      outsiders_(context_, "trunk.refused") {
  onboarding_.on_firmware([this](const Mac& mac) { firmware_.fetched(mac); });
  views_.use_calls([this](const Mac& mac) { return teller_.is_busy(mac); });
  context_.extension_changed = [this](const ExtensionNumber& extension) {
    const bool had_account = upstreams_.accounts().of_extension(extension.value()).has_value();
    upstreams_.handle_extension(extension);
    upstream_lamps_.handle_extension(extension, had_account);
  };
}

Element::Turn::Turn(Element& element, Now now) : element_(element) {
  element_.context_.now = now;
  ++element_.turns_;
}

Element::Turn::~Turn() {
  if (element_.turns_ == 1) {
    element_.drain();
    element_.world_.wake_at(element_.deadline());
  }
  --element_.turns_;
}

std::optional<std::string> Element::authorise(const Mac& device, const sip::Message& request,
                                              const sip::Message& challenge) {
  const auto* binding = registrations_.find(device);
  const auto account = binding ? account_of(context_.directory, binding->digest_user.str()) : std::nullopt;
  if (!account) return std::nullopt;
  const auto header =
      sip::authorise(request, challenge, {account->digest_user, account->password}, 1, context_.unique());
  return header ? std::optional{header->value} : std::nullopt;
}

void Element::handle_flow_closed(const sip::Flow& flow, Now now, std::string_view why) {
  const Turn turn{*this, now};
  outside_.handle_flow_closed(flow.id, why);
  upstreams_.handle_flow_closed(flow.id, why);
  transactions_.handle_flow_closed(flow.id, now.mono);
  calls_.handle_flow_closed(flow.id, now.mono);
  presence_.handle_flow_closed(flow.id, now.mono);
}

void Element::handle_media(const media::Event& event, Now now) {
  const Turn turn{*this, now};
  if (const auto* failed = std::get_if<media::StreamFailed>(&event))
    world_.publish(Trouble{"media.stream_failed", std::to_string(failed->stream.value()), failed->why});
  calls_.handle_media(event, now.mono);
}

void Element::located(LookupId lookup, const names::Located& located, Now now) {
  const Turn turn{*this, now};
  outside_.handle_located(lookup, located);
}

door::HttpAnswer Element::handle_http(const door::HttpRequest& request, Now now) {
  const Turn turn{*this, now};
  return onboarding_.handle_http(request);
}

bool Element::shut_down(Now now) {
  const Turn turn{*this, now};
  return calls_.end_ringing(now.mono) > 0 || calls_.is_settling();
}

void Element::stored(StoreTicket ticket, bool ok, Now now) {
  const Turn turn{*this, now};
  context_.stored(ticket, ok);
}

void Element::pin_checked(hotdesk::AttemptId attempt, bool right, Now now) {
  const Turn turn{*this, now};
  desks_.pin_checked(attempt, right);
}

void Element::handle_timeout(Now now) {
  const Turn turn{*this, now};
  transactions_.handle_timeout(now.mono);
  for (const auto& gone : registrations_.handle_timeout()) {
    onboarding_.phone_left(gone.device, gone.flow, gone.contact);
    registration_gone(gone.device, true);
    // It may have lost its calls too; behind a dead line its silence means nothing yet.
    if (lines_.is_down(gone.flow.site))
      lines_.ask_later(gone.device, gone.flow.site);
    else
      calls_.probe(peer_of(gone.device), now.mono);
  }
  calls_.handle_timeout(now.mono);
  presence_.handle_timeout(now.mono);
  desks_.handle_timeout();
  dialogues_.handle_timeout();
  onboarding_.handle_timeout();
  teller_.handle_timeout();
  outside_.handle_timeout();
  upstreams_.handle_timeout();
  orphans_.handle_timeout();
  qualifier_.handle_timeout();
  while (const auto site = lines_.pop_given_up(now.mono)) calls_.end_across(*site, now.mono);
  emergency_.handle_timeout();
  takeovers_.handle_timeout();
  strangers_.handle_timeout();
  outsiders_.handle_timeout();
  trunk_calls_.handle_timeout();
  test_calls_.handle_timeout();
  if (const auto mac = one_by_one_.pop(now.mono)) content_changed(*mac, now);
}

std::optional<TimePoint> Element::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& deadline :
       {transactions_.deadline(), registrations_.deadline(), calls_.deadline(),      presence_.deadline(),
        desks_.deadline(),        dialogues_.deadline(),     onboarding_.deadline(), teller_.deadline(),
        orphans_.deadline(),      qualifier_.deadline(),     lines_.deadline(),      emergency_.deadline(),
        takeovers_.deadline(),    strangers_.deadline(),     outside_.deadline(),    outsiders_.deadline(),
        upstreams_.deadline(),    trunk_calls_.deadline(),   test_calls_.deadline(), one_by_one_.deadline()})
    if (deadline && (!earliest || *deadline < *earliest)) earliest = deadline;
  return earliest;
}

void Element::check_clock(Now now) {
  const Turn turn{*this, now};
  clock_.check();
  firmware_.check();
}

void Element::look_at_firmware(Now now) {
  const Turn turn{*this, now};
  firmware_.look();
}

void Element::tell_of_firmware(const Mac& mac, bool reboot) {
  if (reboot)
    restart_phone(mac, context_.now);
  else
    content_changed(mac, context_.now);
}

void Element::submit(hotdesk::Event event, Now now) {
  const Turn turn{*this, now};
  desks_.submit(std::move(event));
}

void Element::log_in(const HotDeskId& desk, const ExtensionNumber& extension, std::string actor, std::string origin,
                     bool by_console, Desks::LoginDone done, Now now) {
  const Turn turn{*this, now};
  desks_.log_in(desk, extension, Secret{}, by_console ? hotdesk::LoginBy::admin : hotdesk::LoginBy::api,
                std::move(actor), std::move(origin), std::move(done));
}

void Element::log_out(const HotDeskId& desk, hotdesk::EndReason reason, std::string actor, std::string origin,
                      Desks::LogoutDone done, Now now) {
  const Turn turn{*this, now};
  desks_.log_out(desk, reason, std::move(actor), std::move(origin), std::move(done));
}

void Element::commit(Changes changes, std::function<void(bool ok)> then, Now now) {
  const Turn turn{*this, now};
  context_.commit(std::move(changes), std::move(then));
}

void Element::provision(const Mac& mac, Now now) {
  const Turn turn{*this, now};
  onboarding_.window_opened(mac);
  if (registrations_.find(mac)) {
    if (const HotDesk* desk = context_.directory.desk_of(mac))
      desks_.submit(hotdesk::ContentChanged{desk->id});
    else
      content_changed(mac, now);
  } else {
    onboarding_.send_url(mac);
  }
}

void Element::restart_phone(const Mac& mac, Now now) {
  const Turn turn{*this, now};
  if (const Phone* phone = context_.directory.phone(mac))
    teller_.tell_when_free(mac, phones::resync_event(views_.vendor_of(*phone), true));
}

void Element::content_changed(const Mac& mac, Now now) {
  const Turn turn{*this, now};
  const Phone* phone = context_.directory.phone(mac);
  if (const HotDesk* desk = context_.directory.desk_of(mac); desk && !(phone && phone->extension))
    desks_.submit(hotdesk::ContentChanged{desk->id});
  else if (phone && registrations_.find(mac))
    teller_.tell_when_free(mac, phones::resync_event(views_.vendor_of(*phone), false));
}

void Element::content_changed_one_by_one(const std::vector<Mac>& macs, Now now) {
  const Turn turn{*this, now};
  one_by_one_.add(macs, now.mono);
}

void Element::forget(const Mac& mac, Now now) {
  const Turn turn{*this, now};
  onboarding_.forget(mac);
  presence_.end_all_of(mac, now.mono);
  if (const auto gone = registrations_.remove(mac)) {
    onboarding_.phone_left(mac, gone->flow, gone->contact);
    qualifier_.handle_unregistered(mac);
  }
}

void Element::extension_gone(const ExtensionNumber& extension, Now now) {
  const Turn turn{*this, now};
  presence_.end_all_on(extension, now.mono);
}

void Element::test_call(const std::string& trunk, const std::string& number, Now now) {
  const Turn turn{*this, now};
  test_calls_.start(trunk, number);
}

void Element::hang_up(const calls::CallId& call, Now now) {
  const Turn turn{*this, now};
  calls_.hang_up(call, now.mono);
}

void Element::remember(const CallRecord& record, Now now) {
  const Turn turn{*this, now};
  trunk_calls_.remember(record);
}

void Element::trunk_changed(const std::string& name, Now now) {
  const Turn turn{*this, now};
  if (!context_.directory.all<Trunk>().contains(name)) upstreams_.handle_trunk_gone(name);
  outside_.handle_record(name);
  upstreams_.handle_trunk(name);
}

void Element::tell_phone(const HotDesk& desk, hotdesk::Telling how) {
  teller_.tell(desk.mac, phones::resync_event(desk.vendor, how == hotdesk::Telling::reboot));
}

void Element::renew_token(const HotDesk& desk) { onboarding_.renew_token(desk.mac); }
void Element::redraw_token(const HotDesk& desk) { onboarding_.redraw_token(desk.mac); }

// The lamps were those of the person it acted for; they end now, and the phone subscribes again as what it becomes.
void Element::end_lamps(const HotDesk& desk) { presence_.end_all_of(desk.mac, context_.now.mono); }

std::vector<Key> Element::keys_not_shown(const Mac& mac) const {
  const auto view = views_.view(mac);
  return view ? provisioning::lay_out_keys(*view).not_shown : std::vector<Key>{};
}

}  // namespace roamdesk::element
