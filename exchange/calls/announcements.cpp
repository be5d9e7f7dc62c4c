#include "exchange/calls/announcements.hpp"

#include <utility>

#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {

bool Announcements::may_start(const sip::FlowAddress& to, bool stranger) const {
  const auto& limits = context_.options.limits;
  std::size_t all = 0, site = 0, address = 0, strangers = 0, strangers_of_site = 0;
  for (const auto serial : book_.announcements()) {
    const Call* call = book_.call(serial);
    const Leg* leg = call && call->announcement()->emergency ? book_.leg(call->caller) : nullptr;
    if (!leg) continue;
    ++all;
    const bool here = leg->flow.address.site == to.site;
    site += here;
    address += here && leg->flow.address.peer.address.source() == to.peer.address.source();
    strangers += !leg->who.seen;
    strangers_of_site += here && !leg->who.seen;
  }
  if (all >= limits.announcements || site >= limits.announcements_of_site) return false;
  if (!stranger) return address < limits.announcements_of_address;
  return address < limits.strangers_of_address && strangers < limits.strangers &&
         strangers_of_site < limits.strangers_of_site;
}

// Who dials what isn't allowed has no share in what calls for help need.
bool Announcements::may_speak(const Caller& caller, const SiteId& site) const {
  const auto& limits = context_.options.limits;
  std::size_t all = 0, here = 0, own = 0;
  for (const auto serial : book_.announcements()) {
    const Call* call = book_.call(serial);
    const Leg* leg = call && !call->announcement()->emergency ? book_.leg(call->caller) : nullptr;
    if (!leg) continue;
    ++all;
    here += leg->flow.address.site == site;
    own += leg->who.peer == caller.peer;
  }
  return all < limits.spoken && here < limits.spoken_of_site && own < limits.spoken_of_peer;
}

void Announcements::refuse(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, const Caller& caller,
                           Party callee, Refusal refusal) {
  const auto sdp = sdp_of(invite);
  const auto srtp = streams_.srtp_for(caller.peer, flow);
  const bool heard =
      !refusal.prompt.empty() && !sdp.empty() && srtp && sdp_view::answer_g711(sdp, {.seal = {.srtp = *srtp}});
  const bool replaces = invite.header("Replaces").has_value();
  if (!heard || replaces || !may_speak(caller, flow.address.site))
    return legs_.refuse(tx, flow, invite, caller, std::move(callee), refusal.status, refusal.words);
  Leg* leg = legs_.accept(tx, flow, invite, caller, callee);
  if (!leg) return;
  const auto prompt = refusal.prompt;
  Call& call = book_.add(Call{.id = CallId{context_.unique()},
                              .kind = Announcement{.refusal = std::move(refusal), .emergency = false},
                              .from = leg->who.party,
                              .to = std::move(callee),
                              .since = context_.now,
                              .caller = leg->id});
  const auto serial = call.serial;
  leg->call = serial;
  notices_.joined(*leg, call);
  context_.set_timer(TimerKind::call_announcing, serial, context_.options.times.announcement);
  const auto origin = leg->next_origin();
  ++leg->sdp_version;
  streams_.set_remote(*leg, leg->remote_sdp);
  answers_.provisional(*leg, {.status = 183, .reason = {}, .sdp = *sdp_view::answer_g711(leg->remote_sdp, origin)});
  streams_.play(*leg, {prompt});
  if (Call* still = book_.call(serial)) notices_.tell(*still);
}

// An announcement that can't be made is no reason to answer anything else. Who can't hear it for its codec is told so
// in words; nothing is repeated, nor kept.
void Announcements::refuse_unheard(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                   const Caller& caller, int status, bool codec) {
  const auto tag = context_.unique();
  if (codec) {
    auto progress = sip::make_response(invite, 183, "", tag);
    progress.set_header("Warning", context_.warning("The announcement needs G.711, over RTP or SRTP with a=crypto"));
    context_.transactions.respond(tx, std::move(progress), context_.now);
  }
  context_.transactions.respond_statelessly(tx, sip::make_response(invite, status, "", tag));
  notices_.refused(flow, invite, caller, Party{.number = invite.request_uri.user, .display = {}}, status);
}

