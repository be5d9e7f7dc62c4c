#include "exchange/calls/body.hpp"
#include "exchange/calls/impl.hpp"
#include "exchange/calls/words.hpp"

// Announcements ahead of a refusal. Nobody is asked who he is for them, so nobody may use them against others: they
// cost a port each, and media goes to an address only that is known to hear us.
namespace roamdesk::calls {

bool Engine::Impl::may_announce(const sip::FlowAddress& to, bool stranger) const {
  const auto& limits = options_.limits;
  std::size_t site = 0, address = 0, strangers = 0, strangers_of_site = 0;
  for (const auto serial : announcements_) {
    const Call* c = call(serial);
    const Leg* l = c && c->a ? leg(*c->a) : nullptr;
    if (!l) continue;
    const bool here = l->flow.address.site == to.site;
    site += here;
    address += here && l->flow.address.peer.address == to.peer.address;
    strangers += !l->who.seen;
    strangers_of_site += here && !l->who.seen;
  }
  if (announcements_.size() >= limits.announcements || site >= limits.announcements_of_site) return false;
  if (!stranger) return address < limits.announcements_of_address;
  return address < limits.strangers_of_address && strangers < limits.strangers &&
         strangers_of_site < limits.strangers_of_site;
}

// An announcement that can't be made is no reason to answer anything else. Who can't hear it for its codec is told so
// in words; nothing is repeated, nor kept.
void Engine::Impl::refuse_unheard(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite,
                                  const Caller& caller, int status, bool codec) {
  const auto tag = unique_();
  if (codec) {
    auto progress = sip::make_response(invite, 183, "", tag);
    progress.set_header("Warning", "399 " + options_.domain + " \"The announcement needs G.711 over plain RTP\"");
    transactions_.respond(tx, std::move(progress), now_);
  }
  transactions_.respond_statelessly(tx, sip::make_response(invite, status, "", tag));
  note_refused(flow, invite, caller, Party{invite.request_uri.user, {}}, status);
}

void Engine::Impl::announce(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                            std::string prompt, int status) {
  const auto sdp = sdp_of(invite);
  const bool late = sdp.empty(), stranger = !caller.seen;
  const bool codec = late || body::answer_g711(sdp, {0, 0, {}});
  if (!codec || !may_announce(flow.address, stranger) || legs_.size() >= options_.limits.legs)
    return refuse_unheard(tx, flow, invite, caller, status, !codec);
  const bool quiet = caller.quiet;
  Party dialled{invite.request_uri.user, {}};
  Leg* l = begin_leg(tx, flow, invite, std::move(caller), dialled);
  if (!l) return;
  Call& c = make_call(CallKind::announcement, l->who.party, dialled);
  announcements_.insert(c.serial);
  c.a = l->id;
  c.final_status = status;
  c.prompt = std::move(prompt);
  c.emergency_from = flow.address.peer;
  c.quiet = quiet;
  l->call = c.serial;
  l->unproven = stranger;
  note_joined(*l, c);
  set_timer(TimerKind::call_announcing, c.serial.value(), options_.times.announcement);
  const body::Origin origin{l->id.value(), ++l->sdp_version, l->media};
  const auto serial = c.serial;
  if (late) {
    // RFC 3261 §13.2.1: our offer goes into the 2xx; its ACK has the answer, and proves the address.
    accept_invite(*l, body::offer_g711(origin), std::nullopt);
  } else {
    // PRACK proves the address of somebody who sends no RTP ahead of the 2xx (RFC 3262).
    l->reliable = l->reliable || (stranger && invite.lists("Supported", "100rel"));
    set_remote(*l, l->remote_sdp);
    provisional(*l, 183, {}, *body::answer_g711(l->remote_sdp, origin), std::nullopt);
    // Who has to be heard first misses its beginning: it comes a second time.
    if (stranger)
      play(*l, {c.prompt, c.prompt});
    else
      play(*l, {c.prompt});
  }
  if (Call* still = call(serial)) tell(*still);
}

void Engine::Impl::proven(Leg& l) {
  const Call* c = call(l.call);
  if (!c || c->kind != CallKind::announcement) return;
  l.unproven = false;
  set_remote(l, l.remote_sdp);
  play(l, {c->prompt});
}

void Engine::Impl::announced(Serial serial) {
  const Call* c = call(serial);
  if (!c) return;
  const auto status = c->final_status;
  const Leg* l = c->a ? leg(*c->a) : nullptr;
  if (l && l->invite_tx) return give_up(serial, status);
  end_call(serial, status, "SIP ;cause=" + std::to_string(status));
}

}  // namespace roamdesk::calls
