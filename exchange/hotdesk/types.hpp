#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/sip/flow.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk::hotdesk {

// One try at a login, by voice dialogue or API; never used twice.
using AttemptId = Strong<struct AttemptTag, std::uint64_t>;
// One request to log out; likewise.
using RequestId = Strong<struct LogoutRequestTag, std::uint64_t>;
// One change handed to the store; given by the machine.
using Ticket = Strong<struct TicketTag, std::uint64_t>;
// Which rendering of a desk's configuration; rises as long as the process runs.
using Generation = std::uint64_t;

// Under which credentials the phone registered: of a session (this one or an old one), old idle ones, or, with none,
// the idle ones of now.
using Identity = std::optional<SessionId>;

enum class LoginBy : std::uint8_t { code, admin, api };

// Contract §3, `reason` of a session's end.
enum class EndReason : std::uint8_t { code, admin, api, other_login, moved, automatic, max_session, reset, deleted };
const char* to_string(EndReason reason);

// What the person who tried may be told.
enum class LoginOutcome : std::uint8_t {
  failed,       // wrong PIN, unknown, unauthorised, locked: the same words for all (docs/contract.md §4)
  elsewhere,    // policy `refuse`, and the (proven) person is logged in at another desk
  unavailable,  // the change couldn't be stored, or too much is going on: try later
};

// Why a login was refused. For the audit, the event stream and an administrator's answer; never for the phone.
enum class LoginFault : std::uint8_t {
  wrong_pin,
  unknown_extension,
  not_authorised,
  locked,
  unknown_desk,
  elsewhere,
  store_failed,
  no_answer,  // the PIN check wasn't answered in time
  too_many,   // tries of this desk already under way
};
const char* to_string(LoginFault fault);
LoginOutcome outcome_of(LoginFault fault);

// How a phone is asked to fetch its configuration (reference/provisioning.md §6); the vendor's Event value is
// provisioning's.
enum class Telling : std::uint8_t { resync, reboot };

enum class DeskProblem : std::uint8_t {
  none,             // an earlier problem is over
  not_fetching,     // told in every way, and doesn't fetch: it has to be unplugged
  not_registering,  // fetches, but doesn't come back under the identity that it should have
  reset_refused,    // says that it is unconfigured, while the desk is registered
};
const char* to_string(DeskProblem problem);

// Contract §3, `when_already_logged_in` and `max_session`.
struct Policy {
  bool move = true;
  std::optional<std::chrono::seconds> max_session;
  friend bool operator==(const Policy&, const Policy&) = default;
};

// A session as the machine knows it: model's record, on the monotonic clock.
struct SessionInfo {
  SessionId id;
  HotDeskId desk;
  ExtensionNumber extension;
  Credentials credentials;
  TimePoint since{};
  friend bool operator==(const SessionInfo&, const SessionInfo&) = default;
};

// An ended session's credentials, or idle ones that were replaced, as long as the desk's phone may still hold them.
struct OldIdentity {
  SessionId session;  // of idle ones, and at a restart, when the store has no session for it: the digest user
  HotDeskId desk;
  ExtensionNumber extension;  // empty: idle ones
  Credentials credentials;
  friend bool operator==(const OldIdentity&, const OldIdentity&) = default;
};

// Where a login was dialled, or where the phone was registered when an administrator or the API logged a person in, and
// where the phone's registration has gone from there. It goes when the phone registers as the session, or with it.
struct LoginPlace {
  std::optional<sip::FlowAddress> dialled, registered;
  // The bridge is open: what comes from here acts for the person. False: the delivery gave up, or its time is over.
  bool open = true;
  bool covers(const sip::FlowAddress& flow) const { return dialled == flow || registered == flow; }
  friend bool operator==(const LoginPlace&, const LoginPlace&) = default;
};

// Wrong PINs that still count, at one desk or (no desk) anywhere.
struct FailureCount {
  std::optional<HotDeskId> desk;
  std::vector<TimePoint> failures;  // the oldest first
  std::optional<TimePoint> locked_until;
  friend bool operator==(const FailureCount&, const FailureCount&) = default;
};

// What a new session is made of, and new idle credentials; random, so it comes from outside.
struct FreshIdentity {
  SessionId session;
  Credentials credentials;
};
using IdentitySource = std::function<FreshIdentity()>;

}  // namespace roamdesk::hotdesk
