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
  if (!flow.reliable()) answered.add(tx.match_key, bytes, now + long_time());  // else timer J is zero
  end_server(id);
  send(flow, std::move(bytes));
}

}  // namespace roamdesk::sip
