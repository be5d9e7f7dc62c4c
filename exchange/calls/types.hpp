#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/time.hpp"
#include "common/media_orders/orders.hpp"
#include "common/sip/flow.hpp"
#include "exchange/calls/manner.hpp"

namespace roamdesk::calls {

using CallId = Strong<struct CallTag, std::string>;  // random; what GET /calls shows
// Who is at the far end of a leg: a phone, or a trunk. Calls compare it, count by it and hand it back to their Host,
// and never look into it: what it names, and how that is reached, is their surroundings' to know.
using PeerId = Strong<struct PeerTag, std::uint64_t>;
// A dialog with a trunk as the surroundings count it: it may cost money.
using TollId = Strong<struct TollTag, std::uint64_t>;
using DialogueId = Strong<struct DialogueTag, std::uint64_t>;  // a call with the voice dialogue; never reused

// One end of a call as the other one sees it.
struct Party {
  std::string number;   // user part: "101", "HD0001"
  std::string display;  // may be empty
  friend bool operator==(const Party&, const Party&) = default;
};

// What makes a call one for help (or of help that calls back): no rule, limit or option of its INVITE refuses it, and
// it gives way to no other call.
struct Help {
  // Where the trunk is full, the newest other call over it ends: once for this call.
  bool takes_line = false;
  // Heard before the refusal where no trunk takes the call; "" for none.
  std::string prompt{};
  // Of one that a transfer makes: the number that a trunk is shown at our end, whoever comes there; "" for none.
  std::string shown{};
  friend bool operator==(const Help&, const Help&) = default;
};

// Who dials. The identity of this moment stays with the call to its end, whatever becomes of the desk.
struct Caller {
  std::optional<PeerId> peer;  // nullopt: a caller who wasn't asked for credentials (an emergency call)
  Party party;
  bool desk = false;    // an idle desk dials: its number is a desk's id
  bool hidden = false;  // wants to be anonymous to the other parties (RFC 3323)
  // Without `peer`: the one that is registered at this address. It wasn't asked whether it is the one; but it shows
  // that the address hears us.
  std::optional<PeerId> seen{};
  bool quiet = false;  // without `peer`: one of more calls than are told of
  // Of a trunk's call: how the trunk is spoken to. nullptr: a phone's. `party` is then who calls by the trunk, with its
  // number in the form in which phones dial it.
  std::shared_ptr<const Manner> manner{};
  std::optional<TollId> toll{};  // of a trunk's call, until it has ended
  std::optional<Help> help{};
};

// Whether a call may go to a trunk (Host::admit).
struct Admission {
  std::optional<TollId> toll{};  // it may, and is counted so
  // Without: the answer for the caller, and whether the next trunk may have room.
  int status = 403;
  std::string words{};  // its reason phrase
  bool trunk_is_full = false;
};

// Why a call isn't made, for who makes it.
struct Refusal {
  int status = 403;      // 300..699
  std::string words{};   // the reason phrase; "" for the status's own
  std::string prompt{};  // the same, said aloud before it; "" for none
};

// One peer that may ring.
struct Target {
  sip::Flow flow;
  std::string contact;  // Request-URI of the INVITE, verbatim
  PeerId peer;
  Party party;                             // whom it rings for; shown to the caller
  std::shared_ptr<const Manner> manner{};  // nullptr: a phone
  // What is asked in its place, one after the other, where it doesn't serve: servers of the same trunk, then those of
  // the next one. Each with a manner; what stands in `then` of one of these isn't looked at.
  std::vector<Target> then{};
};

// A call that a party sends on: a transfer (REFER), or a diversion (3xx).
struct Errand {
  Caller by;         // whose rights count
  Caller caller;     // who will be shown to the one that is reached: the party that stays, or the caller
  std::string user;  // where to, as on the wire
  CallId call{};     // the call that is sent on
  // The parties that have sent this call on by 3xx, the first one first; the last one is `by`. Empty: a transfer.
  std::vector<Party> diverted{};
  // Of a diversion: the caller's INVITE, which may tell of diversions before it reached us (RFC 5806, RFC 7044). Lasts
  // as long as the question.
  const sip::Message* invite = nullptr;
};

// Where an errand's number leads to, with the rights of who sends the call on.
struct Route {
  int refused = 0;  // 0: may be called; else the final status, e.g. 403, 404
  Party callee;
  std::vector<Target> targets;
  bool hold = false;  // no target is there now, but one is about to be: wait Times::hold for add_target()
  // Of a transfer to help: the call becomes one for help, until that has failed.
  std::optional<Help> help{};
};

enum class CallState : std::uint8_t { ringing, up, held };
const char* name(CallState state);  // "ringing", "up", "held"

struct CallInfo {
  CallId id;
  Party from, to;
  CallState state = CallState::ringing;
  TimePoint since{};          // of the INVITE
  SiteId from_site, to_site;  // equal: the media is bridged there. to_site is empty until a phone rings
  std::optional<TimePoint> answered{};
  std::optional<PeerId> from_peer{}, to_peer{};
  // An emergency call, whose caller wasn't asked for credentials: where it came from; from_peer is who is registered
  // there.
  std::optional<Endpoint> emergency_from{};
  bool quiet = false;  // Caller::quiet
  // For help, from its beginning or by a transfer to help that has begun.
  bool help = false;
  friend bool operator==(const CallInfo&, const CallInfo&) = default;
};

// The voice of one party of a call.
struct PartyMedia {
  Party party;
  SiteId site;
  std::optional<media::StreamId> stream;
  std::string codec;  // as agreed: "PCMA", "T.38"; "" while nothing is
};

struct Times {
  std::chrono::seconds hold{15};        // 180 with no phone to ring (architecture, Hot desks)
  std::chrono::seconds no_answer{120};  // then 480 to the caller
  // A phone that answers nothing at all to an INVITE isn't there. It holds five copies of it over UDP (RFC 3261
  // §17.1.1.2: at 0, 0.5, 1.5, 3.5 and 7.5 s).
  std::chrono::milliseconds silence{7750};
  // A provider that has been told that a line is free, and says still that none is, is asked again after so long.
  std::chrono::milliseconds line_free{250};
  std::chrono::seconds announcement{30};  // the longest early-media announcement
  std::chrono::seconds alert{60};         // how long an alert rings
  std::chrono::seconds alert_told{90};    // its longest prompts, once it is answered
  std::chrono::seconds reply{40};         // a request of ours, or an ACK, that never gets its due (over 64*T1)
  std::chrono::seconds transfer{30};      // a transfer that isn't answered has failed then
  std::chrono::seconds recall{60};        // then it rings at the transferor, who has hung up; at last: BYE
  // A transferor that hangs up so soon after its transfer failed hasn't heard of it (its BYE was on its way already),
  // or, where it holds the other party still, thinks it in good hands: it gets that party back.
  std::chrono::milliseconds handed{500};
  std::chrono::seconds handed_held{5};
  std::chrono::seconds transferor{5};    // after its transfer succeeded: BYE itself, or we do
  std::chrono::seconds lost_flow{30};    // a phone whose flow closed is probed after it, and hung up if it isn't there
  std::chrono::seconds session{1800};    // RFC 4028 Session-Expires that we ask for
  std::chrono::seconds min_session{90};  // RFC 4028 Min-SE; §5: not under 90
};

struct Limits {
  std::size_t calls_of_peer = 8;  // dialogs of one phone; beyond it: 486 for a callee, 480 for a caller
  std::size_t legs = 20000;       // dialogs in all; beyond it: 503
  std::size_t targets = 16;       // phones that ring for one call
  std::size_t redirections = 16;  // contacts of 3xx answers that are tried for one call
  std::size_t diversions = 5;     // of one call, those before it reached us included: loops end
  std::size_t transfers = 10;     // of one call, one behind the other
  // Announcements need no credentials; beyond these the caller is refused without one. A stranger calls from
  // an address at which no phone is registered.
  std::size_t announcements = 200, announcements_of_site = 100, announcements_of_address = 16;
  // Refusals that are said aloud to a caller whose credentials were good; beyond these without words.
  std::size_t spoken = 50, spoken_of_site = 25, spoken_of_peer = 2;
  std::size_t strangers = 100, strangers_of_site = 50, strangers_of_address = 4;
  std::size_t alerts = 32;  // calls of ours that tell something, at once
};

// ---- out, in their order (Engine::poll_event) ----
struct CallChanged {  // began, changed its state or a party, or ended; both at once: refused before a phone rang
  CallInfo info;
  bool began = false, ended = false;
  int status = 0;  // where it ended: of the INVITE's answer, or why it was hung up
};
// A dialog is part of the call from now on.
struct DialogJoined {
  CallId call;
  std::string sip_call_id;
  sip::Flow flow;
  std::string number;  // of the person there
};
// Who has called for help hands it over to the other party of `to`: that call is for help now, and `from` ends.
struct HelpHandedOn {
  CallId from, to;
};
struct DialogsChanged {  // Engine::dialogs(number) gives another answer now: lamps
  std::string number;
};
struct PeerDialogs {  // how many dialogs, early ones included, the peer takes part in now
  PeerId peer;
  std::size_t count = 0;
};
// The phone's dialog is confirmed, or can be ended another way than before: keep this for a process that comes after
// us.
struct DialogConfirmed {
  std::string tag;  // ours
  std::optional<PeerId> peer;
  sip::FlowAddress flow;
  std::string bye;  // a whole request
};
struct DialogOver {
  std::string tag;
};
// Over at our end, but nothing leads to its peer: it is to be told by that BYE when it is back. Otherwise as
// DialogConfirmed.
struct DialogUntold {
  std::string tag;
  std::optional<PeerId> peer;
  sip::FlowAddress flow;
  std::string bye;
};
struct DialogueAnswered {  // the ACK is there: the caller hears us
  DialogueId id;
};
struct DialogueDigit {
  DialogueId id;
  char digit = 0;  // 0-9 * # A-D
  // When it came in at the media plane; nullopt if it came with the signalling, now.
  std::optional<TimePoint> at{};
};
struct DialoguePromptEnded {
  DialogueId id;
};
struct DialogueEnded {  // by either side; the id is dead
  DialogueId id;
};
// A trunk's caller has told our tag over UDP: its address isn't forged, since nobody else has heard it.
struct AddressReached {
  PeerId peer;
  sip::FlowAddress flow;
};
// A server of a trunk has failed for an INVITE: the next one, if there is one, is asked at once.
struct ServerFailed {
  PeerId peer;
  sip::FlowAddress address;
  int status = 0;                                     // 0: nothing came in time, or its flow is gone
  std::optional<std::chrono::seconds> retry_after{};  // its Retry-After: not before
};
// It has answered an INVITE, whatever it said.
struct ServerAnswered {
  PeerId peer;
  sip::FlowAddress address;
};
// An INVITE with Replaces was refused: its sender may not take over that dialog.
struct TakeoverRefused {
  Caller by;
  Party of;
  bool ringing = false;  // it rang; else it was up, or its own party's
};
using Event = std::variant<CallChanged, DialogJoined, HelpHandedOn, TakeoverRefused, DialogsChanged, PeerDialogs,
                           AddressReached, ServerFailed, ServerAnswered, DialogConfirmed, DialogOver, DialogUntold,
                           DialogueAnswered, DialogueDigit, DialoguePromptEnded, DialogueEnded>;

}  // namespace roamdesk::calls
