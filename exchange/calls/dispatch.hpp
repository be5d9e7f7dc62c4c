#pragma once
#include <cstdint>
#include <utility>

#include "exchange/calls/context.hpp"
#include "exchange/calls/requests.hpp"

namespace roamdesk::calls {

struct Rooms;

// Where everything goes that comes in: messages, their failures, what media reports, and timers. What needs neither
// offer nor answer is answered here.
class Dispatch {
 public:
  explicit Dispatch(Rooms& rooms) : rooms_(rooms) {}

  // False: none of calls' (no dialog or transaction of theirs); nothing was done.
  bool handle(const sip::TransactionEvent& event);
  void handle_request(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request);
  void handle_media(const media::Event& event);
  void handle_timer(TimerKind kind, std::uint64_t id);

 private:
  void acked(Leg& leg, const sip::Message& ack);
  void take_ack(Leg& leg, const sip::Message& ack);
  void cancelled(sip::ServerTx invite, const sip::Message& cancel);
  void server_failed(sip::ServerTx tx);
  void responded(sip::ClientTx tx, const sip::Message& response);
  // A trunk's 401 or 407. True: the request is on its way again.
  bool answer_challenge(Leg& leg, sip::ClientTx tx, const Requests::Sent& sent, const sip::Message& response);
  void client_failed(sip::ClientTx tx, bool timed_out);
  // The request has had its final answer, or none. `response`: nullptr if none.
  void settled(sip::ClientTx tx, const Requests::Sent& sent, int status, const sip::Message* response);
  void bye(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void prack(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void info(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void relay(Leg& leg, sip::ServerTx tx, const sip::Message& request);
  void relayed(sip::ServerTx to, int status);

  Rooms& rooms_;
};

}  // namespace roamdesk::calls
