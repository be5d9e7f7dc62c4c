#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "common/base/timers.hpp"
#include "common/sip/answered_requests.hpp"
#include "common/sip/transaction_layer.hpp"

// The layer's inside: one table of server and one of client transactions, one ordered set of timers. Each state machine
// is a .cpp of its own; README.md names for every transition the test that shows it.
namespace roamdesk::sip {

enum class ServerState : std::uint8_t { trying, proceeding, accepted, completed, confirmed };
enum class ClientState : std::uint8_t { calling, trying, proceeding, accepted, completed };

// RFC 3261 table 4, RFC 6026 and RFC 3262; `hundred` is §17.2.1's 200 ms, `cancelled` §9.1's 64*T1.
enum class Timer : std::uint8_t {
  a,
  b,
  d,
  e,
  f,
  g,
  h,
  i,
  j,
  k,
  l,
  m,
  hundred,
  provisional,
  provisional_end,
  cancelled
};

struct ServerTransaction {
  Flow flow;
  bool invite = false, registering = false;
  ServerState state = ServerState::trying;
  Message request;        // what answers are made of: Via, and of an INVITE what its 100 needs
  std::string last;       // last response as sent
  std::string match_key;  // in the table of branches
  std::string ack_key;    // accepted: the ACK's dialog
  std::string to_tag;     // of our answers, as soon as one had it
  bool rfc2543 = false;   // no magic cookie: its ACK is told by the To tag as well
  bool acknowledged = false;
  bool in_share = true;               // counts for its flow: until the ACK of an INVITE's final answer
  Duration interval{};                // G, the repetition of a 2xx, or of a reliable 1xx
  std::optional<std::uint32_t> rseq;  // reliable 1xx that waits for its PRACK
  std::string reliable;               // its bytes
};

struct ClientTransaction {
  Flow flow;
  bool invite = false;
  std::optional<Owner> owner;  // nullopt for a CANCEL, which is the layer's own
  ClientState state = ClientState::trying;
  Message request;
  std::string bytes, branch;
  Duration interval{};
  bool cancel_wanted = false, cancel_sent = false;
  std::string cancel_reason;                          // RFC 3326
  std::unordered_map<std::string, std::string> acks;  // by To tag; "" while the dialog hasn't made it yet
  std::string refused_ack;                            // of a 3xx..6xx
};

struct TransactionLayer::Impl {
  Impl(TransactionTimers times, std::function<std::string()> tokens, TransactionLimits bounds)
      : timers(times), limits(bounds), unique(std::move(tokens)), tag_key(unique()) {}

  // ---- server side (server_invite.cpp, server_non_invite.cpp)
  void receive_request(const Flow& flow, Message request, TimePoint now);
  void begin_server(const Flow& flow, Message request, std::string key, TimePoint now);
  void refuse(const Flow& flow, const Message& request, int status);
  void respond_statelessly(std::uint64_t id, Message response);
  std::string stateless_tag(const std::string& key) const;
  void tag(ServerTransaction& tx, Message& response);
  void repeat_request(const ServerTransaction& tx);
  std::size_t server_count() const { return servers.size() + answered.size(); }
  bool full(const Flow& flow) const;
  void keep_answer(const Flow& flow, const ServerTransaction& tx, std::string_view answer, TimePoint now);
  ServerTransaction& insert_server(std::uint64_t id, ServerTransaction tx);
  void leave_share(ServerTransaction& tx);
  void receive_ack(const Flow& flow, Message ack, const std::string& key, TimePoint now);
  void receive_cancel(const Flow& flow, Message cancel, std::string key, TimePoint now);
  void respond(std::uint64_t id, Message response, TimePoint now);
  void respond_invite(std::uint64_t id, ServerTransaction& tx, const Message& response, TimePoint now);
  void respond_other(std::uint64_t id, ServerTransaction& tx, const Message& response, TimePoint now);
  void server_timer(std::uint64_t id, ServerTransaction& tx, Timer timer, TimePoint now);
  void end_server(std::uint64_t id);

