#include "exchange/calls/legs.hpp"

#include <utility>

#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {
namespace {

SessionTimer::Terms terms_of(const Times& times) { return {.interval = times.session, .least = times.min_session}; }

}  // namespace

Leg* Legs::accept(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller, Party shown) {
  const auto fail = [&](int status, const char* header = nullptr, std::string value = {}) -> Leg* {
    auto response = sip::make_response(invite, status, sip::default_reason(status), context_.unique());
    if (header) response.set_header(header, std::move(value));
    requests_.respond(tx, std::move(response));
    notices_.refused(flow, invite, caller, shown, status);
    return nullptr;
  };
  const auto& limits = context_.options.limits;
  if (caller.help) {
    const auto sdp = sdp_of(invite);
    if (!sdp.empty() && !sdp_view::read(sdp, flow.address.peer.address)) return fail(488);
    return begin(tx, flow, invite, std::move(caller), std::move(shown), Srtp::optional);
  }
  if (auto tags = unsupported(invite); !tags.empty()) return fail(420, "Unsupported", std::move(tags));
  if (invite.contact.empty() || invite.contact_star) return fail(400);
  if (is_foreign(invite)) return fail(415, "Accept", accepted_bodies);
  const auto sdp = sdp_of(invite);
  const auto srtp = streams_.srtp_for(caller.peer, flow);
  if (!srtp) return fail(488, "Warning", context_.warning("SRTP is required here, and its keys need SIP over TLS"));
  if (!sdp.empty() && !sdp_view::read(sdp, flow.address.peer.address, *srtp)) {
    const auto why = sdp_view::objection(sdp, flow.address.peer.address, *srtp);
    return why.empty() ? fail(488) : fail(488, "Warning", context_.warning(why));
  }
  if (book_.legs().size() >= limits.legs) return fail(503, "Retry-After", "10");
  if (caller.manner && book_.dialogs_of(caller.peer) >= caller.manner->calls) return fail(486);
  if (!caller.manner && book_.dialogs_of(caller.peer) >= limits.calls_of_peer) return fail(480);
  if (!sessions_.check(tx, invite, nullptr)) return nullptr;
  return begin(tx, flow, invite, std::move(caller), std::move(shown), *srtp);
}

Leg* Legs::begin(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller, Party shown,
                 Srtp srtp) {
  const auto sdp = sdp_of(invite);
  Leg fresh{book_.next_leg_id(), InviteServer{tx, invite, !sdp.empty()}, terms_of(context_.options.times)};
  fresh.dialog = sip::Dialog::answering(invite, context_.unique());
  if (invite.contact.empty() || invite.contact_star) {
    fresh.dialog.target = invite.from.uri;
    fresh.dialog.target.scheme = "sip";
    fresh.dialog.target.host = host_of(flow.address.peer.address);
    fresh.dialog.target.port = flow.address.peer.port;
  }
  fresh.takes_update = invite.lists("Allow", "UPDATE") && (!caller.manner || caller.manner->update);
  fresh.offered = !sdp.empty();
  fresh.remote_sdp = sdp;
  Leg& leg = add(std::move(fresh), flow, std::move(caller), std::move(shown));
  streams_.seal(leg, srtp);
  requests_.expect_answer(tx, leg, invite);
  if (streams_.open(leg)) return &leg;
  notices_.refused(flow, invite, leg.who, leg.shown, 503);
  end(leg.id, 503);
  return nullptr;
}

Leg& Legs::dial(const Target& target, const sip::Uri& request_uri, const Party& shown, std::uint64_t hunt) {
  Leg fresh{book_.next_leg_id(), InviteClient{.hunt = hunt}, terms_of(context_.options.times)};
  const Manner* manner = target.manner.get();
  sip::NameAddr us, them;
  if (manner && manner->from) {
    us = *manner->from;
  } else {
    us.display = shown.display;
    us.uri.user = shown.number;
    us.uri.host = requests_.host_of(shown);
  }
  if (manner && manner->to) {
    them = *manner->to;
  } else {
    them.uri.user = target.party.number;
    them.uri.host = context_.options.domain;
  }
  fresh.dialog =
      sip::Dialog::beginning(context_.unique(), context_.unique(), std::move(us), std::move(them), request_uri);
  if (manner) fresh.dialog.routes = manner->route;
  return add(std::move(fresh), target.flow, Caller{.peer = target.peer, .party = target.party, .manner = target.manner},
             shown);
}