void Announcements::start(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                          std::string prompt, int status) {
  const auto sdp = sdp_of(invite);
  const bool late = sdp.empty(), stranger = !caller.seen;
  // Whatever is set for media: it says nothing that isn't for everybody, and an emergency call is refused for nothing
  // that can be had.
  constexpr auto srtp = Srtp::optional;
  const bool codec = late || sdp_view::answer_g711(sdp, {.seal = {.srtp = srtp}});
  if (!codec || !may_start(flow.address, stranger) || book_.legs().size() >= context_.options.limits.legs)
    return refuse_unheard(tx, flow, invite, caller, status, !codec);
  const bool quiet = caller.quiet;
  const Party dialled{.number = invite.request_uri.user, .display = {}};
  Leg* leg = legs_.begin(tx, flow, invite, std::move(caller), dialled, srtp);
  if (!leg) return;
  Call& call = book_.add(Call{.id = CallId{context_.unique()},
                              .kind = Announcement{.refusal = {status, {}, std::move(prompt)}},
                              .from = leg->who.party,
                              .to = dialled,
                              .since = context_.now,
                              .caller = leg->id,
                              .emergency_from = flow.address.peer,
                              .quiet = quiet});
  const auto serial = call.serial;
  const std::string text = call.announcement()->refusal.prompt;
  leg->call = serial;
  leg->unproven = stranger;
  notices_.joined(*leg, call);
  context_.set_timer(TimerKind::call_announcing, serial, context_.options.times.announcement);
  const auto origin = leg->next_origin();
  ++leg->sdp_version;
  if (late) {
    // RFC 3261 §13.2.1: our offer goes into the 2xx; its ACK has the answer, and proves the address.
    answers_.accept(*leg, sdp_view::offer_g711(origin), std::nullopt);
  } else {
    // PRACK proves the address of a caller that sends no RTP ahead of the 2xx (RFC 3262).
    if (stranger && invite.lists("Supported", "100rel")) leg->server()->be_reliable();
    streams_.set_remote(*leg, leg->remote_sdp);
    answers_.provisional(*leg, {.status = 183, .reason = {}, .sdp = *sdp_view::answer_g711(leg->remote_sdp, origin)});
    // Who has to be heard first misses its beginning: it comes a second time.
    streams_.play(*leg, stranger ? std::vector<std::string>{text, text} : std::vector<std::string>{text});
  }
  if (Call* still = book_.call(serial)) notices_.tell(*still);
}

bool Announcements::take_over(Call& call, int status) {
  Leg* leg = book_.leg(call.caller);
  if (!leg || !leg->is_asking() || (leg->server()->is_reliable() && leg->server()->has_rung())) return false;
  const auto origin = leg->next_origin();
  auto answer = leg->offered ? sdp_view::answer_g711(leg->remote_sdp, origin) : sdp_view::offer_g711(origin);
  if (!answer) return false;
  const auto serial = call.serial;
  for (const auto kind : {TimerKind::call_ringing, TimerKind::call_waiting}) context_.clear_timer(kind, serial);
  const std::string prompt = call.help->prompt;
  book_.announce(call, Announcement{.refusal = {status, {}, prompt}});
  context_.set_timer(TimerKind::call_announcing, serial, context_.options.times.announcement);
  ++leg->sdp_version;
  if (!leg->offered) {
    answers_.accept(*leg, *answer, std::nullopt);
    return true;
  }
  streams_.set_remote(*leg, leg->remote_sdp);
  answers_.say_instead(*leg, std::move(*answer));
  streams_.play(*leg, {prompt});
  return true;
}

void Announcements::proven(Leg& leg) {
  const Call* call = book_.call(leg.call);
  const auto* announcement = call ? call->announcement() : nullptr;
  const bool news = std::exchange(leg.unproven, false);
  if (!announcement && !news) return;
  streams_.set_remote(leg, leg.remote_sdp);
  if (announcement) streams_.play(leg, {announcement->refusal.prompt});
}

void Announcements::over(Serial serial) {
  const Call* call = book_.call(serial);
  const auto* announcement = call ? call->announcement() : nullptr;
  if (!announcement) return;
  const auto status = announcement->refusal.status;
  const Leg* leg = book_.leg(call->caller);
  if (leg && leg->is_asking()) {
    sip::Message last;
    last.status = status;
    last.reason = announcement->refusal.words.empty() ? sip::default_reason(status) : announcement->refusal.words;
    return endings_.give_up(serial, status, &last, {});
  }
  endings_.end_call(serial, status, "SIP ;cause=" + std::to_string(status));
}

}  // namespace roamdesk::calls
