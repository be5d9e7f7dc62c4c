#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/media_orders/orders.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/types.hpp"

namespace roamdesk::calls {

using LegId = Strong<struct LegTag, std::uint64_t>;
using Serial = Strong<struct SerialTag, std::uint64_t>;  // a call, inside the engine; 0: none
using ExchangeId = Strong<struct ExchangeTag, std::uint64_t>;

enum class LegState : std::uint8_t {
  early,     // its INVITE has no final answer
  answered,  // 2xx seen or sent, ACK not yet
  up,
  ending,  // of no call any more: waits for the last answers to what is open, then it is forgotten
};

// A provisional response that waits for its turn: RFC 3262 §3, one unacknowledged at a time.
struct Provisional {
  int status = 0;
  std::string reason, body;
};

// One phone's part in a call: a dialog (RFC 3261 §12) and a media stream.
struct Leg {
  LegId id;
  std::optional<media::PlayId> playing;  // a prompt
  Serial call;
  LegState state = LegState::early;
  bool outgoing = false;  // we sent the INVITE

  // Who is there, with which rights, and whom its phone shows. Fixed at the INVITE: a change of identity doesn't reach
  // a call that is up.
  Caller who;
  Party shown;

  // dialog
  sip::Flow flow;
  bool flow_lost = false;
  std::string call_id, local_tag, remote_tag;
  // What the person's lamp calls the dialog: random. Its own names are nobody's but its phone's.
  struct Alias {
    std::string call_id, local_tag, remote_tag;
  } alias;
  std::uint32_t local_cseq = 0;
  std::optional<std::uint32_t> remote_cseq;
  sip::NameAddr local, remote;  // with their tags
  sip::Uri target;              // remote target: the Contact, as it came
  std::vector<sip::NameAddr> routes;
  bool takes_update = false;  // Allow: UPDATE

  // the INVITE that makes it
  std::optional<sip::ServerTx> invite_tx;  // until its final answer
  std::optional<sip::ClientTx> invite_ctx;
  sip::Message invite;
  bool offered = false;    // the INVITE carries an offer
  bool heard = false;      // the phone has answered something
  bool rang = false;       // 180 or 183 from the phone
  std::uint64_t hunt = 0;  // the list of contacts that it comes from; 0: none
  bool cancelled = false;  // by us
  bool bye_when_acked = false;
  bool said_bye = false;  // either side has
  bool detached = false;  // a transferor whose call has gone on without it: it may say BYE itself
  bool ack_due = false;   // outgoing: its 2xx holds an offer, the answer goes into the ACK
  std::uint32_t invite_cseq = 0;
  struct AwaitedAck {
    sip::ServerTx tx;
    std::uint32_t cseq = 0;
  };
  std::optional<AwaitedAck> awaits_ack;  // of the INVITE whose 2xx we sent
  std::string bye_reason;                // Reason header of the BYE to come

  // RFC 3262, incoming only
  bool reliable = false;  // Require: 100rel
  std::uint32_t rseq = 0;
  std::optional<std::uint32_t> unacked;  // RSeq
  bool unacked_offer = false;            // it holds SDP: the 2xx has to wait (§3)
  std::deque<Provisional> provisionals;
  std::optional<sip::Message> held_answer;  // the 2xx
  std::string early_body;                   // the last SDP in a provisional
  std::optional<LegId> early_from;          // whose it was
  int last_provisional = 0;

  // media
  bool unproven = false;  // nobody was asked who it is, and nothing shows yet that its address hears us
  std::optional<media::StreamId> stream;
  Endpoint media;
  std::optional<LegId> connected;
  std::string remote_sdp, local_sdp;  // as agreed last: received, sent
  std::uint64_t sdp_version = 0;
  bool sends = true, receives = true;  // a direction of its last SDP

  // RFC 4028
  std::chrono::seconds session{0};  // 0: no timer
  std::chrono::seconds min_session{0};
  bool we_refresh = false;

  std::string kept;  // the BYE of the last DialogConfirmed; empty before

  std::optional<ExchangeId> exchange;
  std::vector<sip::ClientTx> requests;    // of ours, of which the engine still knows
  std::vector<sip::ServerTx> unanswered;  // of the phone's

