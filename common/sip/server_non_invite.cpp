#include "common/sip/transactions.hpp"

// RFC 3261 §17.2.2 (figure 8).
namespace roamdesk::sip {

void TransactionLayer::Impl::respond_other(std::uint64_t id, ServerTransaction& tx, const Message& response,
                                           TimePoint now) {
  auto bytes = serialise(response);
  if (response.status < 200) {
    tx.state = ServerState::proceeding;
    tx.last = bytes;
    return send(tx.flow, std::move(bytes));
  }
  const Flow flow = tx.flow;
  if (!flow.reliable()) {  // else timer J is zero
    const auto branch = server_by_key.find(tx.match_key);
    branch->second = {0, bytes};
    answered.emplace_back(now + long_time(), &branch->first);
  }
  end_server(id);
  send(flow, std::move(bytes));
}

void TransactionLayer::Impl::forget_answered(TimePoint now) {
  for (; !answered.empty() && answered.front().first <= now; answered.pop_front())
    server_by_key.erase(server_by_key.find(*answered.front().second));
}

}  // namespace roamdesk::sip
