#include "common/sip/text.hpp"
#include "common/sip/transactions.hpp"

// RFC 3261 §17.2.1 (figure 7) as corrected by RFC 6026 §7.1, with the user's duties of §13.3.1.4 and RFC 3262 §3.
namespace roamdesk::sip {

void TransactionLayer::Impl::respond_invite(std::uint64_t id, ServerTransaction& tx, const Message& response,
                                            TimePoint now) {
  if (tx.state != ServerState::proceeding) return;  // it has had its final answer
  clear(id, Timer::hundred);
  auto bytes = serialise(response);
  tx.last = bytes;
  if (response.status < 200) {
    if (const auto rseq = response.header("RSeq");
        rseq && response.status > 100 && response.lists("Require", "100rel")) {
      tx.rseq = static_cast<std::uint32_t>(parse_number(*rseq, UINT32_MAX).value_or(0));
      tx.reliable = bytes;
      tx.interval = timers.t1;
      set(id, Timer::provisional, now + tx.interval);
      set(id, Timer::provisional_end, now + long_time());
    }
    return send(tx.flow, std::move(bytes));
  }
  clear(id, Timer::provisional);
  clear(id, Timer::provisional_end);
  tx.rseq.reset();
  tx.interval = timers.t1;
  if (response.status < 300) {
    tx.state = ServerState::accepted;
    tx.ack_key = ack_key(tx.flow, response);
    server_by_ack[tx.ack_key] = id;
    // §13.3.1.4: repeated over every transport, since the next hop isn't the last one.
    set(id, Timer::g, now + tx.interval);
    set(id, Timer::h, now + long_time());
    set(id, Timer::l, end_after(now + long_time()));
  } else {
    tx.state = ServerState::completed;
    if (!tx.flow.reliable()) set(id, Timer::g, now + tx.interval);
    set(id, Timer::h, now + long_time());
  }
  send(tx.flow, std::move(bytes));
}

void TransactionLayer::Impl::server_timer(std::uint64_t id, ServerTransaction& tx, Timer timer, TimePoint now) {
  switch (timer) {
    case Timer::hundred:
      tx.last = serialise(make_response(tx.request, 100, "Trying", ""));
      return send(tx.flow, tx.last);
    case Timer::g:
      tx.interval = doubled(tx.interval);
      set(id, Timer::g, now + tx.interval);
      return send(tx.flow, tx.last);
    case Timer::provisional:
      tx.interval *= 2;
      set(id, Timer::provisional, now + tx.interval);
      return send(tx.flow, tx.reliable);
    case Timer::provisional_end:
      // RFC 3262 §3: the user rejects the INVITE with a 5xx; the transaction stays for that.
      clear(id, Timer::provisional);
      events.push_back(ServerTxFailed{ServerTx{id}});
      return;
    case Timer::h:
      events.push_back(ServerTxFailed{ServerTx{id}});
      return end_server(id);
    case Timer::i:
    case Timer::l:
      return end_server(id);
    default:
      return;
  }
}

}  // namespace roamdesk::sip
