#include <algorithm>

#include "common/sip/parse.hpp"
#include "common/sip/refer.hpp"
#include "common/sip/request_rules.hpp"
#include "exchange/calls/privacy.hpp"
#include "exchange/element/call_record.hpp"
#include "exchange/element/element.hpp"
#include "exchange/element/peers.hpp"
#include "exchange/routing/inbound.hpp"

// What comes from trunks, and what calls ask of the element for them.
namespace roamdesk::element {

void Element::on_trunk_request(trunks::TrunkNumber trunk, const sip::RequestReceived& e) {
  outside_.give_share(trunk, e.flow);
  if (auto refusal = sip::refuse_if_not_understood(e.request))
    return transactions_.respond_statelessly(e.tx, std::move(*refusal));
  const auto& method = e.request.method;
  if (method == "INVITE") return on_trunk_invite(trunk, e);
  if (method == "NOTIFY" && upstreams_.accounts().upstream(trunk) &&
      presence::SubscriptionServer::package_of(e.request) == presence::Package::message_summary)
    return on_account_mailbox(trunk, e);
  // What is a phone's is none of a trunk's, whatever credentials it shows.
  if (method == "REGISTER" || method == "SUBSCRIBE" || method == "REFER") {
    report_outsider(trunk, e, method);
    return refuse(e, 403);
  }
  transactions_.respond_statelessly(e.tx, sip::answer_out_of_dialog(e.request));
}

// Many exchanges tell of a mailbox without having been asked, and again every minute where it isn't answered by 200.
void Element::on_account_mailbox(trunks::TrunkNumber trunk, const sip::RequestReceived& e) {
  upstream_lamps_.handle_unasked(trunk, e.request);
  transactions_.respond_statelessly(e.tx, sip::make_response(e.request, 200, "", context_.unique()));
}

void Element::report_outsider(trunks::TrunkNumber trunk, const sip::RequestReceived& e, std::string_view what) {
  const auto* record = outside_.record(trunk);
  if (!record || !outsiders_.take(record->name)) return;
  context_.audit(outsiders_.action(), "trunk", to_string(e.flow.address.peer), record->name, std::string{what});
}

bool Element::takes_invite(trunks::TrunkNumber trunk, const sip::RequestReceived& e) {
  const auto& request = e.request;
  const auto* record = outside_.record(trunk);
  if (!outside_.trunks().take_invite(trunk, context_.now.mono)) {
    if (outsiders_.take(record->name))
      context_.audit(outsiders_.action(), "trunk", to_string(e.flow.address.peer), record->name,
                     "too many calls a second");
    auto refusal = sip::make_response(request, 503, "Too many calls a second", "");
    refusal.set_header("Retry-After", "2");
    transactions_.respond_statelessly(e.tx, std::move(refusal));
    return false;
  }
  // It would take the place of a dialog that may be anybody's (RFC 3891 §9).
  if (request.header("Replaces")) {
    report_outsider(trunk, e, "INVITE with Replaces");
    refuse(e, 481);
    return false;
  }
  world_.prove(e.flow.address, sip::Standing::proven);
  if (e.flow.address.transport != sip::Transport::udp) outside_.handle_reached(trunk, e.flow.address);
  return true;
}

void Element::on_trunk_invite(trunks::TrunkNumber trunk, const sip::RequestReceived& e) {
  const auto& request = e.request;
  if (const auto place = upstreams_.accounts().of_token(request.request_uri.user); place && place->trunk == trunk)
    return on_account_invite(trunk, place->account, e);
  const auto* record = outside_.record(trunk);
  if (!takes_invite(trunk, e)) return;
  auto caller = trunk_calls_.caller_of(trunk, e.flow, request);
  if (emergency_.take_callback(trunk, e, caller)) return;
  if (routing::times_forwarded(request) >= routing::most_forwards)
    return calls_.refuse(e.tx, e.flow, request, caller, {request.request_uri.user, {}}, 482, context_.now.mono);
  const auto called = routing::called_by(*record, request, context_.directory);
  const auto& number = called.e164.empty() ? called.asked : called.e164;
  const Extension* extension = called.extension ? context_.directory.extension(*called.extension) : nullptr;
  if (!extension) {
    world_.publish(Trouble{"trunk.number_unknown", to_string(e.flow.address.peer),
                           "trunk " + record->name + ": no inbound number for " + shown_number(number)});
    return calls_.refuse(e.tx, e.flow, request, caller, {number, {}}, number.empty() ? 484 : 404, context_.now.mono);
  }
  ring(trunk, e, std::move(caller), *extension);
}

void Element::on_account_invite(trunks::TrunkNumber trunk, upstream::AccountNumber account,
                                const sip::RequestReceived& e) {
  if (!takes_invite(trunk, e)) return;
  auto caller = trunk_calls_.caller_of(account, e.flow, e.request);
  const ExtensionNumber number{upstreams_.accounts().account(account)->self.record.extension};
  if (routing::times_forwarded(e.request) >= routing::most_forwards)
    return calls_.refuse(e.tx, e.flow, e.request, caller, {number.value(), {}}, 482, context_.now.mono);
  const Extension* extension = context_.directory.extension(number);
  if (!extension) return calls_.refuse(e.tx, e.flow, e.request, caller, {number.value(), {}}, 404, context_.now.mono);
  ring(trunk, e, std::move(caller), *extension);
}

void Element::ring(trunks::TrunkNumber trunk, const sip::RequestReceived& e, calls::Caller caller,
                   const Extension& extension) {
  const calls::Party callee{extension.number.value(), extension.name};
  caller.toll = trunk_calls_.count_inbound(*outside_.record(trunk));
  if (!caller.toll) {
    report_outsider(trunk, e, "all its lines are busy");
    return calls_.refuse(e.tx, e.flow, e.request, caller, callee, 486, context_.now.mono);
  }
  auto targets = targets_of(extension.number);
  const bool hold = targets.empty() && held_for(extension.number);
  const auto toll = *caller.toll;
  const auto call = calls_.start_call(e.tx, e.flow, e.request, std::move(caller), callee, std::move(targets), hold,
                                      context_.now.mono);
  if (!call) trunk_calls_.over(toll, true);
}

calls::Admission Element::admit(calls::PeerId trunk, const calls::Manner& manner) {
  return trunk_calls_.admit(trunk, manner);
}

void Element::call_by(TrunkCalls::Way way, const calls::Party& callee, const sip::RequestReceived& e,
                      calls::Caller caller) {
  if (way.refused)
    return calls_.refuse(e.tx, e.flow, e.request, caller, callee, {way.refused, way.words, ivr::name(way.prompt)},
                         context_.now.mono);
  calls_.start_call(e.tx, e.flow, e.request, std::move(caller), callee, std::move(way.targets), false,
                    context_.now.mono);
}

void Element::on_replacing_invite(const sip::RequestReceived& e, const Speaker& who, calls::Caller caller) {
  const auto named = sip::parse_replaces(*e.request.header("Replaces"));
  const auto ringing = named ? upstream_lamps_.pickups().find(*named) : std::nullopt;
  if (ringing) return pick_up_there(*ringing, e, who, std::move(caller));
  calls_.start_call(e.tx, e.flow, e.request, std::move(caller), {e.request.request_uri.user, {}}, {}, false,
                    context_.now.mono);
}

void Element::pick_up_there(const UpstreamPickups::Ringing& ringing, const sip::RequestReceived& e, const Speaker& who,
                            calls::Caller caller) {
  const auto& watched = ringing.watched;
  const auto number = UpstreamLamps::called(watched);
  if (!who.person || watched_by(who, presence::Package::dialog, number) != watched) {
    const calls::Party there{watched.number.value(), {}};
    takeover_refused({.by = caller, .of = there, .ringing = true});
    return calls_.refuse(e.tx, e.flow, e.request, caller, there, 481, context_.now.mono);
  }
  auto route = routing::route(number, speakers_.dialler_of(who), context_.codes(), context_.directory);
  const bool hidden = caller.hidden || calls::wants_privacy(e.request);
  const auto call_there = [&](const auto& to) {
    auto way = trunk_calls_.way_of(to, *context_.directory.extension(*who.person), hidden);
    TrunkCalls::replace(way, ringing.there);
    auto call = e;
    call.request.remove_header("Replaces");  // it names nothing of ours
    call_by(std::move(way), TrunkCalls::callee_of(to), call, std::move(caller));
  };
  if (const auto* by_account = std::get_if<routing::ToUpstream>(&route)) return call_there(*by_account);
  auto& by_rule = std::get<routing::ToOutside>(route);
  std::erase_if(by_rule.attempts, [&](const auto& attempt) { return attempt.trunk != watched.exchange; });
  call_there(by_rule);
}

void Element::add_credentials(calls::PeerId peer, sip::Message& request) {
  if (const auto trunk = trunk_of(peer)) return outside_.trunks().prepare(*trunk, request);
  if (const auto account = account_of(peer)) upstreams_.prepare(*account, request);
}

std::optional<sip::Message> Element::answer_challenge(calls::PeerId peer, const sip::Message& request,
                                                      const sip::Message& challenge) {
  if (const auto trunk = trunk_of(peer)) return outside_.trunks().authorise(*trunk, request, challenge);
  const auto account = account_of(peer);
  return account ? upstreams_.authorise(*account, request, challenge) : std::nullopt;
}

std::vector<sip::Header> Element::identity(calls::PeerId peer, const calls::Party& party) {
  if (const auto number = account_of(peer)) {
    const auto account = upstreams_.record(*number);
    return account ? trunk_calls_.identity(*account, party) : std::vector<sip::Header>{};
  }
  const auto trunk = trunk_of(peer);
  const auto* record = trunk ? outside_.record(*trunk) : nullptr;
  return record ? trunk_calls_.identity(*record, party) : std::vector<sip::Header>{};
}

}  // namespace roamdesk::element
