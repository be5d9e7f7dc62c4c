#include "exchange/element/element.hpp"

#include <algorithm>

#include "exchange/element/accounts.hpp"
#include "exchange/element/peers.hpp"

namespace roamdesk::element {

Element::Element(World& world, Unique unique, Options options, const provisioning::Provisioner& provisioner,
                 hotdesk::Rules rules, Secret nonce_key)
    : world_(world),
      context_(world, unique, std::move(options)),
      transactions_({}, unique),
      authenticator_(context_, std::move(nonce_key)),
      calls_(
          transactions_, *this, unique,
          {.domain = context_.options.domain, .software = context_.options.software, .owner = owner_of(Sender::calls)}),
      presence_(transactions_, owner_of(Sender::presence), context_.options.domain, unique,
                [this](const Mac& device, const sip::Message& request, const sip::Message& challenge) {
                  return authorise(device, request, challenge);
                }),
      desks_(context_, *this, rules),
      dialogues_(context_, calls_, desks_),
      teller_(context_, transactions_,
              {[this](const Mac& mac) { return flow_of(mac); }, [this](const Mac& mac) { return registrar_.find(mac); },
               [this](const std::string& user) -> std::optional<Credentials> {
                 const auto account = account_of(context_.directory, user);
                 if (!account) return std::nullopt;
                 return Credentials{account->digest_user, account->password};
               },
               [this](const Mac& mac) { return dialogs_.contains(mac); },
               [this](const Mac& mac, bool unanswered) {
                 if (const HotDesk* desk = context_.directory.desk_of(mac))
                   desks_.submit(hotdesk::TellFailed{desk->id, unanswered});
               }}),
      views_(
          context_, desks_.machine(), provisioner, [this](const Mac& mac) { return registered_at(mac); },
          [this](const Mac& mac) { return onboarding_.served_at(mac); }),
      onboarding_(context_, transactions_, views_, provisioner,
                  {[this](const HotDesk& desk) { desks_.submit(hotdesk::PhoneReset{desk.id}); },
                   [this](const HotDesk& desk, std::uint64_t generation) {
                     desks_.submit(hotdesk::PhoneFetched{desk.id, generation});
                   }}),
      orphans_(context_, transactions_, [this](const Mac& mac) { return flow_of(mac); }),
      qualifier_(
          context_, transactions_,
          {[this](const Mac& mac) { return flow_of(mac); }, [this](const Mac& mac) { return registrar_.find(mac); },
           [this](const Mac& mac) { world_.publish(PhoneChanged{mac}); }}) {}

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
  const auto* binding = registrar_.find(device);
  const auto account = binding ? account_of(context_.directory, binding->digest_user) : std::nullopt;
  if (!account) return std::nullopt;
  const auto header =
      sip::authorise(request, challenge, {account->digest_user, account->password}, 1, context_.unique());
  return header ? std::optional{header->value} : std::nullopt;
}

void Element::handle_flow_closed(const sip::Flow& flow, Now now) {
  const Turn turn{*this, now};
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

provisioning::HttpAnswer Element::handle_http(const provisioning::HttpRequest& request, Now now) {
  const Turn turn{*this, now};
  return onboarding_.handle_http(request);
}

bool Element::shut_down(Now now) {
  const Turn turn{*this, now};
  return calls_.end_ringing(now.mono) > 0;
}

void Element::handle_site_disconnected(const SiteId& site, Now now) {
  const Turn turn{*this, now};
  if (!away_.insert(site).second) return;
  line_deadlines_.set(site, now.mono + line_patience);
  for (const auto& [device, binding] : registrar_.all())
    if (binding.flow.site == site) world_.publish(PhoneChanged{device});
}

bool Element::is_online(const Mac& device) const {
  const auto* binding = registrar_.find(device);
  return binding && !away_.contains(binding->flow.site) && !qualifier_.is_gone(device);
}

std::size_t Element::phones_online() const {
  if (away_.empty()) return registrar_.size() - qualifier_.gone();
  return static_cast<std::size_t>(std::count_if(registrar_.all().begin(), registrar_.all().end(),
                                                [this](const auto& entry) { return is_online(entry.first); }));
}

void Element::handle_site_connected(const SiteId& site, Now now) {
  const Turn turn{*this, now};
  line_deadlines_.clear(site);
  if (away_.erase(site) > 0)
    for (const auto& [device, binding] : registrar_.all())
      if (binding.flow.site == site) world_.publish(PhoneChanged{device});
  // Bindings attach themselves again: each is reached over a flow of the new session from its next message on.
  for (const auto& [device, binding] : registrar_.all())
    if (binding.flow.site == site)
      if (const auto flow = world_.find_or_open(binding.flow)) {
        world_.prove(binding.flow, sip::Standing::registered);
        presence_.move(device, *flow, now.mono);
      }
  std::erase_if(unprobed_, [&](const auto& entry) {
    if (entry.second != site) return false;
    calls_.probe(peer_of(entry.first), now.mono);
    return true;
  });
  orphans_.handle_site_connected(site);
}

void Element::stored(std::uint64_t ticket, bool ok, Now now) {
  const Turn turn{*this, now};
  context_.stored(ticket, ok);
}

void Element::pin_checked(std::uint64_t check, bool right, Now now) {
  const Turn turn{*this, now};
  desks_.pin_checked(check, right);
}

void Element::handle_timeout(Now now) {
  const Turn turn{*this, now};
  transactions_.handle_timeout(now.mono);
  for (const auto& gone : registrar_.handle_timeout(now.mono)) {
    world_.release(gone.flow);
    onboarding_.phone_left(gone.device, gone.flow, gone.contact);
    binding_gone(gone.device, gone.aor_user, true);
    // Behind a dead line nobody's silence means anything: its calls are asked after when the line is back.
    if (away_.contains(gone.flow.site))
      unprobed_.emplace(gone.device, gone.flow.site);
    else
      calls_.probe(peer_of(gone.device), now.mono);
  }
  calls_.handle_timeout(now.mono);
  presence_.handle_timeout(now.mono);
  desks_.handle_timeout();
  dialogues_.handle_timeout();
  onboarding_.handle_timeout();
  teller_.handle_timeout();
  orphans_.handle_timeout();
  qualifier_.handle_timeout();
  while (const auto site = line_deadlines_.pop_due(now.mono)) calls_.end_across(*site, now.mono);
  for (const auto& [source, more] : emergencies_.handle_timeout(now.mono))
    context_.audit("emergency_call", "phone", source, "", std::to_string(more) + " more within a minute");
  for (const auto& [source, more] : takeovers_.handle_timeout(now.mono))
    context_.audit("call.takeover_refused", "phone", source, "", std::to_string(more) + " more within a minute");
  for (const auto& [source, more] : strangers_.handle_timeout(now.mono))
    context_.audit("phone.impostor", "phone", source, "", std::to_string(more) + " more within a minute");
}

std::optional<TimePoint> Element::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& deadline :
       {transactions_.deadline(), registrar_.deadline(), calls_.deadline(), presence_.deadline(), desks_.deadline(),
        dialogues_.deadline(), onboarding_.deadline(), teller_.deadline(), orphans_.deadline(), qualifier_.deadline(),
        line_deadlines_.earliest(), emergencies_.deadline(), takeovers_.deadline(), strangers_.deadline()})
    if (deadline && (!earliest || *deadline < *earliest)) earliest = deadline;
  return earliest;
}

