#include "exchange/element/onboarding.hpp"

#include "common/phones/pnp_origin.hpp"
#include "exchange/provisioning/reset_policy.hpp"
#include "exchange/provisioning/tokens.hpp"

namespace roamdesk::element {
namespace {

// A phone's SIP port stays what we know of it: by HTTP it comes from any.
Endpoint with_sip_port(const std::string& known, IpAddress ip) {
  const auto before = parse_endpoint(known);
  return {ip, before && before->address == ip ? before->port : std::uint16_t{5060}};
}

}  // namespace

Onboarding::Onboarding(Context& context, sip::TransactionLayer& transactions, const PhoneViews& views,
                       const provisioning::Provisioner& provisioner, ServedAddresses& served, Desks& desks)
    : context_(context),
      transactions_(transactions),
      views_(views),
      service_(provisioner, views, context.options.authority),
      served_(served),
      desks_(desks),
      refusals_(context) {}

void Onboarding::restore() {
  for (const auto& [mac, phone] : context_.directory.phones())
    if (const auto at = parse_endpoint(phone.address); at && phone.assigned)
      restored_at_.insert_or_assign({phone.site, at->address}, mac);
}

bool Onboarding::handle_subscribe(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) {
  if (!request.header("Event").value_or("").starts_with("ua-profile")) return false;
  const auto discovery = phones::discover(request);
  if (!discovery || !asking_.take(flow.address.site, flow.address.peer.address, context_.now.mono)) {
    transactions_.respond_statelessly(tx, sip::make_response(request, discovery ? 503 : 404, "", ""));
    return true;
  }
  const auto tag = context_.unique();
  transactions_.respond(tx, phones::make_pnp_ok(request, tag, flow.address.face), context_.now.mono);
  const Mac& mac = discovery->mac;
  Asked asked{flow.address, request, tag, 0};
  if (const Phone* phone = context_.directory.phone(mac); phone && phone->assigned) {
    asked_again(*phone, flow, std::move(asked), phones::came_by_unicast(request));
    return true;
  }
  announced(mac, flow.address.site, flow.address.peer, {discovery->vendor, discovery->model, discovery->firmware});
  const Source source{flow.address.site, flow.address.peer.address};
  // Bounded with the discoveries; the fifth that announces it is told nothing.
  auto& dialogs = asked_[mac];
  if (dialogs.contains(source) || dialogs.size() < Discoveries::most_announcements)
    dialogs.insert_or_assign(source, std::move(asked));
  return true;
}

void Onboarding::announced(const Mac& mac, const SiteId& site, const Endpoint& at, const Discoveries::Seen& seen) {
  const auto outcome = discoveries_.announce(mac, site, at, seen, context_.now);
  gone(outcome.forgotten);
  if (outcome.is_new) context_.world.publish(PhoneDiscovered{mac});
  if (outcome.changed) context_.world.publish(PhoneChanged{mac});
}

void Onboarding::gone(const std::vector<Mac>& macs) {
  for (const Mac& mac : macs) asked_.erase(mac);
}

std::optional<Phone> Onboarding::unassigned(const Mac& mac) const {
  const Phone* stored = context_.directory.phone(mac);
  if (stored && stored->assigned) return std::nullopt;
  const auto* seen = discoveries_.find(mac);
  if (!seen) return stored ? std::optional{*stored} : std::nullopt;
  Phone phone = stored ? *stored : seen->phone;
  phone.vendor = seen->phone.vendor;
  phone.model = seen->phone.model;
  phone.firmware = seen->phone.firmware;
  phone.last_seen = seen->phone.last_seen;
  // The first that announced it, unless that has given way.
  const auto first = discoveries_.announced_by(mac, context_.now.mono).front();
  phone.site = first.source.site;
  phone.address = to_string(first.at);
  return phone;
}

std::size_t Onboarding::clear_discoveries(const std::optional<SiteId>& site) {
  const auto cleared = discoveries_.clear(site);
  gone(cleared);
  return cleared.size();
}

// An assigned phone asks as if it were unconfigured: its NOTIFY was lost, it was reset, or another pretends to be it.
void Onboarding::asked_again(const Phone& phone, const sip::Flow& flow, Asked asked, bool by_unicast) {
  const auto& [site, transport, face, peer] = flow.address;
  const auto assigned = views_.by_mac(phone.mac);
  const HotDesk* desk = phone.extension ? nullptr : context_.directory.desk_of(phone.mac);
  provisioning::ResetFacts facts;
  facts.right_site = phone.site == site;
  facts.by_multicast = !by_unicast;
  facts.dedicated = desk == nullptr;
  facts.in_window = provisioning::in_window(phone.window_until, context_.now.wall);
  facts.session = desk && context_.directory.session_at(desk->id);
  if (assigned) {
    facts.registered = assigned->registered_at.has_value();
    facts.here = (facts.registered ? assigned->registered_at : assigned->known_at) == peer.address;
    facts.window_taken = assigned->window_taken;
  }
  const auto decision = provisioning::decide_reset(facts);
  if (decision == provisioning::ResetDecision::refuse) {
    refusals_.report(phone.mac, site, peer, facts.right_site ? "plug_and_play" : "wrong_site");
    // The hot-desk machine reports it at the desk.
    if (desk && facts.right_site && facts.registered) desks_.submit(hotdesk::PhoneReset{desk->id});
    return;
  }
  auto& dialogs = asked_[phone.mac];
  const Source source{site, peer.address};
  if (decision == provisioning::ResetDecision::renew || dialogs.size() >= Discoveries::most_announcements)
    dialogs.clear();
  Asked& mine = dialogs.insert_or_assign(source, std::move(asked)).first->second;
  if (decision == provisioning::ResetDecision::notify) return send_url(phone.mac, mine);
  context_.audit("phone.reset", "phone:" + phone.mac.text(), to_string(peer),
                 desk ? desk->id.value() : phone.mac.text());
  if (desk) desks_.submit(hotdesk::PhoneReset{desk->id});
}

void Onboarding::redraw_token(const Mac& mac) {
  context_.change_phone(mac, [fresh = context_.unique(), wall = context_.now.wall](Phone& phone, bool) {
    if (!phone.assigned) return false;
    provisioning::draw_token(phone, fresh, wall);
    return true;
  });
}

void Onboarding::renew_token(const Mac& mac) {
  fetched_.erase(mac);
  served_.erase(mac);
  // Only for the one that has said that it was reset.
  std::optional<Endpoint> asker;
  if (const auto asked = asked_.find(mac); asked != asked_.end() && !asked->second.empty())
    asker = asked->second.begin()->second.flow.peer;
  context_.change_phone(
      mac,
      [fresh = context_.unique(), wall = context_.now.wall, asker](Phone& phone, bool) {
        if (!phone.assigned) return false;
        provisioning::open_window(phone, fresh, wall, asker);
        phone.needs_restart = false;
        return true;
      },
      [this, mac] { send_url(mac); });
}

void Onboarding::window_opened(const Mac& mac) {
  served_.erase(mac);
  discoveries_.remove(mac);
}

// The dialog that came from where the phone is, as its record says; without such a record, the only one at its site.
Onboarding::Asked* Onboarding::asked_by(const Phone& phone) {
  const auto asked = asked_.find(phone.mac);
  if (asked == asked_.end()) return nullptr;
  if (const auto at = parse_endpoint(phone.address)) {
    const auto found = asked->second.find({phone.site, at->address});
    if (found != asked->second.end()) return &found->second;
    if (phone.window_taken) return nullptr;
  }
  const bool one = asked->second.size() == 1 && asked->second.begin()->first.site == phone.site;
  return one ? &asked->second.begin()->second : nullptr;
}

void Onboarding::send_url(const Mac& mac) {
  const Phone* phone = context_.directory.phone(mac);
  if (!phone || !phone->assigned) return;
  if (Asked* asked = asked_by(*phone)) return send_url(mac, *asked);
  const auto left = left_.find(mac);
  if (left == left_.end() || !views_.view(mac)) return;
  // It has a configuration, so it doesn't ask for one; it fetches when it is told.
  resync(*phone, left->second, false);
  fetch_deadlines_.set(mac, context_.now.mono + fetch_time);
}

void Onboarding::send_url(const Mac& mac, Asked& asked) {
  const auto view = views_.view(mac);
  const auto flow = view ? context_.world.find_or_open(asked.flow) : std::nullopt;
  if (!flow) return;
  auto notify = phones::make_pnp_notify(asked.subscribe, asked.to_tag, flow->address.face, flow->address.peer,
                                        provisioning::pnp_url(*view), ++asked.cseq);
  send(*flow, std::move(notify));
  told_.insert_or_assign(mac, Source{asked.flow.site, asked.flow.peer.address});
  fetch_deadlines_.set(mac, context_.now.mono + fetch_time);
}

void Onboarding::resync(const Phone& phone, Left& left, bool reboot) {
  const auto flow = context_.world.find_or_open(left.flow);
  if (!flow || phone.site != left.flow.site) return;
  left.told = context_.now.mono;
  auto notify = phones::make_restart_notify(left.contact, context_.unique(), context_.unique(), flow->address.face,
                                            flow->address.peer, phones::resync_event(views_.vendor_of(phone), reboot));
  send(*flow, std::move(notify));
}

void Onboarding::phone_left(const Mac& mac, const sip::FlowAddress& flow, const std::string& contact) {
  const auto uri = sip::parse_uri(contact);
  if (!uri || left_.size() >= most_left + context_.directory.desks().size()) return;
  sip::NameAddr address;
  address.uri = *uri;
  if (const auto before = left_.find(mac); before != left_.end()) left_at_.erase(before->second.flow);
  Left left{flow, {}, {}};
  left.contact.contact.push_back(std::move(address));
  left_.insert_or_assign(mac, std::move(left));
  left_at_.insert_or_assign(flow, mac);
}

void Onboarding::phone_refused(const sip::FlowAddress& flow, const sip::Message& request) {
  auto at = left_at_.find(flow);
  if (at == left_at_.end()) {
    // We have never heard it, but know who was there: then it is told, and comes for its file by its own URL.
    const auto was = restored_at_.find({flow.site, flow.peer.address});
    if (was == restored_at_.end() || left_.contains(was->second) || request.contact.empty()) return;
    const auto phone = views_.by_mac(was->second);
    if (!phone || phone->registered_at || phone->known_at != flow.peer.address) return;
    phone_left(was->second, flow, sip::to_string(request.contact.front().uri));
    at = left_at_.find(flow);
    if (at == left_at_.end()) return;
  }
  const auto left = left_.find(at->second);
  const Phone* phone = context_.directory.phone(at->second);
  if (left == left_.end() || left->second.flow != flow || !phone || !phone->assigned) return;
  if (left->second.told && context_.now.mono < *left->second.told + refused_pause) return;
  // It answers to the name under which it believes to be there.
  if (request.method == "REGISTER" && !request.contact.empty())
    left->second.contact.contact = {request.contact.front()};
  resync(*phone, left->second, false);
}

std::optional<TimePoint> Onboarding::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& at : {fetch_deadlines_.earliest(), discoveries_.deadline(), refusals_.deadline()})
    if (at && (!earliest || *at < *earliest)) earliest = at;
  return earliest;
}

