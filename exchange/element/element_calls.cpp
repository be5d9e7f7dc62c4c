#include "exchange/element/element.hpp"

#include "exchange/element/peers.hpp"
#include "exchange/element/wanted_srtp.hpp"

// Calls: whom they reach, what they need, and what they tell.
namespace roamdesk::element {

std::optional<calls::Target> Element::target(const Mac& device, const Extension& extension) {
  const auto* binding = registrations_.find(device);
  if (!binding || qualifier_.is_gone(device) || speakers_.person_at(device) != extension.number) return std::nullopt;
  auto flow = registrations_.flow_of(*binding);
  if (!flow) return std::nullopt;
  return calls::Target{std::move(*flow), binding->contact, peer_of(device), {extension.number.value(), extension.name}};
}

std::vector<calls::Target> Element::targets_of(const ExtensionNumber& number) {
  std::vector<calls::Target> targets;
  const Extension* extension = context_.directory.extension(number);
  if (!extension) return targets;
  const auto add = [&](const Mac& device) {
    if (auto found = target(device, *extension)) targets.push_back(std::move(*found));
  };
  if (const auto bound = desks_.machine().desk_of(number))
    if (const HotDesk* desk = context_.directory.desk(*bound)) add(desk->mac);
  for (const Phone* phone : context_.directory.phones_of(number)) add(phone->mac);
  return targets;
}

bool Element::held_for(const ExtensionNumber& number) const {
  const auto desk = desks_.machine().desk_of(number);
  return desk && desks_.machine().hold_calls(*desk);
}

// Calls that were held while this phone changed its identity ring now.
void Element::ring_waiting(const Mac& device) {
  const auto number = speakers_.person_at(device);
  if (!number) return;
  const Extension* extension = context_.directory.extension(*number);
  if (!extension) return;
  for (const auto& call : calls_.waiting_for(number->value()))
    if (auto found = target(device, *extension)) calls_.add_target(call, std::move(*found), context_.now.mono);
}

void Element::on(calls::Event&& event) {
  if (dialogues_.handle(event)) return;
  if (const auto* changed = std::get_if<calls::CallChanged>(&event)) {
    const auto& info = changed->info;
    const auto help = info.quiet ? std::nullopt : place_of(info);
    if (!info.quiet) world_.publish(CallChanged{info, changed->began, changed->ended, help});
    if (emergency_.begins(*changed) && help) telling_.called(*help, emergency_.callback_of(info.id));
    telling_.handle(*changed);
    if (changed->ended) call_log_.handle_ended(*changed);
    emergency_.handle(*changed);
    if (const auto phone = info.emergency_from ? phone_of(info.from_peer) : std::nullopt)
      note_dialogs(*phone, calls_.dialogs_of(peer_of(*phone)) + emergency_.calls_of(*phone));
  } else if (const auto* handed = std::get_if<calls::HelpHandedOn>(&event)) {
    emergency_.handle(*handed);
  } else if (const auto* joined = std::get_if<calls::DialogJoined>(&event)) {
    trace_.joined(joined->call.value(), joined->sip_call_id, joined->flow, joined->number);
  } else if (auto* confirmed = std::get_if<calls::DialogConfirmed>(&event)) {
    world_.put_dialog(
        {std::move(confirmed->tag), phone_of(confirmed->peer), confirmed->flow, std::move(confirmed->bye)});
  } else if (const auto* over = std::get_if<calls::DialogOver>(&event)) {
    world_.delete_dialog(over->tag);
  } else if (auto* untold = std::get_if<calls::DialogUntold>(&event)) {
    // Who has no account comes back as a stranger.
    if (untold->peer)
      orphans_.add({std::move(untold->tag), phone_of(untold->peer), untold->flow, std::move(untold->bye)});
    else
      world_.delete_dialog(untold->tag);
  } else if (const auto* refused = std::get_if<calls::TakeoverRefused>(&event)) {
    takeover_refused(*refused);
  } else if (const auto* lamp = std::get_if<calls::DialogsChanged>(&event)) {
    publish_lamp(lamp->number);
  } else if (const auto* reached = std::get_if<calls::AddressReached>(&event)) {
    if (const auto trunk = upstreams_.line_of(reached->peer)) outside_.handle_reached(*trunk, reached->flow);
  } else if (const auto* failed = std::get_if<calls::ServerFailed>(&event)) {
    trunk_calls_.handle(*failed);
  } else if (const auto* answered = std::get_if<calls::ServerAnswered>(&event)) {
    trunk_calls_.handle(*answered);
  } else if (const auto* busy = std::get_if<calls::PeerDialogs>(&event)) {
    if (const auto trunk = trunk_of(busy->peer)) outside_.trunks().set_calls(*trunk, busy->count);
    if (const auto account = account_of(busy->peer)) upstreams_.set_calls(*account, busy->count);
    if (const auto phone = phone_of(busy->peer)) note_dialogs(*phone, busy->count + emergency_.calls_of(*phone));
  }
}

void Element::note_dialogs(const Mac& phone, std::size_t count) {
  const bool turned = teller_.handle_dialogs(phone, count);
  const HotDesk* desk = context_.directory.desk_of(phone);
  if (!desk || !turned) return;
  if (count > 0)
    desks_.submit(hotdesk::DeskBusy{desk->id});
  else
    desks_.submit(hotdesk::DeskFree{desk->id});
}

void Element::takeover_refused(const calls::TakeoverRefused& refused) {
  const auto& by = refused.by;
  const auto device = phone_of(by.peer);
  const auto phone = device ? device->text() : std::string{};
  if (!takeovers_.take(phone)) return;
  context_.audit(takeovers_.action(), by.party.number, phone, refused.of.number,
                 refused.ringing ? "a call that rings there" : "a call that is up there");
}

void Element::publish_lamp(const std::string& number) {
  presence_.publish(ExtensionNumber{number}, calls_.dialogs(number), context_.now.mono);
}

std::optional<Endpoint> Element::allocate_media(const SiteId& site, IpAddress face, std::optional<Endpoint> beside) {
  const auto front = world_.front(site, face);
  return front ? ports_.allocate(site, face, front->rtp, context_.now.mono, beside) : std::nullopt;
}

bool Element::claim_media(const SiteId& site, Endpoint endpoint) {
  // A branch says what its ports are when its line is up, and refuses what isn't one of them.
  const auto front = world_.front(site, endpoint.address);
  if (!front && site == local_site()) return false;
  return ports_.claim(site, endpoint, front ? std::optional{front->rtp} : std::nullopt);
}

void Element::release_media(const SiteId& site, Endpoint endpoint) {
  ports_.release(site, endpoint, context_.now.mono);
}

void Element::media(media::Order order) { world_.order(order); }

Srtp Element::srtp(const std::optional<calls::PeerId>& peer, const sip::FlowAddress& at) {
  if (const auto trunk = upstreams_.line_of(peer)) {
    const auto* record = outside_.record(*trunk);
    return record ? record->srtp : Srtp::off;
  }
  return wanted_srtp(context_, phone_of(peer), at.site);
}

Secret Element::random_bytes(std::size_t count) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Secret bytes;
  while (bytes.reveal().size() < count) {
    const Secret digits{context_.unique()};
    const auto& text = digits.reveal();
    for (std::size_t i = 0; i + 1 < text.size() && bytes.reveal().size() < count; i += 2)
      bytes.push_back(static_cast<char>(value(text[i]) * 16 + value(text[i + 1])));
  }
  return bytes;
}

