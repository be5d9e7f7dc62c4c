#include <utility>

#include "common/sip/transactions.hpp"

// RFC 3261 §17.1.1 (figure 5) as corrected by RFC 6026 §7.2, and CANCEL (§9.1).
namespace roamdesk::sip {
namespace {

// §17.1.1.3: the ACK of a refusal belongs to the INVITE's transaction.
Message ack_of_refusal(const Message& invite, const Message& response) {
  Message ack;
  ack.method = "ACK";
  ack.request_uri = invite.request_uri;
  ack.via = invite.via;
  ack.from = invite.from;
  ack.to = response.to;
  ack.call_id = invite.call_id;
  ack.cseq = {invite.cseq.number, "ACK"};
  ack.route = invite.route;
  ack.max_forwards = 70;
  return ack;
}

}  // namespace

void TransactionLayer::Impl::invite_answered(std::uint64_t id, ClientTransaction& tx, Message response, TimePoint now) {
  const bool early = tx.state == ClientState::calling || tx.state == ClientState::proceeding;
  if (response.status < 200) {
    if (!early) return;
    tx.state = ClientState::proceeding;
    clear(id, Timer::a);
    clear(id, Timer::b);
    if (tx.cancel_wanted) send_cancel(id, tx, now);
    tell(id, tx, std::move(response));
    return;
  }
  if (response.status < 300) {
    if (!early && tx.state != ClientState::accepted) return;
    if (early) {
      tx.state = ClientState::accepted;
      clear_all(id);
      set(id, Timer::m, end_after(now + long_time()));
    }
    const auto tag = response.to.tag();
    if (const auto known = tx.acks.find(tag); known != tx.acks.end()) {
      if (!known->second.empty()) send(tx.flow, known->second);  // the ACK was lost
      return;
    }
    if (tx.acks.size() >= 16) return;
    tx.acks.emplace(tag, "");
    tell(id, tx, std::move(response));
    return;
  }
  if (tx.state == ClientState::completed) return send(tx.flow, tx.refused_ack);
  if (!early) return;
  tx.refused_ack = serialise(ack_of_refusal(tx.request, response));
  send(tx.flow, tx.refused_ack);
  tell(id, tx, std::move(response));
  clear_all(id);
  if (tx.flow.reliable()) return end_client(id);
  tx.state = ClientState::completed;
  set(id, Timer::d, end_after(now + std::max<Duration>(std::chrono::seconds{32}, long_time())));
}

void TransactionLayer::Impl::cancel(std::uint64_t id, TimePoint now, std::string reason) {
  const auto found = clients.find(id);
  if (found == clients.end() || !found->second.invite) return;
  auto& tx = found->second;
  if (!std::exchange(tx.cancel_wanted, true)) tx.cancel_reason = std::move(reason);
  // §9.1: not before a provisional response; until then the INVITE may overtake its CANCEL.
  if (tx.state == ClientState::proceeding) send_cancel(id, tx, now);
}

void TransactionLayer::Impl::send_cancel(std::uint64_t id, ClientTransaction& tx, TimePoint now) {
  if (std::exchange(tx.cancel_sent, true)) return;
  Message cancel;
  cancel.method = "CANCEL";
  cancel.request_uri = tx.request.request_uri;
  cancel.from = tx.request.from;
  cancel.to = tx.request.to;
  cancel.call_id = tx.request.call_id;
  cancel.cseq = {tx.request.cseq.number, "CANCEL"};
  cancel.route = tx.request.route;
  if (!tx.cancel_reason.empty()) cancel.set_header("Reason", tx.cancel_reason);
  set(id, Timer::cancelled, now + long_time());
  // `tx` may move when a transaction is added: nothing is done with it after this.
  const Flow flow = tx.flow;
  const auto branch = tx.branch;
  begin_client(flow, std::move(cancel), std::nullopt, branch, now);
}

}  // namespace roamdesk::sip
