#include "common/sip/transaction_layer.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include "common/sip/transactions.hpp"

namespace roamdesk::sip {

TransactionLayer::TransactionLayer(TransactionTimers timers, std::function<std::string()> unique,
                                   TransactionLimits limits)
    : impl_(std::make_unique<Impl>(timers, std::move(unique), limits)) {
  assert(timers.t1.count() > 0);  // a timer of zero would fire for ever
}
TransactionLayer::~TransactionLayer() = default;

void TransactionLayer::handle_message(const Flow& flow, Message message, TimePoint now) {
  if (message.is_request())
    impl_->receive_request(flow, std::move(message), now);
  else
    impl_->receive_response(flow, std::move(message), now);
}

void TransactionLayer::set_share(FlowId flow, std::size_t open) {
  auto& share = impl_->shares[flow];
  share = std::max(share, open);
}

void TransactionLayer::handle_flow_closed(FlowId flow, TimePoint) {
  impl_->shares.erase(flow);
  std::vector<std::uint64_t> ids;
  for (auto at = impl_->by_flow.lower_bound({flow, 0}); at != impl_->by_flow.end() && at->first == flow; ++at)
    ids.push_back(at->second);
  for (const auto id : ids) {
    const auto server = impl_->servers.find(id);
    if (server == impl_->servers.end()) {
      impl_->fail_client(id, false);
      continue;
    }
    const auto& tx = server->second;
    const bool open = tx.state == ServerState::trying || tx.state == ServerState::proceeding ||
                      (tx.state == ServerState::accepted && !tx.acknowledged);
    if (open) impl_->events.push_back(ServerTxFailed{ServerTx{id}});
    impl_->end_server(id);
  }
}

void TransactionLayer::handle_timeout(TimePoint now) {
  impl_->answered.forget(now);
  while (const auto due = impl_->clock.pop_due(now)) {
    const auto [id, timer] = *due;
    if (const auto server = impl_->servers.find(id); server != impl_->servers.end())
      impl_->server_timer(id, server->second, timer, now);
    else if (const auto client = impl_->clients.find(id); client != impl_->clients.end())
      impl_->client_timer(id, client->second, timer, now);
  }
}

std::optional<TimePoint> TransactionLayer::deadline() const {
  const auto timer = impl_->clock.earliest();
  const auto answered = impl_->answered.deadline();
  return !answered || (timer && *timer <= *answered) ? timer : answered;
}

ClientTx TransactionLayer::send_request(const Flow& flow, Message request, Owner owner, TimePoint now) {
  return ClientTx{impl_->begin_client(flow, std::move(request), owner, "z9hG4bK" + impl_->unique(), now)};
}

void TransactionLayer::cancel(ClientTx invite, TimePoint now, std::string reason) {
  impl_->cancel(invite.value(), now, std::move(reason));
}

void TransactionLayer::acknowledge(ClientTx invite, Message ack, TimePoint) {
  const auto found = impl_->clients.find(invite.value());
  if (found == impl_->clients.end()) return;
  auto& tx = found->second;
  // §13.2.2.4: the ACK of a 2xx is a transaction of its own, with a branch of its own.
  Via via = tx.request.via.front();
  via.params.set("branch", "z9hG4bK" + impl_->unique());
  ack.via.assign(1, via);
  if (!ack.max_forwards) ack.max_forwards = 70;
  auto bytes = serialise(ack);
  tx.acks[ack.to.tag()] = bytes;
  impl_->send(tx.flow, std::move(bytes));
}

void TransactionLayer::respond(ServerTx tx, Message response, TimePoint now) {
  impl_->respond(tx.value(), std::move(response), now);
}

void TransactionLayer::respond_statelessly(ServerTx tx, Message response) {
  impl_->respond_statelessly(tx.value(), std::move(response));
}

void TransactionLayer::prack_received(ServerTx invite, std::uint32_t rseq) {
  const auto found = impl_->servers.find(invite.value());
  if (found == impl_->servers.end() || found->second.rseq != rseq) return;
  found->second.rseq.reset();
  impl_->clear(invite.value(), Timer::provisional);
  impl_->clear(invite.value(), Timer::provisional_end);
}

std::optional<Transmit> TransactionLayer::poll_transmit() {
  if (impl_->transmits.empty()) return std::nullopt;
  auto next = std::move(impl_->transmits.front());
  impl_->transmits.pop_front();
  return next;
}

std::optional<TransactionEvent> TransactionLayer::poll_event() {
  if (impl_->events.empty()) return std::nullopt;
  auto next = std::move(impl_->events.front());
  impl_->events.pop_front();
  return next;
}

std::size_t TransactionLayer::server_transactions() const { return impl_->server_count(); }
std::size_t TransactionLayer::client_transactions() const { return impl_->clients.size(); }

void TransactionLayer::Impl::clear_all(std::uint64_t id) {
  const auto mine = armed.find(id);
  if (mine == armed.end()) return;
  for (auto timer = static_cast<int>(Timer::a); timer <= static_cast<int>(Timer::cancelled); ++timer)
    if (mine->second & bit(static_cast<Timer>(timer))) clock.clear({id, static_cast<Timer>(timer)});
  armed.erase(mine);
}

}  // namespace roamdesk::sip
