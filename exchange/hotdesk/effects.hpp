#pragma once
#include <variant>
#include <vector>

#include "exchange/hotdesk/types.hpp"

namespace roamdesk::hotdesk {

// Check the PIN; the answer comes back as PinChecked. If `dummy`, against a hash that nothing fits and in the same
// time: the attempt has failed already, and that may not be noticed (docs/contract.md §4).
struct CheckPin {
  AttemptId attempt;
  ExtensionNumber extension;
  Secret pin;
  bool dummy = false;
  friend bool operator==(const CheckPin&, const CheckPin&) = default;
};

struct EndedSession {
  SessionInfo session;
  EndReason reason{};
  friend bool operator==(const EndedSession&, const EndedSession&) = default;
};
// The desk's idle credentials from now on; those that it had become old ones.
struct FreshIdle {
  HotDeskId desk;
  Credentials credentials;
  friend bool operator==(const FreshIdle&, const FreshIdle&) = default;
};
// One transaction: first all ends (the session's row goes, its credentials become old ones), then the start, and for
// every desk that it touches other idle credentials. An end of a session that the store doesn't have is no fault, nor
// is a desk. Answered by Stored or StoreFailed.
struct StoreChange {
  Ticket ticket;
  std::vector<EndedSession> ended;
  std::optional<SessionInfo> started;
  std::vector<FreshIdle> idle{};
  friend bool operator==(const StoreChange&, const StoreChange&) = default;
};
// The desk has registered as what it is now (or has too many): these old credentials are good for nothing any more.
// No answer is awaited; a crash before it brings them back, and the next registration ends them again.
struct ForgetOldCredentials {
  HotDeskId desk;
  std::vector<std::string> users;  // their digest users
  friend bool operator==(const ForgetOldCredentials&, const ForgetOldCredentials&) = default;
};

// From now on calls to the extension ring at the desk, and the desk has the extension's rights / until now.
struct Bind {
  HotDeskId desk;
  ExtensionNumber extension;
  SessionId session;
  friend bool operator==(const Bind&, const Bind&) = default;
};
struct Unbind {
  HotDeskId desk;
  ExtensionNumber extension;
  SessionId session;
  friend bool operator==(const Unbind&, const Unbind&) = default;
};

// What came from where the login was dialled has idle rights again, until the phone registers as the session.
struct BridgeClosed {
  HotDeskId desk;
  friend bool operator==(const BridgeClosed&, const BridgeClosed&) = default;
};

// To be stored in place of what was; no answer is awaited.
struct FailuresChanged {
  ExtensionNumber extension;
  std::vector<FailureCount> counts;
  friend bool operator==(const FailuresChanged&, const FailuresChanged&) = default;
};

// How a try at a login, or a request to log out, has ended: once for each.
struct Granted {
  bool phone_present = false;  // false: the phone is told when it comes (202 for the API)
  friend bool operator==(const Granted&, const Granted&) = default;
};
struct Refused {
  LoginFault fault{};  // the phone is told its outcome_of() only
  friend bool operator==(const Refused&, const Refused&) = default;
};
struct LoginEnded {
  AttemptId attempt;
  std::variant<Granted, Refused> how;
  friend bool operator==(const LoginEnded&, const LoginEnded&) = default;
};
struct LogoutEnded {
  RequestId request;
  bool was_logged_in = false;
  friend bool operator==(const LogoutEnded&, const LogoutEnded&) = default;
};

// NOTIFY over the phone's registered flow; there is no dialog with it.
struct TellPhone {
  HotDeskId desk;
  Telling how{};
  Generation generation = 0;
  friend bool operator==(const TellPhone&, const TellPhone&) = default;
};
// The phone says it is unconfigured and may have the desk: change its token, open the window, send the URL by PnP.
struct RenewToken {
  HotDeskId desk;
  friend bool operator==(const RenewToken&, const RenewToken&) = default;
};
struct ReportDesk {
  HotDeskId desk;
  DeskProblem problem{};
  friend bool operator==(const ReportDesk&, const ReportDesk&) = default;
};

struct Audit {
  std::string action;  // "login", "login_failed", "logout", "unlock", "locked"
  std::string actor;
  std::string origin;
  HotDeskId desk;  // empty where none is concerned
  ExtensionNumber extension;
  std::string detail;
  bool again = false;  // a login at the desk where the person is already
  friend bool operator==(const Audit&, const Audit&) = default;
};
// For the event stream (docs/contract.md §3).
struct SessionStarted {
  SessionInfo session;
  friend bool operator==(const SessionStarted&, const SessionStarted&) = default;
};
struct SessionEnded {
  SessionInfo session;
  EndReason reason{};
  friend bool operator==(const SessionEnded&, const SessionEnded&) = default;
};
struct LoginFailed {  // login.failed
  HotDeskId desk;
  ExtensionNumber extension;
  LoginFault fault{};
  friend bool operator==(const LoginFailed&, const LoginFailed&) = default;
};
struct DeskChanged {  // hot_desk.changed: what view() answers differs
  HotDeskId desk;
  friend bool operator==(const DeskChanged&, const DeskChanged&) = default;
};

using Effect = std::variant<CheckPin, StoreChange, ForgetOldCredentials, Bind, Unbind, LoginEnded, LogoutEnded,
                            TellPhone, RenewToken, ReportDesk, Audit, SessionStarted, SessionEnded, LoginFailed,
                            DeskChanged, FailuresChanged, BridgeClosed>;
using Effects = std::vector<Effect>;

}  // namespace roamdesk::hotdesk