  // ---- client side (client_invite.cpp, client_non_invite.cpp)
  std::uint64_t begin_client(const Flow& flow, Message request, std::optional<Owner> owner, std::string branch,
                             TimePoint now);
  // Tells the request's owner; nothing where the request is the layer's own.
  void tell(std::uint64_t id, const ClientTransaction& tx, Message response);
  void receive_response(const Flow& flow, Message response, TimePoint now);
  void invite_answered(std::uint64_t id, ClientTransaction& tx, Message response, TimePoint now);
  void other_answered(std::uint64_t id, ClientTransaction& tx, Message response, TimePoint now);
  void cancel(std::uint64_t id, TimePoint now, std::string reason);
  void send_cancel(std::uint64_t id, ClientTransaction& tx, TimePoint now);
  void client_timer(std::uint64_t id, ClientTransaction& tx, Timer timer, TimePoint now);
  void end_client(std::uint64_t id);
  void fail_client(std::uint64_t id, bool timed_out);

  void send(const Flow& flow, std::string bytes) {
    transmits.push_back({flow.id, flow.address.site, std::move(bytes)});
  }
  void set(std::uint64_t id, Timer timer, TimePoint at) {
    armed[id] |= bit(timer);
    clock.set({id, timer}, at);
  }
  void clear(std::uint64_t id, Timer timer) {
    const auto mine = armed.find(id);
    if (mine == armed.end() || (mine->second & bit(timer)) == 0) return;
    mine->second &= static_cast<std::uint16_t>(~bit(timer));
    clock.clear({id, timer});
  }
  static std::uint16_t bit(Timer timer) { return static_cast<std::uint16_t>(1U << static_cast<unsigned>(timer)); }
  void clear_all(std::uint64_t id);
  Duration doubled(Duration interval) const { return std::min<Duration>(interval * 2, timers.t2); }
  Duration long_time() const { return 64 * timers.t1; }
  // When what is over at `at` is forgotten.
  TimePoint end_after(TimePoint at) const {
    if (timers.ends.count() == 0) return at;
    const auto past = at.time_since_epoch() % timers.ends;
    return past.count() == 0 ? at : at - past + timers.ends;
  }

  TransactionTimers timers;
  TransactionLimits limits;
  std::function<std::string()> unique;
  std::string tag_key;        // of stateless answers' To tags
  std::uint64_t last_id = 0;  // shared by both sides, so that one timer table serves them
  std::unordered_map<std::uint64_t, ServerTransaction> servers;
  // By what strangers choose: ordered, since one can't choose what falls together in a tree.
  std::map<std::string, std::uint64_t> server_by_key;
  std::map<std::string, std::uint64_t> server_by_ack;
  std::unordered_map<FlowId, std::size_t> servers_of_flow;
  std::unordered_map<FlowId, std::size_t> shares;  // of those that have another than a phone's
  std::map<SiteId, std::size_t> servers_of_site;
  AnsweredRequests answered;  // not among the servers any more
  std::unordered_map<std::uint64_t, ClientTransaction> clients;
  std::unordered_map<std::string, std::uint64_t> client_by_key;
  std::set<std::pair<FlowId, std::uint64_t>> by_flow;  // both sides
  Timers<std::pair<std::uint64_t, Timer>> clock;
  std::unordered_map<std::uint64_t, std::uint16_t> armed;  // timers that may be in `clock`; gone with the transaction
  std::deque<Transmit> transmits;
  std::deque<TransactionEvent> events;
};

// RFC 3261 §17.2.3: what a retransmission, its ACK and its CANCEL have in common; `method` is the transaction's.
// The site is part of it: two branches may have phones with the same address, branch and Call-ID.
std::string server_key(const Flow& flow, const Message& request, std::string_view method);
bool has_magic_cookie(const Via& via);
// The ACK of a 2xx is matched by its dialog (§13.3.1.4) and its site.
std::string ack_key(const Flow& flow, const Message& message);

}  // namespace roamdesk::sip