void Onboarding::handle_timeout() {
  gone(discoveries_.handle_timeout(context_.now.mono));
  refusals_.handle_timeout();
  // No fetch in time: the phone may have forgotten the dialog, or doesn't take a NOTIFY that late.
  while (const auto mac = fetch_deadlines_.pop_due(context_.now.mono)) {
    const Phone* known = context_.directory.phone(*mac);
    if (!known || !known->assigned) continue;
    const auto asked = asked_.find(*mac);
    const auto told = told_.find(*mac);
    if (asked != asked_.end() && told != told_.end() && asked->second.contains(told->second)) {
      const Asked& dialog = asked->second.at(told->second);
      if (const auto flow = context_.world.find_or_open(dialog.flow)) {
        auto restart =
            phones::make_restart_notify(dialog.subscribe, context_.unique(), context_.unique(), flow->address.face,
                                        flow->address.peer, phones::resync_event(views_.vendor_of(*known), true));
        send(*flow, std::move(restart));
      }
    } else if (const auto left = left_.find(*mac); left != left_.end()) {
      resync(*known, left->second, true);
    }
    context_.change_phone(
        *mac, [](Phone& phone, bool) { return phone.assigned && !std::exchange(phone.needs_restart, true); });
  }
}

// What becomes of it doesn't matter: the fetch is the acknowledgement.
void Onboarding::send(const sip::Flow& flow, sip::Message notify) {
  transactions_.send_request(flow, std::move(notify), owner_of(Sender::onboarding), context_.now.mono);
}