calls::Route Element::route(const calls::Errand& errand) {
  const auto dialler = speakers_.dialler_of(errand.by);
  const auto route = routing::route(errand.user, dialler, context_.codes(), context_.directory, trunk_calls_.turn());
  calls::Route result;
  if (const auto* to = std::get_if<routing::ToExtension>(&route)) {
    const Extension* extension = context_.directory.extension(to->number);
    result.callee = {to->number.value(), extension ? extension->name : ""};
    result.targets = targets_of(to->number);
    result.hold = result.targets.empty() && held_for(to->number);
  } else if (const auto* outside = std::get_if<routing::ToOutside>(&route)) {
    auto way = trunk_calls_.way_of(*outside, *context_.directory.extension(*dialler.extension), errand);
    result.refused = way.refused;
    result.callee = trunk_calls_.callee_of(*outside);
    result.targets = std::move(way.targets);
  } else if (const auto* upstream = std::get_if<routing::ToUpstream>(&route)) {
    auto way = trunk_calls_.way_of(*upstream, *context_.directory.extension(*dialler.extension), errand);
    result.refused = way.refused;
    result.callee = trunk_calls_.callee_of(*upstream);
    result.targets = std::move(way.targets);
  } else if (const auto* refused = std::get_if<routing::Refused>(&route)) {
    result.refused = refused->status;
  } else if (const auto* help = std::get_if<routing::ToEmergency>(&route)) {
    result = emergency_.send_on(*help, errand);
  } else {
    result.refused = 403;  // nobody is sent on to a dial code
  }
  return result;
}

std::optional<sip::Flow> Element::reach(const std::optional<calls::PeerId>& peer, const sip::FlowAddress& address) {
  // Not where a phone has registered since that wouldn't be let into its calls.
  if (const auto trunk = upstreams_.line_of(peer)) return outside_.reach(*trunk, address);
  const auto device = phone_of(peer);
  const auto* binding = device ? registrations_.find(*device) : nullptr;
  const bool here = binding && (speakers_.person_at(*device) || (binding->flow.site == address.site &&
                                                                 binding->flow.peer.address == address.peer.address));
  if (here)
    if (auto flow = world_.find_or_open(binding->flow)) return flow;
  if (auto flow = world_.find_or_open(address)) return flow;
  return here ? registrations_.flow_of(*binding) : std::nullopt;
}

bool Element::vouches(calls::PeerId peer, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) {
  const auto device = phone_of(peer);
  if (!device) {
    // A Call-ID isn't authority: what a trunk says in a call comes from its own addresses.
    if (const auto trunk = upstreams_.line_of(peer); trunk && outside_.is_from(*trunk, flow)) return true;
    refuse({tx, flow, request}, 403);
    return false;
  }
  if (registrations_.is_at(*device, flow.address)) return true;
  const sip::RequestReceived e{tx, flow, request};
  const auto who = authenticate(e);
  if (!who) return false;
  const auto& account = who->account;
  // The device's own: those that it is registered with; where it isn't, any but of an ended session.
  const auto* binding = registrations_.find(*device);
  const bool current = binding ? binding->digest_user == account.digest_user : account.rights != registrar::Rights::old;
  if (account.device == *device && current && who->rights.takes_place) return true;
  refuse(e, 403);
  return false;
}

bool Element::may_watch(const calls::Caller& by, std::string_view number) {
  // An idle desk may watch no one, and neither may a trunk.
  return phone_of(by.peer) && !by.desk && context_.directory.extension(ExtensionNumber{std::string{number}}) != nullptr;
}

}  // namespace roamdesk::element
