#include <algorithm>
#include <string>
#include <utility>

#include "common/sip/retry_after.hpp"
#include "exchange/calls/outside_rules.hpp"
#include "exchange/calls/ringing.hpp"
#include "exchange/calls/sip_rules.hpp"

// Trunks: their servers, and the trunks behind them, one after the other.
namespace roamdesk::calls {
namespace {

// The first of those that wait for their turn, with all behind it. `but`: none of this trunk.
std::optional<Target> take_next(std::vector<Target> then, std::optional<PeerId> but) {
  const auto next =
      std::find_if(then.begin(), then.end(), [&](const Target& one) { return one.manner && one.peer != but; });
  if (next == then.end()) return std::nullopt;
  Target taken = std::move(*next);
  taken.then.assign(std::make_move_iterator(std::next(next)), std::make_move_iterator(then.end()));
  return taken;
}

std::shared_ptr<const Manner> without_attachment(const Manner& manner) {
  auto plain = std::make_shared<Manner>(manner);
  plain->attachment.reset();
  return plain;
}

}  // namespace

std::variant<TollId, sip::Message> Ringing::find_room(Call& call, Target& target) {
  auto refusal = trunk_full();
  while (true) {
    const auto& manner = *target.manner;
    const auto ours = manner.calls - std::min(manner.calls, manner.reserved_in);
    const bool full = book_.dialogs_of(target.peer) >= manner.calls;
    if (manner.help && full) listener_.take_line(call, target.peer);
    if (manner.help || (!full && book_.calls_to(target.peer) < ours)) {
      const auto admission = context_.host.admit(target.peer, manner);
      if (admission.toll) return *admission.toll;
      refusal = not_admitted(admission);
      if (!admission.trunk_is_full) return refusal;
    }
    auto next = take_next(std::move(target.then), target.peer);
    if (!next) return refusal;
    target = std::move(*next);
  }
}

// To a trunk that takes no late offer: what the party that waits is known to speak; of a caller that hasn't said
// anything, G.711, which every phone has.
void Ringing::make_offer(Call& call, Leg& branch, const Leg& waiting) {
  branch.offered = branch.outside->our_offer = true;
  if (call.transfer) branch.local_sdp = streams_.word(branch, sdp_view::opened(waiting.remote_sdp));
  if (!branch.local_sdp.empty()) return;
  branch.local_sdp = sdp_view::offer_g711(branch.next_origin());
  ++branch.sdp_version;
}

void Ringing::await_word(const Leg& branch) {
  Duration silence = context_.options.times.silence;
  if (branch.outside) {
    // The last one is given the time of a phone.
    const auto patience = branch.manner().silence;
    silence = branch.outside->then.empty() ? std::max<Duration>(silence, patience) : Duration{patience};
  }
  context_.set_timer(TimerKind::leg_silent, branch.id, silence);
}

void Ringing::sent_again(Leg& branch, sip::ClientTx tx) {
  auto& client = *branch.client();
  client.tx = tx;
  client.cseq = requests_.sent(tx)->cseq;
  client.heard = false;
  await_word(branch);
}

// Whether what the response says counts.
bool Ringing::heeds(Leg& branch, const sip::Message& progress) {
  if (!branch.outside) return true;
  branch.outside->progressed = true;
  if (progress.lists("Require", "100rel")) {
    if (!branch.outside->early.acknowledges(progress)) return false;
    requests_.acknowledge_early(branch, progress);
  }
  return progress.status != 199;  // RFC 6228: one of several early dialogs is over; the call isn't
}

bool Ringing::ask_next(Leg& branch, const sip::Message* response) {
  if (!branch.outside) return false;
  auto& outside = *branch.outside;
  if (outside.progressed && !branch.manner().help) return false;
  const auto peer = *branch.who.peer;
  const int status = response ? response->status : 0;
  if (status == 0 || status == 408 || (status >= 500 && status < 600))
    context_.events.emplace_back(ServerFailed{.peer = peer,
                                              .address = branch.flow.address,
                                              .status = status,
                                              .retry_after = response ? sip::retry_after(*response) : std::nullopt});
  if (response && !is_next_asked(branch.manner(), status)) return false;
  const bool whole = response && is_of_the_whole_trunk(status);
  auto next = take_next(std::exchange(outside.then, {}), whole ? std::optional{peer} : std::nullopt);
  if (!next) return false;
  const auto uri = sip::parse_uri(next->contact);
  const auto &from = branch.flow.address, &to = next->flow.address;
  // The offer has keys or none, and says them in the open or not: the same for another server that is alike there.
  const bool alike = streams_.srtp_for(peer, next->flow) == branch.seal.srtp;
  if (uri && alike && next->peer == peer && from.site == to.site && from.face.address == to.face.address) {
    ask_server(branch, *uri, std::move(*next));
    return true;
  }
  const auto id = branch.id;
  const auto serial = branch.call;
  const auto hunt = branch.client()->hunt;
  const auto diverted = branch.client()->diverted;
  Call& call = *book_.call(serial);
  note_failure(call, response ? in_callers_words(*response) : trunk_silent());
  std::erase(call.fork.branches, id);
  legs_.uncount(branch, false);
  legs_.end(id, 487);
  if (Call* still = book_.call(serial)) ring_one(*still, std::move(*next), hunt, diverted);
  hunt_on(serial, hunt);
  settle(serial);
  return true;
}

bool Ringing::insist(Leg& branch, sip::ClientTx tx, int status) {
  if (!branch.outside) return false;
  constexpr int most = 2;
  auto& outside = *branch.outside;
  const auto& manner = branch.manner();
  const auto peer = *branch.who.peer;
  if (manner.attachment && speaks_of_body(status)) {
    branch.who.manner = without_attachment(manner);
    for (auto& next : outside.then)
      if (next.peer == peer && next.manner) next.manner = without_attachment(*next.manner);
    requests_.close(tx);
    send_invite(branch);
    return true;
  }
  Call& call = *book_.call(branch.call);
  if (!manner.help || !says_full(status) || outside.insisted >= most) return false;
  if (listener_.take_line(call, peer)) {
    ++outside.insisted;
    requests_.close(tx);
    send_invite(branch);
    return true;
  }
  if (call.took_line_of != peer) return false;
  // The BYE may be on its way still.
  ++outside.insisted;
  requests_.close(tx);
  context_.set_timer(TimerKind::leg_again, branch.id, context_.options.times.line_free);
  return true;
}

void Ringing::ask_again(LegId id) {
  Leg* branch = book_.leg(id);
  if (branch && book_.call(branch->call) && branch->is<Early>()) send_invite(*branch);
}

// The same INVITE, but for its branch (RFC 3263 §4.3), to another server of the trunk. Should the first one wake, its
// CANCEL goes out, or ACK and BYE.
void Ringing::ask_server(Leg& branch, const sip::Uri& request_uri, Target server) {
  auto& client = *branch.client();
  if (client.tx) requests_.cancel(*client.tx);
  branch.flow = server.flow;
  branch.flow_lost = false;
  branch.who.manner = std::move(server.manner);
  branch.outside->then = std::move(server.then);
  branch.dialog.target = request_uri;
  branch.dialog.routes = branch.manner().route;
  --branch.dialog.local_cseq;
  client.heard = false;
  if (const Call* call = book_.call(branch.call)) notices_.joined(branch, *call);
  send_invite(branch);
}

}  // namespace roamdesk::calls
