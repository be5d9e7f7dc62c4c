#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/media_orders/orders.hpp"
#include "common/sip/dialog.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/alias.hpp"
#include "exchange/calls/early_dialogs.hpp"
#include "exchange/calls/invite_server.hpp"
#include "exchange/calls/leg_id.hpp"
#include "exchange/calls/sdp_view.hpp"
#include "exchange/calls/session_timer.hpp"
#include "exchange/calls/types.hpp"

namespace roamdesk::calls {

// ---- the states of a leg, each with the members that only it needs; README.md has their table
struct Early {};  // its INVITE has no final answer
struct Answered {
  // Ours was answered with an offer: the answer goes into our ACK.
  bool owes_answer = false;
};  // 2xx seen or sent, ACK not yet
struct Up {};
// Of no call any more: waits for the last answers to what is open, then it is forgotten.
struct Ending {
  enum class Bye : std::uint8_t {
    unsaid,
    after_ack,  // RFC 3261 §15: not before the ACK of our 2xx, or its timeout
    awaited,    // a transferor whose call has gone on without it: it may say BYE itself
    said,       // by either side
  } bye = Bye::unsaid;
  std::string reason{};  // Reason header of the BYE to come
};

// An INVITE of ours.
struct InviteClient {
  std::optional<sip::ClientTx> tx{};  // once it is sent
  std::uint32_t cseq = 0;
  bool heard = false;             // the peer has answered something
  bool rang = false;              // with 180 or 183
  bool cancelled = false;         // by us
  std::uint64_t hunt = 0;         // the hunt that its contact is from; 0: none
  std::vector<Party> diverted{};  // who has sent the call on until it came here (Errand)
};

// What only the leg of a trunk has.
struct Outside {
  std::vector<Target> then{};  // what is asked in its place, the next one first
  bool progressed = false;     // it has answered 101-199: the call is somewhere, no other is asked
  bool reached = false;        // its address hears us: it was dialled, has a connection, or has told our tag
  bool our_offer = false;      // the INVITE's offer is one of ours, not the other party's
  int insisted = 0;            // a call for help that found the trunk full: so often it was asked again
  EarlyDialogs early{};
  std::vector<sip::Header> credentials{};  // of our newest INVITE
};

// One peer's part in a call: a dialog and a media stream.
struct Leg {
  Leg(LegId name, std::variant<InviteServer, InviteClient> begun_by, SessionTimer::Terms terms)
      : id(name), invite(std::move(begun_by)), session(terms) {}

  LegId id;
  Serial call{};
  std::variant<InviteServer, InviteClient> invite;  // who sent it says who began the dialog
  std::variant<Early, Answered, Up, Ending> state{};
  bool offered = false;  // the INVITE carries an offer

  // Who is there, with which rights, and whom the peer shows. Fixed at the INVITE: a change of identity doesn't reach a
  // call that is up.
  Caller who;
  Party shown;

  sip::Dialog dialog;
  sip::Flow flow;
  bool flow_lost = false;
  Alias alias;
  bool takes_update = false;  // Allow: UPDATE
  // Of the INVITE, or re-INVITE, whose 2xx we sent.
  struct AwaitedAck {
    sip::ServerTx tx;
    std::uint32_t cseq = 0;
  };
  std::optional<AwaitedAck> awaits_ack;
  std::string kept;  // the BYE of the last DialogConfirmed; empty before

  std::optional<media::StreamId> stream;
  Endpoint media;
  std::optional<LegId> connected;
  std::optional<media::PlayId> playing;
  bool unproven = false;  // it wasn't asked for credentials, and nothing shows yet that its address hears us
  std::string remote_sdp, local_sdp;  // as agreed last: received, sent
  std::uint64_t sdp_version = 0;
  bool sends = true, receives = true;  // the direction of its last description
  sdp_view::Seal seal;                 // fixed at the INVITE, but for the suite, and for keys that were lost
  bool rekeys = false;                 // it has new keys, and its peer's word on them is missing

  SessionTimer session;
  std::optional<ExchangeId> exchange;
  std::vector<sip::ClientTx> requests;    // of ours, of which calls still know
  std::vector<sip::ServerTx> unanswered;  // of the peer's

  std::unique_ptr<Outside> outside{};  // nullptr: a phone's

  template <class State>
  bool is() const {
    return std::holds_alternative<State>(state);
  }
  bool confirmed() const { return is<Answered>() || is<Up>(); }
  bool outgoing() const { return std::holds_alternative<InviteClient>(invite); }
  InviteServer* server() { return std::get_if<InviteServer>(&invite); }  // nullptr: outgoing
  const InviteServer* server() const { return std::get_if<InviteServer>(&invite); }
  InviteClient* client() { return std::get_if<InviteClient>(&invite); }  // nullptr: incoming
  const InviteClient* client() const { return std::get_if<InviteClient>(&invite); }
  // It waits for our final answer.
  bool is_asking() const { return server() && server()->open(); }
  bool owes_answer() const { return is<Answered>() && std::get<Answered>(state).owes_answer; }
  // Of a trunk's leg only.
  const Manner& manner() const { return *who.manner; }
  // Its peer is asked for help.
  bool is_help() const { return outside && outgoing() && manner().help; }
  // Whom the peer sees at our end from now on. Help sees the number that it calls back, whoever is there.
  void show(const Party& party) {
    if (!is_help()) shown = party;
  }
  bool takes_late_offers() const { return !outside || who.manner->late_offers; }
  bool holds() const { return !receives; }  // its user has put the other side on hold

  // Who speaks in the next session description for it, if that differs from the last one.
  sdp_view::Origin next_origin() const {
    return {.session = id.value(), .version = sdp_version + 1, .media = media, .seal = seal};
  }
};

}  // namespace roamdesk::calls
