#include "exchange/calls/answers.hpp"

#include <utility>

#include "exchange/calls/sip_rules.hpp"

namespace roamdesk::calls {

void Answers::provisional(Leg& leg, InviteServer::Provisional what, std::optional<LegId> from) {
  if (const auto now = leg.server()->provisional(std::move(what), from)) send(leg, *now);
}

void Answers::send(Leg& leg, const InviteServer::Provisional& what) {
  auto& invite = *leg.server();
  auto response = requests_.make_answer(leg, invite.request(), what.status, what.reason);
  requests_.show_identity(leg, response);
  if (!what.sdp.empty()) {
    response.content_type = "application/sdp";
    response.body = what.sdp;
    leg.local_sdp = what.sdp;
  }
  invite.number(response);
  requests_.respond(invite.tx(), std::move(response));
}

void Answers::say_instead(Leg& leg, std::string sdp) {
  if (leg.server()->contradicts(sdp)) begin_fork(leg);
  provisional(leg, {.status = 183, .reason = {}, .sdp = std::move(sdp)});
}

void Answers::pass_on(Leg& leg, Leg& branch, const sip::Message& response, bool early) {
  std::string sdp;
  auto& invite = *leg.server();
  if (early && leg.server()->early_from().value_or(branch.id) == branch.id) {
    streams_.set_remote(branch, branch.remote_sdp);
    streams_.set_remote(leg, leg.remote_sdp);
    streams_.connect(leg, branch);
    sdp = streams_.word(leg, branch.remote_sdp, leg.remote_sdp);
    // Outside, one INVITE may ring in several places, each with an answer of its own: another dialog to the caller too.
    if (branch.outside && invite.open() && invite.contradicts(sdp) && !invite.is_reliable()) begin_fork(leg);
  }
  provisional(leg, {.status = response.status, .reason = response.reason, .sdp = std::move(sdp)}, branch.id);
  notices_.dialogs_changed(leg);
}

bool Answers::prack(Leg& leg, sip::ServerTx tx, const sip::Message& request) {
  auto* invite = leg.server();
  std::uint32_t acknowledged = 0;
  const auto prack = invite ? invite->prack(request, acknowledged) : InviteServer::Prack::unknown;
  switch (prack) {
    case InviteServer::Prack::unknown:
      requests_.answer(tx, leg, request, 481);
      return false;
    case InviteServer::Prack::offers:
      requests_.answer(tx, leg, request, 488);
      return false;
    case InviteServer::Prack::expected:
      break;
  }
  if (invite->open()) context_.transactions.prack_received(invite->tx(), acknowledged);
  requests_.answer(tx, leg, request, 200);
  return true;
}

void Answers::go_on(Leg& leg) {
  auto& invite = *leg.server();
  if (const auto next = invite.next_provisional()) return send(leg, *next);
  if (auto held = invite.take_held_answer()) {
    const auto tx = invite.close();
    requests_.expect_ack(leg, tx, invite.request().cseq.number);
    requests_.respond(tx, std::move(*held));
  }
}

void Answers::begin_fork(Leg& leg) {
  book_.rename(leg, context_.unique());
  leg.server()->begin_fork();
}

void Answers::accept(Leg& leg, const std::string& sdp, std::optional<LegId> from) {
  if (!leg.is_asking()) return;
  auto& invite = *leg.server();
  const Leg* other = book_.leg(from);
  if (invite.is_fork(from) || (other && other->outside && invite.contradicts(sdp))) begin_fork(leg);
  auto response = requests_.make_answer(leg, invite.request(), 200);
  requests_.show_identity(leg, response);
  sessions_.answer(leg, invite.request(), response);
  leg.local_sdp = sdp;
  leg.state = Answered{};
  auto now = invite.accept(std::move(response), sdp);
  if (!now) return;
  const auto tx = invite.close();
  requests_.expect_ack(leg, tx, invite.request().cseq.number);
  requests_.respond(tx, std::move(*now));
  notices_.dialogs_changed(leg);
}

void Answers::reject(Leg& leg, int status, const sip::Message* like) {
  if (!leg.is_asking()) return;
  auto& invite = *leg.server();
  const auto tx = invite.close();
  auto response = requests_.make_answer(leg, invite.request(), status,
                                        like && like->status == status ? std::string_view{like->reason} : "");
  if (like)
    for (const auto& header : like->headers) response.add_header(header.name, header.value);
  requests_.respond(tx, std::move(response));
}

}  // namespace roamdesk::calls
