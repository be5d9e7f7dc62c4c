#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/sip/message.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/hunts.hpp"
#include "exchange/calls/leg_id.hpp"
#include "exchange/calls/types.hpp"

namespace roamdesk::calls {

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
  Stage stage = Stage::waiting;
  Serial call{};  // join: the call that comes of it
  std::optional<LegId> asker;
  LegId other;
  std::optional<sip::ServerTx> tx{};  // the asker's request, until it has its final answer
  sip::Message request{};
  std::string offer{};                   // in its owner's words; empty: a late offer
  std::optional<sip::ClientTx> asked{};  // the request to `other`, or (asking) to `asker`
  std::uint32_t asked_cseq = 0;
  // Whose 2xx held an offer and waits for the ACK with the answer: relay without offer: `other`; join: `asker`.
  struct OwedAck {
    LegId leg;
    sip::ClientTx tx;
    std::uint32_t cseq = 0;
    std::string offer;
  };
  std::optional<OwedAck> owed{};
  std::optional<LegId> replaced{};  // INVITE with Replaces: the leg that goes
  bool our_offer = false;           // relay without offer, to who takes none: ours stands in the 2xx
  bool renew = false;               // join: `asker` wants no late offer; it is told afterwards what holds
  int retries = 0;
};

// RFC 3515: a party hands the other one on.
struct Transfer {
  std::optional<LegId> transferor{};  // nullopt: it has hung up
  Caller by;                          // who that is
  LegId staying;
  std::optional<LegId> early{};       // the ringing peer that the staying party hears
  bool recall = false;                // back to the transferor, who has hung up
  std::optional<LegId> chosen{};      // the new party, once it answered
  Serial consultation{};              // attended: the call that it comes from
  std::optional<LegId> consulting{};  // attended: the transferor's leg there
  std::uint32_t event_id = 0;         // CSeq of the REFER
  bool notify = true;                 // not Refer-Sub: false
  bool to_help = false;               // the call is for help as long as this doesn't fail
  int notified = 0;
};

// The peers that ring for a call, and what is known of those that rang.
struct Fork {
  std::vector<LegId> branches{};  // they ring; or a newcomer with Replaces that waits for the other side
  bool waiting = false;           // no peer to ring yet
  int max_forwards = 70;          // of the INVITEs (RFC 3261 §16.6 step 3, so that loops through others end)
  std::size_t rung = 0;
  std::vector<PeerId> tried{};
  sip::Message best{};  // the best final response so far (RFC 3261 §16.7 step 6); status 0: none
  Hunts hunts{};

  // A transfer begins to ring.
  void restart() {
    max_forwards = 70;
    rung = 0;
    tried.clear();
    best = {};
    hunts.restart();
  }
};

// ---- with whom one talks
struct Bridge {};  // with another peer
struct VoiceDialogue {
  DialogueId id;
  // Which source of digits is listened to: the one that delivered first.
  enum class Digits : std::uint8_t { undecided, info, stream } digits = Digits::undecided;
  bool collecting = false;
};
struct Announcement {
  Refusal refusal;  // with a prompt
  // Of a call for help. Else its caller has shown credentials.
  bool emergency = true;
};
// Nobody calls: we ring, to tell something.
struct Alert {
  std::vector<std::string> prompts;
};

struct Call {
  Serial serial{};
  CallId id{};
  std::variant<Bridge, VoiceDialogue, Announcement, Alert> kind{};
  Party from, to;
  TimePoint since{};
  // The two parties; `callee` is nullopt while it rings, and of a call with no party at the other end; `caller` is
  // nullopt of an alert.
  std::optional<LegId> caller{}, callee{};
  bool answered = false;
  std::optional<TimePoint> answered_at{};
  Fork fork{};
  std::size_t transfers = 0;
  std::optional<Transfer> transfer{};
  struct Handed {  // a transfer has failed, and its transferor may not know yet
    LegId transferor;
    Caller by;
    int status = 0;
    TimePoint at{};
  };
  std::optional<Handed> handed{};
  Serial donates_to{};  // attended transfer under way: one of its parties is going over to that call
  std::optional<Endpoint> emergency_from{};
  bool quiet = false;
  std::optional<Help> help{};
  // The trunk over which another call has ended for it.
  std::optional<PeerId> took_line_of{};
  CallInfo told{};  // the last CallChanged

  bool is_bridge() const { return std::holds_alternative<Bridge>(kind); }
  VoiceDialogue* dialogue() { return std::get_if<VoiceDialogue>(&kind); }
  const VoiceDialogue* dialogue() const { return std::get_if<VoiceDialogue>(&kind); }
  const Announcement* announcement() const { return std::get_if<Announcement>(&kind); }
  const Alert* alert() const { return std::get_if<Alert>(&kind); }
  // Its transfer has found the new party.
  bool has_chosen() const { return transfer && transfer->chosen; }
};

}  // namespace roamdesk::calls