Leg& Legs::add(Leg fresh, const sip::Flow& flow, Caller who, Party shown) {
  fresh.flow = flow;
  fresh.who = std::move(who);
  if (fresh.who.manner) {
    fresh.outside = std::make_unique<Outside>();
    fresh.outside->reached = fresh.outgoing() || flow.address.transport != sip::Transport::udp;
  }
  fresh.shown = std::move(shown);
  fresh.alias = {.call_id = context_.unique(), .local_tag = context_.unique(), .remote_tag = context_.unique()};
  Leg& leg = book_.add(std::move(fresh));
  notices_.counted(leg.who.peer);
  return leg;
}

void Legs::end(LegId id, int status, const std::string& reason, bool said_bye) {
  Leg* leg = book_.leg(id);
  if (!leg || leg->is<Ending>()) return;
  uncount(*leg, true);
  exchanges_.abort(*leg);
  streams_.close(*leg);
  for (const auto kind : {TimerKind::leg_silent, TimerKind::leg_again, TimerKind::leg_refresh, TimerKind::leg_expiry,
                          TimerKind::leg_lost, TimerKind::leg_probe, TimerKind::leg_rekey})
    context_.clear_timer(kind, id);
  const bool early = leg->is<Early>() || leg->is_asking();
  const bool awaits_ack = !leg->outgoing() && leg->is<Answered>() && leg->awaits_ack;
  const bool owes_answer = leg->owes_answer();
  answers_.reject(*leg, status < 300 ? 487 : status);
  requests_.end_pending(*leg);
  leg->state = Ending{.bye = said_bye ? Ending::Bye::said : Ending::Bye::unsaid, .reason = reason};
  leg->call = Serial{};
  notices_.dialogs_changed(*leg);
  context_.set_timer(TimerKind::leg_ending, id, context_.options.times.reply);
  if (auto* invite = leg->client(); invite && early) {
    if (invite->tx && !std::exchange(invite->cancelled, true)) requests_.cancel(*invite->tx, reason);
    return forget_if_done(id);
  }
  if (early || said_bye) return forget_if_done(id);
  if (awaits_ack) {
    std::get<Ending>(leg->state).bye = Ending::Bye::after_ack;
    return;
  }
  if (owes_answer) requests_.acknowledge(*leg, *leg->client()->tx, leg->client()->cseq, {});
  say_bye(*leg);
}

void Legs::say_bye(Leg& leg) {
  auto& ending = std::get<Ending>(leg.state);
  if (ending.bye == Ending::Bye::said) return forget_if_done(leg.id);
  ending.bye = Ending::Bye::said;
  auto bye = requests_.make(leg, "BYE");
  if (!ending.reason.empty()) bye.set_header("Reason", ending.reason);
  requests_.send(leg, std::move(bye), ForBye{});
  context_.set_timer(TimerKind::leg_ending, leg.id, context_.options.times.reply);
}

void Legs::uncount(Leg& leg, bool carried) {
  if (const auto toll = std::exchange(leg.who.toll, std::nullopt)) context_.host.over(*toll, carried);
}

void Legs::detach(Leg& leg) {
  uncount(leg, true);
  exchanges_.abort(leg);
  streams_.close(leg);
  for (const auto kind :
       {TimerKind::leg_refresh, TimerKind::leg_expiry, TimerKind::leg_lost, TimerKind::leg_probe, TimerKind::leg_rekey})
    context_.clear_timer(kind, leg.id);
  requests_.end_pending(leg);
  leg.state = Ending{.bye = Ending::Bye::awaited};
  leg.call = Serial{};
  notices_.dialogs_changed(leg);
  context_.set_timer(TimerKind::leg_ending, leg.id, context_.options.times.transferor);
}

void Legs::forget_if_done(LegId id) {
  const Leg* leg = book_.leg(id);
  const auto* ending = leg ? std::get_if<Ending>(&leg->state) : nullptr;
  if (!ending || ending->bye == Ending::Bye::awaited || ending->bye == Ending::Bye::after_ack) return;
  if (requests_.all_answered(*leg)) forget(id);
}

void Legs::forget(LegId id) {
  Leg* leg = book_.leg(id);
  if (!leg) return;
  uncount(*leg, true);
  exchanges_.abort(*leg);
  streams_.close(*leg);
  requests_.end_pending(*leg);
  requests_.forget(*leg);
  for (const auto kind : {TimerKind::leg_silent, TimerKind::leg_again, TimerKind::leg_ending, TimerKind::leg_refresh,
                          TimerKind::leg_expiry, TimerKind::leg_lost, TimerKind::leg_probe, TimerKind::leg_rekey})
    context_.clear_timer(kind, id);
  survival_.drop(*leg);
  const auto peer = leg->who.peer;
  book_.remove(id);
  notices_.counted(peer);
}

void Legs::refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller,
                  Party callee, int status, std::string_view words) {
  requests_.refuse(tx, invite, status, words);
  notices_.refused(flow, invite, caller, std::move(callee), status);
}

}  // namespace roamdesk::calls
