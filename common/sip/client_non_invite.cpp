#include "common/sip/transactions.hpp"

// RFC 3261 §17.1.2 (figure 6).
namespace roamdesk::sip {

void TransactionLayer::Impl::other_answered(std::uint64_t id, ClientTransaction& tx, Message response, TimePoint now) {
  if (tx.state == ClientState::completed) return;
  const bool provisional = response.status < 200;
  tell(id, tx, std::move(response));
  if (provisional) {
    tx.state = ClientState::proceeding;
    return;
  }
  clear_all(id);
  if (tx.flow.reliable()) return end_client(id);
  tx.state = ClientState::completed;
  set(id, Timer::k, end_after(now + timers.t4));
}

}  // namespace roamdesk::sip