door::HttpAnswer Onboarding::handle_http(const door::HttpRequest& request) {
  auto outcome = service_.handle(request, context_.now.wall);
  for (const auto& event : outcome.events) {
    if (const auto* fetched = std::get_if<provisioning::Fetched>(&event))
      on(*fetched);
    else if (const auto* shown = std::get_if<provisioning::Shown>(&event))
      on(*shown);
    else if (const auto* firmware = std::get_if<provisioning::FirmwareFetched>(&event))
      firmware_fetched_(firmware->mac);
    else if (const auto* redirected = std::get_if<provisioning::RedirectFetched>(&event))
      on(*redirected);
    else if (const auto* unassigned = std::get_if<provisioning::UnassignedAsked>(&event))
      on(*unassigned, request.site);
    else if (const auto* suspicious = std::get_if<provisioning::SuspiciousFetch>(&event))
      refusals_.report(suspicious->mac, suspicious->site, suspicious->peer,
                       std::string{provisioning::to_string(suspicious->why)});
  }
  return std::move(outcome.answer);
}

Context::PhoneChange Onboarding::learning(const std::optional<phones::UserAgent>& agent, const Endpoint& peer) const {
  return [this, agent, peer, wall = context_.now.wall](Phone& phone, bool known) {
    if (!known) return false;
    phone.address = to_string(with_sip_port(phone.address, peer.address));
    phone.last_seen = wall;
    if (provisioning::in_window(phone.window_until, wall)) phone.window_taken = true;
    // Whose phone it is, the MAC and the administrator say. One that claims to be another maker's says nothing.
    if (!agent || (agent->vendor != views_.vendor_of(phone) && agent->vendor != phones::vendor_of(phone.mac)))
      return true;
    phone.vendor = agent->vendor;
    if (!agent->model.empty()) phone.model = agent->model;
    if (!agent->firmware.empty()) phone.firmware = agent->firmware;
    return true;
  };
}

