#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "exchange/calls/call_endings.hpp"
#include "exchange/calls/negotiation.hpp"
#include "exchange/calls/ringing.hpp"

namespace roamdesk::calls {

struct Rooms;

// The machine of a call: joins what its parts say, and decides what becomes of the call when one of its legs goes.
// README.md has the table of its states.
class CallMachine final : public CallEndings, public Ringing::Listener, public Negotiation::Listener {
 public:
  explicit CallMachine(Rooms& rooms) : rooms_(rooms) {}

  // Engine::start_call.
  std::optional<CallId> start(sip::ServerTx tx, const sip::Flow& flow, const sip::Message& invite, Caller caller,
                              Party callee, std::vector<Target> targets, bool hold);
  // No phone has answered in time, or before the caller's own limit.
  void rang_too_long(Serial call);
  void expired(Serial call);

  // A party hung up, or can't be reached any more. `said_bye`: by a BYE.
  void party_left(LegId leg, int status, const std::string& reason, bool said_bye);
  // The sender of an INVITE has given it up before it was answered. A call that it only was about to join goes on.
  void caller_left(LegId leg, int status, const std::string& reason);
  // The ACK of an INVITE without an offer: it has the answer to ours. False: it hasn't, and the leg was hung up.
  bool take_late_answer(Leg& leg, const sip::Message& ack);

  // ---- from outside
  void lose_flow(sip::FlowId flow);
  void end_across(const SiteId& site);
  std::size_t end_ringing();
  void reached(PeerId peer);
  void probe(PeerId peer);

  // CallEndings
  void end_call(Serial call, int status, const std::string& reason) override;
  void give_up(Serial call, int status, const sip::Message* like, const std::string& reason) override;
  // Ringing::Listener
  void branch_rings(Call& call, Leg& branch, const sip::Message& response, bool early) override;
  void branch_answers(Call& call, Leg& branch, std::string sdp) override;
  void branch_gone(Call& call, LegId branch) override;
  bool take_line(Call& help, PeerId trunk) override;
  void all_failed(Call& call, const sip::Message& best) override;
  // Negotiation::Listener
  void leg_left(LegId leg, int status, const std::string& reason) override;
  void joined(Serial call) override;
  void join_failed(Serial call, int status) override;
  void replaced(Leg& newcomer, LegId old) override;

 private:
  // What becomes of the call of a party that has gone.
  void go_on_without(LegId gone, Serial call, int status, const std::string& reason);

  Rooms& rooms_;
};

}  // namespace roamdesk::calls