  bool holds() const { return !receives; }  // its user has put the other side on hold
};

// An offer and its answer on their way through one leg or two. A leg takes part in at most one at a time (RFC 3261
// §14).
struct Exchange {
  enum class Kind : std::uint8_t {
    relay,    // a re-INVITE or UPDATE (or an INVITE with Replaces) of `asker`, passed on to `other`
    refresh,  // RFC 4028, ours, on `other` alone
    join,     // two dialogs become one call: `asker` makes an offer, `other` answers it
  };
  enum class Stage : std::uint8_t {
    asking,   // join: re-INVITE without SDP to `asker`
    waiting,  // the request to `other` is out, or waits for its turn: for an ACK, or after a 491
    acking,   // relay: our 2xx to `asker` waits for its ACK
  };
  ExchangeId id;
  Kind kind{};
  Stage stage{};
  Serial call;  // join: the call that comes of it
  std::optional<LegId> asker;
  LegId other;
  std::optional<sip::ServerTx> tx;  // the asker's request, until it has its final answer
  sip::Message request;
  std::string offer;                 // in its owner's words; empty: a late offer
  std::optional<sip::ClientTx> ctx;  // the request to `other`, or (asking) to `asker`
  std::uint32_t ctx_cseq = 0;
  // Whose 2xx held an offer and waits for the ACK with the answer: relay without offer: `other`; join: `asker`.
  struct OwedAck {
    LegId leg;
    sip::ClientTx tx;
    std::uint32_t cseq = 0;
    std::string offer;
  };
  std::optional<OwedAck> owed;
  std::optional<LegId> replaced;  // INVITE with Replaces: the leg that goes
  bool renew = false;             // join: `asker` wants no late offer; it is told afterwards what holds
  int retries = 0;
};

// RFC 3515: somebody hands the other party on.
struct Transfer {
  std::optional<LegId> transferor;  // none: it has hung up
  Caller by;                        // who that is
  LegId staying;
  std::optional<LegId> early;       // the ringing phone that the staying party hears
  bool recall = false;              // back to the transferor, who has hung up
  std::optional<LegId> chosen;      // the new party, once it answered
  Serial consultation;              // attended: the call that it comes from
  std::optional<LegId> consulting;  // attended: the transferor's leg there
  std::uint32_t event_id = 0;       // CSeq of the REFER
  bool notify = true;               // not Refer-Sub: false
  int notified = 0;
};

// Contacts of 3xx answers that are tried one behind the other (RFC 3261 §8.1.3.4), each with the rights of the phone
// that named it.
struct Hunt {
  struct Contact {
    Caller by;
    std::string user;
  };
  std::uint64_t id = 0;
  std::deque<Contact> left;  // the one wanted most comes first
};

enum class CallKind : std::uint8_t { bridge, dialogue, announcement };

struct Call {
  Serial serial;
  CallId id;
  CallKind kind = CallKind::bridge;
  DialogueId dialogue;
  Party from, to;
  TimePoint since{};
  std::optional<LegId> a, b;    // the two parties; b is none while it rings
  std::vector<LegId> branches;  // phones that ring
  bool answered = false;
  std::optional<TimePoint> answered_at;
  bool waiting = false;   // no phone to ring yet
  int max_forwards = 70;  // of INVITEs to phones (RFC 3261 §16.6 step 3, so that loops through others end)
  std::size_t rung = 0, transfers = 0, redirections = 0;
  std::uint64_t last_hunt = 0;
  std::vector<Hunt> hunts;
  std::vector<PeerId> tried;
  sip::Message best;  // the best final response so far (RFC 3261 §16.7 step 6); status 0: none
  std::optional<Transfer> transfer;
  struct Handed {  // a transfer has failed, and its transferor may not know yet
    LegId transferor;
    Caller by;
    int status = 0;
    TimePoint at{};
  };
  std::optional<Handed> handed;
  Serial donates_to;     // attended transfer under way: one of its parties is going over to that call
  int final_status = 0;  // announcement
  std::string prompt;    // announcement
  std::optional<Endpoint> emergency_from;
  bool quiet = false;
  enum class Digits : std::uint8_t { nobody, info, stream } digits = Digits::nobody;
  bool collecting = false;
  CallInfo told;  // the last CallChanged
};

}  // namespace roamdesk::calls
