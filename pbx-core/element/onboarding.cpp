#include "pbx-core/element/onboarding.hpp"

#include "pbx-core/provisioning/reset_policy.hpp"

namespace roamdesk::element {

Onboarding::Onboarding(Context& context, sip::TransactionLayer& transactions, const PhoneViews& views,
                       const provisioning::Provisioner& provisioner, Ports ports)
    : context_(context),
      transactions_(transactions),
      views_(views),
      service_(provisioner, views),
      ports_(std::move(ports)) {}

bool Onboarding::handle_subscribe(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) {
  if (!request.header("Event").value_or("").starts_with("ua-profile")) return false;
  const auto discovery = phones::discover(request);
  if (!discovery || !asking_.take(flow.address.site, context_.now.mono)) {
    transactions_.respond_statelessly(tx, sip::make_response(request, discovery ? 503 : 404, "", ""));
    return true;
  }
  const auto tag = context_.unique();
  transactions_.respond(tx, phones::make_pnp_ok(request, tag, flow.address.face), context_.now.mono);
  const Phone* phone = context_.directory.phone(discovery->mac);
  if (!phone && context_.directory.phones().size() >= most_unassigned + context_.directory.desks().size()) return true;
  // What the NOTIFY of an assigned phone of another site would reveal is nobody's business there.
  if (phone && phone->assigned && phone->site != flow.address.site) {
    context_.world.publish(Trouble{"phone.wrong_site", discovery->mac.text(), "asks at " + flow.address.site.value()});
    return true;
  }
  asked_.insert_or_assign(discovery->mac, Asked{flow.address, request, tag, 0});
  if (phone && phone->assigned)
    asked_again(*phone, flow);
  else
    seen(*discovery, flow);
  return true;
}

void Onboarding::seen(const phones::Discovery& discovery, const sip::Flow& flow) {
  const bool is_new = !context_.directory.phone(discovery.mac);
  context_.change_phone(
      discovery.mac,
      [discovery, flow, wall = context_.now.wall](Phone& phone, bool known) {
        if (phone.assigned) return false;  // meanwhile; what it says is learnt when it fetches
        phone.vendor = phones::to_string(discovery.vendor);
        phone.model = discovery.model;
        phone.firmware = discovery.firmware;
        phone.address = to_string(flow.address.peer);
        phone.site = flow.address.site;
        phone.last_seen = wall;
        if (!known) phone.first_seen = wall;
        return true;
      },
      [this, mac = discovery.mac, is_new] {
        if (is_new) context_.world.publish(PhoneDiscovered{mac});
      });
}

// An assigned phone asks as if it were unconfigured: its NOTIFY was lost, it was reset, or somebody pretends.
void Onboarding::asked_again(const Phone& phone, const sip::Flow& flow) {
  provisioning::ResetFacts facts;
  facts.registered = ports_.registered(phone.mac);
  facts.in_window = provisioning::in_window(phone.window_until, context_.now.wall);
  facts.fetched = fetched_.contains(phone.mac);
  facts.right_site = phone.site == flow.address.site;
  const HotDesk* desk = phone.extension ? nullptr : context_.directory.desk_of(phone.mac);
  facts.session = desk && context_.directory.session_at(desk->id);
  const auto decision = provisioning::decide_reset(facts);
  switch (decision) {
    case provisioning::ResetDecision::notify:
      return send_url(phone.mac);
    case provisioning::ResetDecision::renew:
      context_.audit("phone.reset", "phone:" + phone.mac.text(), to_string(flow.address.peer),
                     desk ? desk->id.value() : phone.mac.text());
      if (desk) return ports_.desk_reset(*desk);
      return renew_token(phone.mac);
    case provisioning::ResetDecision::refuse:
      context_.world.publish(Trouble{"phone.reset_refused", phone.mac.text(), to_string(flow.address.peer)});
      // The hot-desk machine reports it at the desk.
      if (desk) ports_.desk_reset(*desk);
      return;
  }
}

void Onboarding::renew_token(const Mac& mac) {
  fetched_.erase(mac);
  context_.change_phone(
      mac,
      [token = context_.unique(), wall = context_.now.wall](Phone& phone, bool) {
        if (!phone.assigned) return false;
        provisioning::open_window(phone, token, wall);
        phone.needs_restart = false;
        return true;
      },
      [this, mac] { send_url(mac); });
}

void Onboarding::send_url(const Mac& mac) {
  const auto asked = asked_.find(mac);
  const auto view = views_.view(mac);
  if (const auto left = left_.find(mac); asked == asked_.end() && left != left_.end() && view) {
    // It has a configuration, so it doesn't ask for one; it fetches when it is told.
    resync(*context_.directory.phone(mac), left->second, false);
    fetch_deadlines_.set(mac, context_.now.mono + fetch_time);
    return;
  }
  if (asked == asked_.end() || !view) return;
  const auto flow = context_.world.find_or_open(asked->second.flow);
  if (!flow) return;
  auto notify = phones::make_pnp_notify(asked->second.subscribe, asked->second.to_tag, flow->address.face,
                                        flow->address.peer, provisioning::pnp_url(*view), ++asked->second.cseq);
  notifies_.insert(transactions_.send_request(*flow, std::move(notify), context_.now.mono));
  fetch_deadlines_.set(mac, context_.now.mono + fetch_time);
}

void Onboarding::resync(const Phone& phone, Left& left, bool reboot) {
  const auto flow = context_.world.find_or_open(left.flow);
  if (!flow || phone.site != left.flow.site) return;
  left.told = context_.now.mono;
  auto notify = phones::make_restart_notify(left.contact, context_.unique(), context_.unique(), flow->address.face,
                                            flow->address.peer, phones::resync_event(views_.vendor_of(phone), reboot));
  notifies_.insert(transactions_.send_request(*flow, std::move(notify), context_.now.mono));
}

void Onboarding::phone_left(const Mac& mac, const sip::FlowAddress& flow, const std::string& contact) {
  const auto uri = sip::parse_uri(contact);
  if (!uri || left_.size() >= most_unassigned + context_.directory.desks().size()) return;
  sip::NameAddr address;
  address.uri = *uri;
  if (const auto before = left_.find(mac); before != left_.end()) left_at_.erase(before->second.flow);
  Left left{flow, {}, {}};
  left.contact.contact.push_back(std::move(address));
  left_.insert_or_assign(mac, std::move(left));
  left_at_.insert_or_assign(flow, mac);
}

void Onboarding::phone_refused(const sip::FlowAddress& flow) {
  const auto at = left_at_.find(flow);
  if (at == left_at_.end()) return;
  const auto left = left_.find(at->second);
  const Phone* phone = context_.directory.phone(at->second);
  if (left == left_.end() || left->second.flow != flow || !phone || !phone->assigned) return;
  if (left->second.told && context_.now.mono < *left->second.told + refused_pause) return;
  resync(*phone, left->second, false);
}

// No fetch in time: the phone may have forgotten the dialog, or doesn't take a NOTIFY that late.
void Onboarding::handle_timeout() {
  while (const auto mac = fetch_deadlines_.pop_due(context_.now.mono)) {
    const Phone* known = context_.directory.phone(*mac);
    if (!known || !known->assigned) continue;
    if (const auto asked = asked_.find(*mac); asked != asked_.end()) {
      if (const auto flow = context_.world.find_or_open(asked->second.flow)) {
        auto restart = phones::make_restart_notify(asked->second.subscribe, context_.unique(), context_.unique(),
                                                   flow->address.face, flow->address.peer,
                                                   phones::resync_event(views_.vendor_of(*known), true));
        notifies_.insert(transactions_.send_request(*flow, std::move(restart), context_.now.mono));
      }
    } else if (const auto left = left_.find(*mac); left != left_.end()) {
      resync(*known, left->second, true);
    }
    context_.change_phone(
        *mac, [](Phone& phone, bool) { return phone.assigned && !std::exchange(phone.needs_restart, true); });
  }
}

bool Onboarding::handle_response(sip::ClientTx tx, const sip::Message& response) {
  if (!notifies_.contains(tx)) return false;
  if (response.status >= 200) notifies_.erase(tx);
  return true;  // the fetch is the acknowledgement (reference §2.1)
}

bool Onboarding::handle_failure(sip::ClientTx tx) { return notifies_.erase(tx) > 0; }

provisioning::HttpAnswer Onboarding::handle_http(const provisioning::HttpRequest& request) {
  auto outcome = service_.handle(request, context_.now.wall);
  for (const auto& event : outcome.events) {
    if (const auto* fetched = std::get_if<provisioning::Fetched>(&event))
      on(*fetched);
    else if (const auto* redirected = std::get_if<provisioning::RedirectFetched>(&event))
      on(*redirected);
    else if (const auto* unassigned = std::get_if<provisioning::UnassignedAsked>(&event))
      on(*unassigned, request.site);
    else if (const auto* suspicious = std::get_if<provisioning::SuspiciousFetch>(&event))
      on(*suspicious);
  }
  return std::move(outcome.answer);
}

// What a phone says of itself when it asks for a file.
Context::PhoneChange Onboarding::learning(const std::optional<phones::UserAgent>& agent, const Endpoint& peer) const {
  return [agent, peer, wall = context_.now.wall](Phone& phone, bool) {
    phone.address = to_string(peer);
    phone.last_seen = wall;
    if (!agent) return true;
    if (!agent->model.empty()) phone.model = agent->model;
    if (!agent->firmware.empty()) phone.firmware = agent->firmware;
    if (agent->vendor != phones::Vendor::unknown) phone.vendor = phones::to_string(agent->vendor);
    return true;
  };
}

void Onboarding::on(const provisioning::Fetched& e) {
  fetch_deadlines_.clear(e.mac);
  fetched_.insert(e.mac);
  context_.change_phone(e.mac, [learn = learning(e.user_agent, e.peer)](Phone& phone, bool known) {
    phone.needs_restart = false;
    return known && learn(phone, known);
  });
  if (const HotDesk* desk = context_.directory.desk_of(e.mac)) ports_.desk_fetched(*desk, e.generation);
}

void Onboarding::on(const provisioning::RedirectFetched& e) {
  context_.change_phone(e.mac, [learn = learning(e.user_agent, e.peer)](Phone& phone, bool known) {
    return known && learn(phone, known);
  });
  // The configuration itself has to follow.
  fetch_deadlines_.set(e.mac, context_.now.mono + fetch_time);
}

void Onboarding::on(const provisioning::UnassignedAsked& e, const SiteId& site) {
  const bool is_new = !context_.directory.phone(e.mac);
  if (is_new && context_.directory.phones().size() >= most_unassigned + context_.directory.desks().size()) return;
  context_.change_phone(
      e.mac,
      [learn = learning(e.user_agent, e.peer), site, mac = e.mac, wall = context_.now.wall](Phone& phone, bool known) {
        if (phone.assigned) return false;
        if (!known) {
          phone.first_seen = wall;
          phone.vendor = phones::to_string(phones::vendor_of(mac));
        }
        phone.site = site;
        return learn(phone, known);
      },
      [this, mac = e.mac, is_new] {
        if (is_new) context_.world.publish(PhoneDiscovered{mac});
      });
}

void Onboarding::on(const provisioning::SuspiciousFetch& e) {
  context_.world.publish(Trouble{"provisioning.suspicious", to_string(e.peer),
                                 std::string{provisioning::to_string(e.why)} + (e.mac ? " " + e.mac->text() : "")});
}

void Onboarding::phone_registered(const Mac& mac) {
  registered_.insert(mac);
  fetched_.insert(mac);
  fetch_deadlines_.clear(mac);
  asked_.erase(mac);
  if (const auto left = left_.find(mac); left != left_.end()) {
    left_at_.erase(left->second.flow);
    left_.erase(left);
  }
}

void Onboarding::forget(const Mac& mac) {
  asked_.erase(mac);
  fetch_deadlines_.clear(mac);
  fetched_.erase(mac);
  registered_.erase(mac);
}

}  // namespace roamdesk::element
