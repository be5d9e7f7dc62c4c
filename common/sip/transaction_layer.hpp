#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "common/base/time.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"

namespace roamdesk::sip {

using ServerTx = Strong<struct ServerTxTag, std::uint64_t>;
using ClientTx = Strong<struct ClientTxTag, std::uint64_t>;
// Which of the layer's users has sent a request: what becomes of the request is told with it. The users number
// themselves.
enum class Owner : std::uint8_t {};

// RFC 3261 §17, table 4. A test may shorten them; the product never does.
struct TransactionTimers {
  std::chrono::milliseconds t1{500}, t2{4000}, t4{5000};
  // What is over is forgotten at the next whole one of these after its timer (D, I, J, K, L, M: "at least" so long):
  // one turn for what many calls have left. 0: at its timer.
  std::chrono::milliseconds ends{0};
};

// Over one of the first three, new requests are refused with 503 and Retry-After, statelessly; what is under way goes
// on. So a phone fills its own share only, whatever its credentials.
struct TransactionLimits {
  std::size_t server_transactions = 50'000;  // without their final answer, or INVITEs that wait for their ACK
  std::size_t of_site = 20'000;
  std::size_t of_flow = 100;  // more than a phone needs; an INVITE that was acknowledged isn't counted
  // Answers that are kept until timer J for repetitions: of a flow, beyond which they aren't; of all, in bytes, beyond
  // which the oldest are forgotten. Of REGISTER, which may be repeated, a flow's last one is enough.
  std::size_t answers_of_flow = 100;
  std::size_t answered_bytes = 64 << 20;
};

// What the layer says to its user. Each is complete in itself: the user keeps ids, never references.

// New, not a retransmission; never ACK or CANCEL.
struct RequestReceived {
  ServerTx tx;
  Flow flow;
  Message request;
};
// Of a 2xx: a transaction of its own (§13.2.2.4), matched by dialog.
struct AckReceived {
  Flow flow;
  Message ack;
};
// The CANCEL itself was answered 200 already; answer the INVITE with 487.
struct CancelReceived {
  ServerTx invite;
  Message cancel;
};
// No ACK for our final answer in 64*T1, or its flow is gone: the transaction is no more. Or no PRACK for a reliable 1xx
// in 64*T1: it is still there, answer it with 5xx (RFC 3262 §3).
struct ServerTxFailed {
  ServerTx tx;
};
// 1xx, and finals; further 2xx of a forked INVITE come too (§13.2.2.4).
struct ResponseReceived {
  ClientTx tx;
  Owner owner{};
  Flow flow;
  Message response;
};
// `timed_out`: act as on 408; else the flow is gone: as on 503 (§8.1.3.1).
struct ClientTxFailed {
  ClientTx tx;
  Owner owner{};
  bool timed_out = false;
};
using TransactionEvent =
    std::variant<RequestReceived, AckReceived, CancelReceived, ServerTxFailed, ResponseReceived, ClientTxFailed>;

struct Transmit {
  FlowId flow;
  SiteId site;  // of the flow
  std::string bytes;
};

// RFC 3261 §17 as corrected by RFC 6026, over flows, sans-IO. Owned by the signalling thread.
// After each handle_*/command the caller drains poll_transmit() and poll_event() until both are empty.
class TransactionLayer {
 public:
  // `unique` gives an unguessable token (branches, tags) at each call.
  TransactionLayer(TransactionTimers timers, std::function<std::string()> unique, TransactionLimits limits = {});
  ~TransactionLayer();
  TransactionLayer(const TransactionLayer&) = delete;
  TransactionLayer& operator=(const TransactionLayer&) = delete;

  void handle_message(const Flow& flow, Message message, TimePoint now);
  void handle_flow_closed(FlowId flow, TimePoint now);
  // The flow is no phone's but another exchange's: so many open requests of it take the place of
  // TransactionLimits::of_flow, until it closes. Of several the largest counts.
  void set_share(FlowId flow, std::size_t open);
  void handle_timeout(TimePoint now);  // spurious calls do nothing
  std::optional<TimePoint> deadline() const;

  // Sends `request` in a new client transaction; its events carry `owner`. The layer writes the one Via (face of the
  // flow, rport, branch) and Max-Forwards where it is missing.
  ClientTx send_request(const Flow& flow, Message request, Owner owner, TimePoint now);
  // CANCEL of an INVITE that has no final answer; waits for the first provisional one (§9.1). Unknown ids: no effect.
  // `reason` is its Reason header (RFC 3326), "" for none; the first call's counts.
  void cancel(ClientTx invite, TimePoint now, std::string reason = {});
  // ACK of a 2xx, built by the dialog; kept and repeated for each retransmitted 2xx with the same To tag (RFC 6026
  // §8.4).
  void acknowledge(ClientTx invite, Message ack, TimePoint now);
  // An answer. 2xx to INVITE is retransmitted by the layer until its ACK comes (§13.3.1.4), then ServerTxFailed after
  // 64*T1. Reliable 1xx (RFC 3262: `Require: 100rel`, RSeq) likewise until prack_received().
  // Via is the request's; where the To tag was forgotten the layer adds one (never to a 100).
  void respond(ServerTx tx, Message response, TimePoint now);
  // A final answer to a sender of whom nothing is known yet (RFC 3261 §8.2.7, §26.3.2.4): sent once, and the
  // transaction is no more, so that strangers hold no memory and take no other's place. A retransmission is a new
  // request, an INVITE's ACK is absorbed. Where the To tag was forgotten it is the same for each retransmission.
  void respond_statelessly(ServerTx tx, Message response);
  void prack_received(ServerTx invite, std::uint32_t rseq);

  std::optional<Transmit> poll_transmit();
  std::optional<TransactionEvent> poll_event();

  std::size_t server_transactions() const;
  std::size_t client_transactions() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace roamdesk::sip