void Element::trim_history() {
  const WallTime now = context_.now.wall;
  if (history_trimmed_ && now >= *history_trimmed_ && now < *history_trimmed_ + std::chrono::hours{1}) return;
  history_trimmed_ = now;
  context_.commit({TrimHistory{now - std::chrono::days{settings().audit_days}}});
}

void Element::check_clock(Now now) {
  const Turn turn{*this, now};
  trim_history();
  const auto checked = std::exchange(clock_checked_, now.wall);
  const auto time = settings().automatic_logout;
  if (!time) return;
  for (const auto& [id, session] : std::map{directory().sessions()}) {
    const HotDesk* desk = directory().desk(id);
    if (!desk) continue;
    const Sbc* sbc = directory().sbc(desk->site.value());
    const auto strike = world_.last_strike(sbc ? sbc->time_zone : world_.local_time_zone(), *time);
    if (!strike || *strike <= checked || session.since >= *strike) continue;
    desks_.log_out(id, hotdesk::EndReason::automatic, "clock", desk->site.value(), nullptr);
  }
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
  if (registrar_.find(mac)) {
    if (const HotDesk* desk = context_.directory.desk_of(mac))
      desks_.submit(hotdesk::ContentChanged{desk->id});
    else
      content_changed(mac, now);
  } else {
    onboarding_.send_url(mac);
  }
}

void Element::content_changed(const Mac& mac, Now now) {
  const Turn turn{*this, now};
  const Phone* phone = context_.directory.phone(mac);
  if (const HotDesk* desk = context_.directory.desk_of(mac); desk && !(phone && phone->extension))
    desks_.submit(hotdesk::ContentChanged{desk->id});
  else if (phone && registrar_.find(mac))
    teller_.tell_when_free(mac, phones::resync_event(views_.vendor_of(*phone), false));
}

void Element::forget(const Mac& mac, Now now) {
  const Turn turn{*this, now};
  onboarding_.forget(mac);
  presence_.end_all_of(mac, now.mono);
  if (const auto* binding = registrar_.find(mac)) {
    onboarding_.phone_left(mac, binding->flow, binding->contact);
    world_.delete_binding(mac, binding->aor_user);
    world_.release(binding->flow);
    registrar_.remove(mac);
    qualifier_.handle_unregistered(mac);
  }
}

void Element::extension_gone(const ExtensionNumber& extension, Now now) {
  const Turn turn{*this, now};
  presence_.end_all_on(extension, now.mono);
}

void Element::tell_phone(const HotDesk& desk, hotdesk::Telling how) {
  const auto vendor = phones::parse_vendor(desk.vendor);
  teller_.tell(desk.mac, phones::resync_event(vendor, how == hotdesk::Telling::reboot));
}

void Element::renew_token(const HotDesk& desk) { onboarding_.renew_token(desk.mac); }
void Element::redraw_token(const HotDesk& desk) { onboarding_.redraw_token(desk.mac); }

// The lamps of whoever it acted for were theirs; they end now, and the phone subscribes anew as what it becomes.
void Element::end_lamps(const HotDesk& desk) { presence_.end_all_of(desk.mac, context_.now.mono); }

std::vector<Key> Element::keys_not_shown(const Mac& mac) const {
  const auto view = views_.view(mac);
  return view ? provisioning::lay_out_keys(*view).not_shown : std::vector<Key>{};
}

}  // namespace roamdesk::element
