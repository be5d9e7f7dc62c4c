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
  if (!flow.reliable()) keep_answer(flow, tx, bytes, now);  // else timer J is zero
  end_server(id);
  send(flow, std::move(bytes));
}

void TransactionLayer::Impl::keep_answer(const Flow& flow, const ServerTransaction& tx, std::string_view answer,
                                         TimePoint now) {
  if (!tx.registering && answered.of(flow.id) >= limits.answers_of_flow) return;
  answered.add(tx.match_key, answer, end_after(now + long_time()), flow.id, tx.registering);
  while (answered.bytes() > limits.answered_bytes && answered.size() > 1) answered.forget_oldest();
}

}  // namespace roamdesk::sip
