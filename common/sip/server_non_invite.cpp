#include "common/sip/transactions.hpp"

// RFC 3261 §17.2.2 (figure 8).
namespace roamdesk::sip {

void TransactionLayer::Impl::respond_other(std::uint64_t id, ServerTransaction& tx, const Message& response,
                                           TimePoint now) {
  if (tx.state == ServerState::completed) return;
  auto bytes = serialise(response);
  if (response.status < 200) {
    tx.state = ServerState::proceeding;
    tx.last = bytes;
    return send(tx.flow, std::move(bytes));
  }
  const Flow flow = tx.flow;
  if (flow.reliable()) {
    end_server(id);  // Timer J is zero
  } else {
    tx.state = ServerState::completed;
    tx.last = bytes;
    tx.request = {};  // 10,000 held answers cost what their bytes cost
    set(id, Timer::j, now + long_time());
  }
  send(flow, std::move(bytes));
}

}  // namespace roamdesk::sip
