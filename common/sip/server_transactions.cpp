#include "common/crypto/hash.hpp"
#include "common/sip/text.hpp"
#include "common/sip/transactions.hpp"
#include "common/sip/via.hpp"

// What both server machines share: matching, retransmissions, ACK and CANCEL (RFC 3261 §17.2.3, §9.2).
namespace roamdesk::sip {
namespace {

constexpr std::string_view magic_cookie = "z9hG4bK";

// What is kept of a request while it waits for its answer.
Message skeleton(const Message& request) {
  Message kept;
  kept.via = request.via;
  if (request.method != "INVITE") return kept;
  kept.from = request.from;
  kept.to = request.to;
  kept.call_id = request.call_id;
  kept.cseq = request.cseq;
  kept.record_route = request.record_route;
  return kept;
}

}  // namespace

std::string server_key(const Flow& flow, const Message& request, std::string_view method) {
  const Via& via = request.via.front();
  std::string key = flow.address.site.value();
  const auto add = [&key](std::string_view part) {
    key += '\n';
    key += part;
  };
  // A sender at another address can't repeat, cancel or acknowledge it, whatever that sender knows of it.
  add(to_string(flow.address.peer.address));
  add(method);
  add(via.host);
  add(std::to_string(via.port));
  add(via.params.find("branch").value_or(""));
  if (!has_magic_cookie(via)) {
    // RFC 2543 peers: no branch of theirs is unique, so everything else is compared that two requests could differ in.
    // The INVITE's To tag isn't, since its ACK has our tag there (receive_ack looks at that).
    add(to_string(request.request_uri));
    add(request.call_id);
    add(request.from.tag());
    add(std::to_string(request.cseq.number));
    if (method != "INVITE") add(request.to.tag());
  }
  return key;
}

bool has_magic_cookie(const Via& via) {
  const auto branch = via.params.find("branch").value_or("");
  return branch.size() > magic_cookie.size() &&
         equal_ignoring_case(branch.substr(0, magic_cookie.size()), magic_cookie);
}

std::string ack_key(const Flow& flow, const Message& message) {
  return flow.address.site.value() + '\n' + to_string(flow.address.peer.address) + '\n' + message.to.tag() + '\n' +
         message.from.tag() + '\n' + std::to_string(message.cseq.number) + '\n' + message.call_id;
}

void TransactionLayer::Impl::receive_request(const Flow& flow, Message request, TimePoint now) {
  stamp(request.via.front(), flow.address.peer);
  const bool ack = request.method == "ACK", cancelling = request.method == "CANCEL";
  auto key = server_key(flow, request, ack ? "INVITE" : std::string_view{request.method});
  if (ack) return receive_ack(flow, std::move(request), key, now);
  if (const auto found = server_by_key.find(key); found != server_by_key.end())
    return repeat_request(servers.at(found->second));
  // Answered where it comes from now: the flow that it came by first may be gone (a branch's line was down).
  if (const auto answer = answered.find(key)) return send(flow, std::string{*answer});
  if (cancelling) return receive_cancel(flow, std::move(request), std::move(key), now);
  if (full(flow)) return refuse(flow, request, 503);
  begin_server(flow, std::move(request), std::move(key), now);
}

// Without a transaction: a retransmission gets the same answer again, an ACK of it is dropped.
void TransactionLayer::Impl::refuse(const Flow& flow, const Message& request, int status) {
  auto refusal = make_response(request, status, "", stateless_tag(server_key(flow, request, request.method)));
  if (status == 503) refusal.set_header("Retry-After", "5");
  send(flow, serialise(refusal));
}

void TransactionLayer::Impl::respond_statelessly(std::uint64_t id, Message response) {
  const auto found = servers.find(id);
  if (found == servers.end()) return;
  const auto& tx = found->second;
  response.via = tx.request.via;
  if (!response.to.params.has("tag")) response.to.params.set("tag", stateless_tag(tx.match_key));
  const Flow flow = tx.flow;
  end_server(id);
  send(flow, serialise(response));
}

// §8.2.7: the same for each retransmission, and still not to be guessed (§19.3).
std::string TransactionLayer::Impl::stateless_tag(const std::string& key) const {
  const auto digest = crypto::hmac_sha256(crypto::as_bytes(tag_key), crypto::as_bytes(key));
  return crypto::to_hex(crypto::ByteView{digest}.first(12));
}

void TransactionLayer::Impl::begin_server(const Flow& flow, Message request, std::string key, TimePoint now) {
  const auto id = ++last_id;
  ServerTransaction tx;
  tx.flow = flow;
  tx.invite = request.method == "INVITE";
  tx.registering = request.method == "REGISTER";
  tx.state = tx.invite ? ServerState::proceeding : ServerState::trying;
  tx.request = skeleton(request);
  tx.match_key = key;
  tx.rfc2543 = !has_magic_cookie(request.via.front());
  server_by_key.emplace(std::move(key), id);
  insert_server(id, std::move(tx));
  // §17.2.1: a 100 where the user says nothing within 200 ms.
  if (request.method == "INVITE") set(id, Timer::hundred, now + std::chrono::milliseconds{200});
  events.push_back(RequestReceived{ServerTx{id}, flow, std::move(request)});
}

bool TransactionLayer::Impl::full(const Flow& flow) const {
  if (servers.size() >= limits.server_transactions) return true;
  const auto of_flow = servers_of_flow.find(flow.id);
  if (of_flow != servers_of_flow.end() && of_flow->second >= limits.of_flow) {
    const auto share = shares.find(flow.id);
    if (share == shares.end() || of_flow->second >= share->second) return true;
  }
  const auto of_site = servers_of_site.find(flow.address.site);
  return of_site != servers_of_site.end() && of_site->second >= limits.of_site;
}

void TransactionLayer::Impl::leave_share(ServerTransaction& tx) {
  if (!std::exchange(tx.in_share, false)) return;
  if (const auto mine = servers_of_flow.find(tx.flow.id); --mine->second == 0) servers_of_flow.erase(mine);
}

ServerTransaction& TransactionLayer::Impl::insert_server(std::uint64_t id, ServerTransaction tx) {
  by_flow.insert({tx.flow.id, id});
  ++servers_of_flow[tx.flow.id];
  ++servers_of_site[tx.flow.address.site];
  return servers.emplace(id, std::move(tx)).first->second;
}

void TransactionLayer::Impl::repeat_request(const ServerTransaction& tx) {
  // RFC 6026 §7.1: in Accepted retransmissions are absorbed, the 2xx repeats itself. Confirmed absorbs as well.
  if (tx.state == ServerState::accepted || tx.state == ServerState::confirmed || tx.last.empty()) return;
  send(tx.flow, tx.last);
}

void TransactionLayer::Impl::receive_ack(const Flow& flow, Message ack, const std::string& key, TimePoint now) {
  if (const auto found = server_by_key.find(key); found != server_by_key.end()) {
    const auto id = found->second;
    auto& tx = servers.at(id);
    if (tx.state == ServerState::completed && (!tx.rfc2543 || ack.to.tag() == tx.to_tag)) {
      tx.state = ServerState::confirmed;
      leave_share(tx);
      clear(id, Timer::g);
      clear(id, Timer::h);
      if (flow.reliable())
        end_server(id);
      else
        set(id, Timer::i, end_after(now + timers.t4));
      return;
    }
    // A phone that reuses the INVITE's branch for the ACK of a 2xx: go on with the dialog.
  }
  const auto found = server_by_ack.find(ack_key(flow, ack));
  if (found == server_by_ack.end()) return;
  auto& tx = servers.at(found->second);
  clear(found->second, Timer::g);
  clear(found->second, Timer::h);
  if (std::exchange(tx.acknowledged, true)) return;  // the ACK of a repeated 2xx
  leave_share(tx);
  events.push_back(AckReceived{flow, std::move(ack)});
}

void TransactionLayer::Impl::receive_cancel(const Flow& flow, Message cancel, std::string key, TimePoint now) {
  const auto invite = server_by_key.find(server_key(flow, cancel, "INVITE"));
  if (invite == server_by_key.end()) return refuse(flow, cancel, 481);
  const auto invite_id = invite->second;
  // The CANCEL is a transaction of its own (§9.2), answered here; its To tag is that of the INVITE's answers.
  const auto id = ++last_id;
  ServerTransaction tx;
  tx.flow = flow;
  tx.request = skeleton(cancel);
  tx.match_key = key;
  server_by_key.emplace(std::move(key), id);
  auto& stored = insert_server(id, std::move(tx));
  auto answer = make_response(cancel, 200, "", "");
  tag(servers.at(invite_id), answer);
  respond_other(id, stored, answer, now);
  if (servers.at(invite_id).state == ServerState::proceeding)
    events.push_back(CancelReceived{ServerTx{invite_id}, std::move(cancel)});
}

void TransactionLayer::Impl::respond(std::uint64_t id, Message response, TimePoint now) {
  const auto found = servers.find(id);
  if (found == servers.end()) return;  // the answer came too late; its phone is gone
  auto& tx = found->second;
  response.via = tx.request.via;
  tag(tx, response);
  if (tx.invite)
    respond_invite(id, tx, response, now);
  else
    respond_other(id, tx, response, now);
}

// §8.2.6.2: every answer but 100 has a To tag, and all answers to one request the same.
void TransactionLayer::Impl::tag(ServerTransaction& tx, Message& response) {
  if (response.status == 100) return;
  if (const auto given = response.to.params.find("tag")) {
    tx.to_tag = *given;
    return;
  }
  if (tx.to_tag.empty()) tx.to_tag = unique();
  response.to.params.set("tag", tx.to_tag);
}

void TransactionLayer::Impl::end_server(std::uint64_t id) {
  const auto found = servers.find(id);
  if (found == servers.end()) return;
  clear_all(id);
  if (const auto branch = server_by_key.find(found->second.match_key);
      branch != server_by_key.end() && branch->second == id)
    server_by_key.erase(branch);
  const Flow& flow = found->second.flow;
  by_flow.erase({flow.id, id});
  leave_share(found->second);
  if (const auto mine = servers_of_site.find(flow.address.site); --mine->second == 0) servers_of_site.erase(mine);
  if (!found->second.ack_key.empty()) server_by_ack.erase(found->second.ack_key);
  servers.erase(found);
}

}  // namespace roamdesk::sip