void Onboarding::on(const provisioning::Fetched& e) {
  fetch_deadlines_.clear(e.mac);
  fetched_.insert(e.mac);
  served_.set(e.mac, e.peer.address);
  const auto assigned = views_.by_mac(e.mac);
  const unsigned unheard = assigned && assigned->registered_at ? 0 : ++unheard_[e.mac];
  if (unheard == 0) unheard_.erase(e.mac);
  context_.change_phone(e.mac, [this, e, learn = learning(e.user_agent, e.peer), unheard](Phone& phone, bool known) {
    phone.needs_restart = false;
    provisioning::note_use(phone, e.token);
    const auto given = e.tls ? provisioning::Given::file_by_tls : provisioning::Given::file;
    phone.https = provisioning::next_step(phone.https, views_.wants_https(phone), given, unheard);
    // It is there, and wasn't reset: nobody needs its file in the clear any more.
    if (e.tls && phone.https == HttpsStep::settled) phone.window_until.reset();
    return learn(phone, known);
  });
  if (const HotDesk* desk = context_.directory.desk_of(e.mac))
    desks_.submit(hotdesk::PhoneFetched{desk->id, e.generation});
}

void Onboarding::on(const provisioning::Shown& e) {
  context_.change_phone(e.mac, [this, given = e.given](Phone& phone, bool known) {
    const auto before = phone.https;
    if (known) phone.https = provisioning::next_step(before, views_.wants_https(phone), given, 0);
    return phone.https != before;
  });
}

void Onboarding::on(const provisioning::RedirectFetched& e) {
  served_.set(e.mac, e.peer.address);
  context_.change_phone(e.mac, learning(e.user_agent, e.peer));
  // The configuration itself has to follow.
  fetch_deadlines_.set(e.mac, context_.now.mono + fetch_time);
}

void Onboarding::on(const provisioning::UnassignedAsked& e, const SiteId& site) {
  if (!unknown_.take(site, e.peer.address, context_.now.mono)) return;
  Discoveries::Seen seen{phones::vendor_of(e.mac), "", ""};
  if (e.user_agent) {
    if (seen.vendor == phones::Vendor::unknown) seen.vendor = e.user_agent->vendor;
    seen.model = e.user_agent->model;
    seen.firmware = e.user_agent->firmware;
  }
  const auto* known = discoveries_.find(e.mac);
  announced(e.mac, site, with_sip_port(known ? known->phone.address : "", e.peer.address), seen);
}

void Onboarding::phone_registered(const Mac& mac, const std::optional<Endpoint>& moved_to) {
  registered_.insert(mac);
  fetched_.insert(mac);
  unheard_.erase(mac);
  fetch_deadlines_.clear(mac);
  asked_.erase(mac);
  told_.erase(mac);
  if (const auto left = left_.find(mac); left != left_.end()) {
    left_at_.erase(left->second.flow);
    left_.erase(left);
  }
  if (!moved_to) return;
  const Endpoint at = *moved_to;
  // It is the phone by its credentials: here it will fetch, also when its registration has run out.
  served_.move(mac, at.address);
  const Phone* phone = context_.directory.phone(mac);
  const auto known = phone ? parse_endpoint(phone->address) : std::nullopt;
  if (!phone || known == at) return;
  context_.change_phone(mac, [at](Phone& record, bool there) {
    return there && std::exchange(record.address, to_string(at)) != to_string(at);
  });
}

void Onboarding::forget(const Mac& mac) {
  asked_.erase(mac);
  told_.erase(mac);
  served_.erase(mac);
  discoveries_.remove(mac);
  fetch_deadlines_.clear(mac);
  fetched_.erase(mac);
  registered_.erase(mac);
  unheard_.erase(mac);
}

}  // namespace roamdesk::element
