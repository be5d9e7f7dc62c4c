#include "common/sip/transactions.hpp"

// What both client machines share: the Via, matching (RFC 3261 §17.1.3), failure.
namespace roamdesk::sip {
namespace {

std::string client_key(std::string_view branch, std::string_view method) {
  std::string key{method};
  key += '\n';
  key += branch;
  return key;
}

const char* via_transport(Transport transport) {
  switch (transport) {
    case Transport::udp:
      return "UDP";
    case Transport::tcp:
      return "TCP";
    case Transport::tls:
      return "TLS";
  }
  return "UDP";
}

}  // namespace

std::uint64_t TransactionLayer::Impl::begin_client(const Flow& flow, Message request, std::optional<Owner> owner,
                                                   std::string branch, TimePoint now) {
  const auto id = ++last_id;
  ClientTransaction tx;
  tx.flow = flow;
  tx.owner = owner;
  tx.invite = request.method == "INVITE";
  tx.state = tx.invite ? ClientState::calling : ClientState::trying;
  tx.branch = std::move(branch);
  Via via;
  via.transport = via_transport(flow.address.transport);
  via.host = host_of(flow.address.face.address);
  via.port = flow.address.face.port;
  via.params.set("branch", tx.branch);
  via.params.set("rport");  // RFC 3581: what a phone behind nothing may ignore
  request.via.assign(1, via);
  if (!request.max_forwards) request.max_forwards = 70;
  tx.bytes = serialise(request);
  tx.request = std::move(request);
  tx.request.body.clear();
  tx.interval = timers.t1;
  if (!flow.reliable()) set(id, tx.invite ? Timer::a : Timer::e, now + tx.interval);
  set(id, tx.invite ? Timer::b : Timer::f, now + long_time());
  client_by_key.emplace(client_key(tx.branch, tx.request.method), id);
  send(flow, tx.bytes);
  by_flow.insert({flow.id, id});
  clients.emplace(id, std::move(tx));
  return id;
}

void TransactionLayer::Impl::receive_response(const Flow& flow, Message response, TimePoint now) {
  // §18.1.2: a response with more than our Via isn't for us.
  if (response.via.size() != 1) return;
  const auto found = client_by_key.find(client_key(response.via.front().branch(), response.cseq.method));
  if (found == client_by_key.end()) return;
  const auto id = found->second;
  auto& tx = clients.at(id);
  // The branch is unguessable, yet an answer from elsewhere than where the request went is none.
  if (tx.flow.address.site != flow.address.site || tx.flow.address.peer.address != flow.address.peer.address) return;
  if (tx.invite)
    invite_answered(id, tx, std::move(response), now);
  else
    other_answered(id, tx, std::move(response), now);
}

void TransactionLayer::Impl::tell(std::uint64_t id, const ClientTransaction& tx, Message response) {
  if (tx.owner) events.push_back(ResponseReceived{ClientTx{id}, *tx.owner, tx.flow, std::move(response)});
}

void TransactionLayer::Impl::fail_client(std::uint64_t id, bool timed_out) {
  const auto found = clients.find(id);
  if (found == clients.end()) return;
  const auto& tx = found->second;
  // Completed and Accepted have told their user all that there is.
  const bool open = tx.state != ClientState::completed && tx.state != ClientState::accepted;
  if (open && tx.owner) events.push_back(ClientTxFailed{ClientTx{id}, *tx.owner, timed_out});
  end_client(id);
}

void TransactionLayer::Impl::end_client(std::uint64_t id) {
  const auto found = clients.find(id);
  if (found == clients.end()) return;
  clear_all(id);
  client_by_key.erase(client_key(found->second.branch, found->second.request.method));
  by_flow.erase({found->second.flow.id, id});
  clients.erase(found);
}

void TransactionLayer::Impl::client_timer(std::uint64_t id, ClientTransaction& tx, Timer timer, TimePoint now) {
  switch (timer) {
    case Timer::a:
      tx.interval *= 2;  // §17.1.1.2: without a bound; B ends it
      set(id, Timer::a, now + tx.interval);
      return send(tx.flow, tx.bytes);
    case Timer::e:
      // §17.1.2.2: in Proceeding always T2.
      tx.interval = tx.state == ClientState::proceeding ? Duration{timers.t2} : doubled(tx.interval);
      set(id, Timer::e, now + tx.interval);
      return send(tx.flow, tx.bytes);
    case Timer::b:
    case Timer::f:
    case Timer::cancelled:
      return fail_client(id, true);
    case Timer::d:
    case Timer::k:
    case Timer::m:
      return end_client(id);
    default:
      return;
  }
}

}  // namespace roamdesk::sip
