#include "exchange/calls/carrying.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "exchange/calls/rooms.hpp"

namespace roamdesk::calls {
namespace {

constexpr std::uint64_t most_ids = std::uint64_t{1} << 62;
constexpr std::uint32_t most_streams = std::uint32_t{1} << 31;
// When each leg is asked, so that they don't all answer at once.
constexpr std::chrono::milliseconds first_probe{2000}, between_probes{250};
constexpr std::uint64_t probes_in_turn = 16;

bool is_quiet(const Leg& leg) {
  return leg.is<Up>() && !leg.exchange && !leg.awaits_ack && !leg.playing && !leg.unproven && leg.stream;
}

CarriedLeg carried_of(const Leg& leg) {
  CarriedLeg result;
  result.id = leg.id;
  result.outgoing = leg.outgoing();
  result.who = leg.who;
  result.shown = leg.shown;
  result.dialog = leg.dialog;
  result.flow = leg.flow.address;
  result.alias = leg.alias;
  result.takes_update = leg.takes_update;
  result.stream = *leg.stream;
  result.media = leg.media;
  result.remote_sdp = leg.remote_sdp;
  result.local_sdp = leg.local_sdp;
  result.sdp_version = leg.sdp_version;
  result.srtp = leg.seal.srtp;
  result.suite = leg.seal.agreed;
  result.session = leg.session.state();
  return result;
}

// Answered long ago: what it was is of no interest any more.
InviteServer answered_invite() {
  InviteServer invite{sip::ServerTx{}, {}, true};
  invite.close();
  return invite;
}

}  // namespace

bool Carrying::goes_on(const Call& call) const {
  const Leg* caller = std::as_const(rooms_.book).leg(call.caller);
  const Leg* callee = std::as_const(rooms_.book).leg(call.callee);
  if (!call.is_bridge() || !call.answered || !caller || !callee) return false;
  if (call.transfer || call.donates_to != Serial{} || !call.fork.branches.empty()) return false;
  return is_quiet(*caller) && is_quiet(*callee) && caller->connected == callee->id;
}

std::vector<CarriedCall> Carrying::carried() const {
  std::vector<const Call*> calls;
  for (const auto& [serial, call] : rooms_.book.calls())
    if (goes_on(call)) calls.push_back(&call);
  std::sort(calls.begin(), calls.end(), [](const Call* one, const Call* other) {
    return std::tie(one->since, one->serial) < std::tie(other->since, other->serial);
  });
  std::vector<CarriedCall> result;
  const auto now = rooms_.context.now;
  for (const Call* call : calls) {
    CarriedCall carried;
    carried.id = call->id;
    carried.from = call->from;
    carried.to = call->to;
    carried.begun = now - call->since;
    carried.answered = now - call->answered_at.value_or(now);
    carried.emergency_from = call->emergency_from;
    carried.quiet = call->quiet;
    carried.help = call->help;
    if (carried.help && call->took_line_of) carried.help->takes_line = false;
    carried.transfers = call->transfers;
    carried.caller = carried_of(*rooms_.book.leg(*call->caller));
    carried.callee = carried_of(*rooms_.book.leg(*call->callee));
    result.push_back(std::move(carried));
  }
  return result;
}

bool Carrying::is_settling() const {
  const auto& legs = rooms_.book.legs();
  return std::any_of(legs.begin(), legs.end(), [](const auto& entry) {
    return entry.second.confirmed() && (entry.second.exchange || entry.second.awaits_ack);
  });
}

bool Carrying::is_sound(const CarriedLeg& leg) const {
  const auto id = leg.id.value();
  if (id == 0 || id >= most_ids || leg.stream.value() == 0 || leg.stream.value() >= most_streams) return false;
  if (leg.dialog.call_id.empty() || leg.dialog.local_tag.empty() || leg.alias.call_id.empty()) return false;
  if (leg.media.port == 0 || leg.media.port % 2 != 0 || leg.local_sdp.empty()) return false;
  if (leg.who.manner && !leg.who.peer) return false;
  if (!rooms_.book.has_room_for(leg.id, leg.dialog.local_tag, leg.alias.call_id)) return false;
  return !rooms_.streams.leg_of(leg.stream) && sdp_view::read(leg.remote_sdp, leg.flow.peer.address, leg.srtp);
}

bool Carrying::is_sound(const CarriedCall& call) const {
  const auto &caller = call.caller, &callee = call.callee;
  if (call.id.value().empty() || rooms_.book.call(call.id) || call.begun < call.answered) return false;
  if (rooms_.book.legs().size() + 2 > rooms_.context.options.limits.legs) return false;
  return caller.id != callee.id && caller.stream != callee.stream &&
         caller.dialog.local_tag != callee.dialog.local_tag && caller.alias.call_id != callee.alias.call_id &&
         is_sound(caller) && is_sound(callee);
}

bool Carrying::adopt(CarriedCall carried) {
  if (!is_sound(carried)) return false;
  auto& host = rooms_.context.host;
  if (!host.claim_media(carried.caller.flow.site, carried.caller.media)) return false;
  if (!host.claim_media(carried.callee.flow.site, carried.callee.media)) {
    host.release_media(carried.caller.flow.site, carried.caller.media);
    return false;
  }
  const auto now = rooms_.context.now;
  const auto caller = add(std::move(carried.caller)), callee = add(std::move(carried.callee));
  Call& call = rooms_.book.add(Call{.id = carried.id,
                                    .kind = Bridge{},
                                    .from = std::move(carried.from),
                                    .to = std::move(carried.to),
                                    .since = now - carried.begun,
                                    .caller = caller,
                                    .callee = callee,
                                    .answered = true,
                                    .answered_at = now - carried.answered,
                                    .transfers = carried.transfers,
                                    .emergency_from = carried.emergency_from,
                                    .quiet = carried.quiet,
                                    .help = std::move(carried.help)});
  call.told.id = call.id;  // it was told that it began
  Leg &one = *rooms_.book.leg(caller), &other = *rooms_.book.leg(callee);
  for (Leg* leg : {&one, &other}) {
    leg->call = call.serial;
    rooms_.notices.joined(*leg, call);
    rooms_.notices.counted(leg->who.peer);
    rooms_.streams.adopt(*leg, leg == &one ? other : one);
  }
  rooms_.streams.connect(one, other);
  for (Leg* leg : {&one, &other}) wind_up(*leg);
  rooms_.notices.tell(call);
  return true;
}

LegId Carrying::add(CarriedLeg carried) {
  const auto& times = rooms_.context.options.times;
  std::variant<InviteServer, InviteClient> invite = answered_invite();
  if (carried.outgoing) invite = InviteClient{.heard = true, .rang = true};
  Leg leg{carried.id, std::move(invite), {.interval = times.session, .least = times.min_session}};
  leg.state = Up{};
  leg.who = std::move(carried.who);
  leg.shown = std::move(carried.shown);
  leg.dialog = std::move(carried.dialog);
  leg.flow.address = std::move(carried.flow);
  leg.flow_lost = true;
  leg.alias = std::move(carried.alias);
  leg.takes_update = carried.takes_update;
  leg.stream = carried.stream;
  leg.media = carried.media;
  leg.remote_sdp = std::move(carried.remote_sdp);
  leg.local_sdp = std::move(carried.local_sdp);
  leg.sdp_version = carried.sdp_version;
  leg.seal.srtp = carried.srtp;
  leg.seal.agreed = carried.suite;
  leg.session.resume(carried.session);
  if (leg.who.manner) {
    leg.outside = std::make_unique<Outside>();
    leg.outside->reached = leg.outside->progressed = true;
  }
  return rooms_.book.add(std::move(leg)).id;
}

void Carrying::wind_up(Leg& leg) {
  auto& context = rooms_.context;
  rooms_.requests.reattach(leg);
  if (leg.flow_lost) context.set_timer(TimerKind::leg_lost, leg.id, context.options.times.lost_flow);
  rooms_.sessions.wind_up(leg);
  const auto turn = static_cast<int>(leg.id.value() % probes_in_turn);
  context.set_timer(TimerKind::leg_probe, leg.id, first_probe + turn * between_probes);
  rooms_.negotiation.rekey(leg);
}

void Carrying::probe(Leg& leg) {
  if (!leg.is<Up>()) return;
  rooms_.requests.reattach(leg);
  // Until its flow is there; TimerKind::leg_lost says how long that may take.
  if (leg.flow_lost) return rooms_.context.set_timer(TimerKind::leg_probe, leg.id, first_probe);
  if (!leg.rekeys) rooms_.negotiation.refresh(leg);
}

}  // namespace roamdesk::calls
