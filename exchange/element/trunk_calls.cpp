#include "exchange/element/trunk_calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "exchange/calls/privacy.hpp"
#include "exchange/element/peers.hpp"
#include "exchange/trunks/requests.hpp"

namespace roamdesk::element {

calls::Manner TrunkCalls::manner_of(const Trunk& trunk) const {
  calls::Manner manner;
  if (auto route = trunks::route_of(trunk)) manner.route.push_back(std::move(*route));
  manner.calls = trunk.calls ? trunk.calls : std::numeric_limits<std::size_t>::max();
  manner.reserved_in = trunk.calls_reserved_in;
  manner.reliable = trunk.reliable;
  manner.late_offers = trunk.late_offers;
  return manner;
}

calls::Caller TrunkCalls::caller_of(trunks::TrunkNumber trunk, const sip::Flow& flow,
                                    const sip::Message& invite) const {
  const Trunk& record = *outside_.record(trunk);
  auto who = routing::caller_from(record, invite);
  calls::Caller caller;
  caller.peer = peer_of(trunk);
  caller.hidden = who.hidden;
  caller.party = {std::move(who.identity.number), std::move(who.identity.name)};
  if (caller.party.number.empty() || context_.directory.extension(ExtensionNumber{caller.party.number}))
    caller.party.number = who.hidden ? calls::anonymous().number : "unknown";
  auto manner = manner_of(record);
  manner.contact = trunks::contact_of(record, flow, flow.address.face, false);
  caller.manner = std::make_shared<const calls::Manner>(std::move(manner));
  return caller;
}

routing::Identity TrunkCalls::identity_of(const calls::Party& party) const {
  const auto* person = context_.directory.extension(ExtensionNumber{party.number});
  if (!person) return {party.number, party.display};
  return {person->outside_number.empty() ? party.number : person->outside_number, person->name};
}

TrunkCalls::Way TrunkCalls::way_of(const routing::ToOutside& route, const Extension& person, bool hidden) {
  return way(route, person, routing::caller_of(person, hidden || route.hide), {});
}

TrunkCalls::Way TrunkCalls::way_of(const routing::ToOutside& route, const Extension& person,
                                   const calls::Errand& errand) {
  routing::OutsideCaller caller;
  if (const auto* ours = context_.directory.extension(ExtensionNumber{errand.caller.party.number});
      ours && phone_of(errand.caller.peer)) {
    caller = routing::caller_of(*ours, errand.caller.hidden);
  } else {
    caller.ours = !trunk_of(errand.caller.peer);
    caller.identity = {errand.caller.party.number, errand.caller.party.display};
    caller.hidden = errand.caller.hidden;
  }
  std::vector<routing::Identity> forwarders;
  for (auto party = errand.diverted.rbegin(); party != errand.diverted.rend(); ++party)
    forwarders.push_back(identity_of(*party));
  // A transfer, too, is sent on by who asks for it.
  if (forwarders.empty() && !caller.ours) forwarders.push_back(identity_of(errand.by.party));
  auto made = way(route, person, caller, forwarders);
  // Which call it is will be seen when a trunk has it, or never.
  const auto now = context_.now.mono;
  for (const auto& old : sent_on_)
    if (old.until <= now) calls_.ended(old.counted, now);
  std::erase_if(sent_on_, [&](const SentOn& old) { return old.until <= now; });
  if (made.counted) sent_on_.push_back({*made.counted, made.targets.front().peer, now + std::chrono::minutes{3}});
  return made;
}

calls::Party TrunkCalls::callee_of(const routing::ToOutside& route) {
  return {route.number.e164.empty() ? route.number.dialled : route.number.e164, {}};
}

TrunkCalls::Way TrunkCalls::way(const routing::ToOutside& route, const Extension& person,
                                const routing::OutsideCaller& caller,
                                const std::vector<routing::Identity>& forwarders) {
  Way way;
  for (const auto& attempt : route.attempts) {
    const auto trunk = outside_.trunks().find(attempt.trunk);
    const auto* record = trunk ? outside_.record(*trunk) : nullptr;
    if (!record || !record->enabled) continue;
    const auto servers = outside_.servers_for(*trunk);
    if (servers.empty()) {
      way.refused = 503;
      continue;
    }
    if (!way.counted) {
      const auto limits = routing::OutsideCalls::of(context_.settings());
      const auto counted = calls_.begin(person.number, limits, *record, context_.now.mono);
      if (!counted) {
        way.refused = routing::is_trunks(counted.error()) ? 486 : 403;
        if (!routing::is_trunks(counted.error())) return way;
        continue;
      }
      way.counted = *counted;
    }
    auto manner = manner_of(*record);
    auto shown = routing::shown_caller(*record, caller, forwarders, attempt.called);
    manner.from = std::move(shown.from);
    manner.headers = std::move(shown.headers);
    manner.to = sip::NameAddr{};
    manner.to->uri = trunks::account_of(*record);
    manner.to->uri.user = attempt.called;
    for (const auto& server : servers) {
      auto own = manner;
      own.contact =
          trunks::contact_of(*record, *server.flow, server.seen_as.value_or(server.flow->address.face), false);
      calls::Target target{*server.flow, to_string(manner.to->uri), peer_of(*trunk), callee_of(route)};
      target.manner = std::make_shared<const calls::Manner>(std::move(own));
      if (way.targets.empty())
        way.targets.push_back(std::move(target));
      else
        way.targets.front().then.push_back(std::move(target));
    }
  }
  if (!way.targets.empty()) way.refused = 0;
  if (way.targets.empty() && way.refused == 0) way.refused = 503;
  return way;
}

std::optional<routing::OutsideCallId> TrunkCalls::count_inbound(const Trunk& trunk) {
  const auto counted = calls_.begin_inbound(trunk);
  return counted ? std::optional{*counted} : std::nullopt;
}

void TrunkCalls::handle(const calls::CallChanged& changed) {
  auto found = counted_.find(changed.info.id);
  if (found == counted_.end()) {
    const auto sent_on = std::find_if(sent_on_.begin(), sent_on_.end(), [&](const SentOn& one) {
      return !changed.ended && (changed.info.to_peer == one.trunk || changed.info.from_peer == one.trunk);
    });
    if (sent_on == sent_on_.end()) return;
    found = counted_.emplace(changed.info.id, sent_on->counted).first;
    sent_on_.erase(sent_on);
  }
  if (const auto trunk = trunk_of(changed.info.to_peer))
    if (const auto* record = outside_.record(*trunk))
      static_cast<void>(calls_.move(found->second, *record, context_.now.mono));
  if (changed.info.answered) calls_.answered(found->second, context_.now.mono);
  if (!changed.ended) return;
  calls_.ended(found->second, context_.now.mono);
  counted_.erase(found);
}

std::vector<sip::Header> TrunkCalls::identity(const Trunk& trunk, const calls::Party& party) const {
  routing::OutsideCaller who;
  if (const auto* person = context_.directory.extension(ExtensionNumber{party.number}))
    who = routing::caller_of(*person, false);
  else
    who = {false, {party.number, party.display}, calls::is_anonymous(party)};
  return routing::shown_caller(trunk, who, {}, {}).headers;
}

// One server's refusal of one call says nothing of the server, unless it says that it can't serve at all.
void TrunkCalls::handle(const calls::ServerFailed& event) {
  const auto trunk = trunk_of(event.peer);
  if (!trunk || (event.status != 0 && event.status != 503)) return;
  const auto where = to_string(event.address.peer);
  auto why = event.status ? fmt::format("{} answers {} to INVITE", where, event.status)
                          : fmt::format("{} doesn't answer INVITE", where);
  outside_.trunks().server_failed(*trunk, {event.address.transport, event.address.peer}, std::move(why),
                                  event.retry_after.value_or(std::chrono::seconds{0}), context_.now.mono);
}

void TrunkCalls::handle(const calls::ServerAnswered& event) {
  if (const auto trunk = trunk_of(event.peer))
    outside_.trunks().server_answered(*trunk, {event.address.transport, event.address.peer}, context_.now.mono);
}

}  // namespace roamdesk::element
