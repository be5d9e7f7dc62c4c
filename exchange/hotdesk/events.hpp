#pragma once
#include <variant>

#include "exchange/hotdesk/types.hpp"

namespace roamdesk::hotdesk {

// ---- what there is (after it was stored) ----
struct DeskDefined {  // made, or changed in its site
  HotDeskId desk;
  SiteId site;
  Credentials idle{};  // of one that is made
  friend bool operator==(const DeskDefined&, const DeskDefined&) = default;
};
struct DeskRemoved {
  HotDeskId desk;
  std::string actor;
  friend bool operator==(const DeskRemoved&, const DeskRemoved&) = default;
};
struct ExtensionChanged {  // made, or changed in its switch; turning it off ends its session (reason admin)
  ExtensionNumber extension;
  bool hot_desking = false;
  std::string actor;
  friend bool operator==(const ExtensionChanged&, const ExtensionChanged&) = default;
};
struct ExtensionDeleted {
  ExtensionNumber extension;
  std::string actor;
  friend bool operator==(const ExtensionDeleted&, const ExtensionDeleted&) = default;
};
// Something that the desk's phone shows was changed (keys, names, options): it fetches again when it has no call.
struct ContentChanged {
  HotDeskId desk;
  friend bool operator==(const ContentChanged&, const ContentChanged&) = default;
};
struct PolicyChanged {
  Policy policy;
  friend bool operator==(const PolicyChanged&, const PolicyChanged&) = default;
};

// ---- people ----
struct LoginRequested {
  AttemptId attempt;
  HotDeskId desk;
  ExtensionNumber extension;
  Secret pin;  // by code only; handed on in CheckPin, not kept
  LoginBy by = LoginBy::code;
  std::string actor;  // "extension:101", "admin"
  std::string origin;
  std::optional<sip::FlowAddress> dialled_at{};  // by code only
  friend bool operator==(const LoginRequested&, const LoginRequested&) = default;
};
struct PinChecked {
  AttemptId attempt;
  bool right = false;
  friend bool operator==(const PinChecked&, const PinChecked&) = default;
};
struct LogoutRequested {
  RequestId request;
  HotDeskId desk;
  EndReason reason = EndReason::code;  // code, admin, api, automatic
  std::string actor;
  std::string origin;
  friend bool operator==(const LogoutRequested&, const LogoutRequested&) = default;
};
struct Unlocked {  // POST /extensions/{number}/unlock
  ExtensionNumber extension;
  std::string actor;
  friend bool operator==(const Unlocked&, const Unlocked&) = default;
};

// ---- the store ----
struct Stored {
  Ticket ticket;
  friend bool operator==(const Stored&, const Stored&) = default;
};
struct StoreFailed {  // nothing of that change was stored
  Ticket ticket;
  friend bool operator==(const StoreFailed&, const StoreFailed&) = default;
};

// ---- the desk's phone ----
// It was given the configuration of this generation. To be said when the generation is read, not when the bytes are
// out.
struct PhoneFetched {
  HotDeskId desk;
  Generation generation = 0;
  friend bool operator==(const PhoneFetched&, const PhoneFetched&) = default;
};
// A REGISTER was accepted at the desk's site: a new binding or a refresh.
struct PhoneRegistered {
  HotDeskId desk;
  Identity identity;
  std::optional<sip::FlowAddress> at{};
  std::string call_id{};  // a phone keeps it until it boots (RFC 3261 §10.2.4)
  friend bool operator==(const PhoneRegistered&, const PhoneRegistered&) = default;
};
struct PhoneUnregistered {  // Expires 0
  HotDeskId desk;
  friend bool operator==(const PhoneUnregistered&, const PhoneUnregistered&) = default;
};
struct BindingExpired {
  HotDeskId desk;
  friend bool operator==(const BindingExpired&, const BindingExpired&) = default;
};
struct DeskBusy {  // its first dialog
  HotDeskId desk;
  friend bool operator==(const DeskBusy&, const DeskBusy&) = default;
};
struct DeskFree {  // no dialog any more
  HotDeskId desk;
  friend bool operator==(const DeskFree&, const DeskFree&) = default;
};
struct TellFailed {  // the NOTIFY of the last TellPhone got no 2xx
  HotDeskId desk;
  bool unanswered = false;  // no answer at all, or no way to the phone
  friend bool operator==(const TellFailed&, const TellFailed&) = default;
};
struct PhoneWithinReach {  // the line to a registered phone is back
  HotDeskId desk;
  friend bool operator==(const PhoneWithinReach&, const PhoneWithinReach&) = default;
};
struct PhoneReset {  // SIP PnP SUBSCRIBE of the desk's (assigned) MAC
  HotDeskId desk;
  friend bool operator==(const PhoneReset&, const PhoneReset&) = default;
};

using Event = std::variant<DeskDefined, DeskRemoved, ExtensionChanged, ExtensionDeleted, ContentChanged, PolicyChanged,
                           LoginRequested, PinChecked, LogoutRequested, Unlocked, Stored, StoreFailed, PhoneFetched,
                           PhoneRegistered, PhoneUnregistered, BindingExpired, DeskBusy, DeskFree, TellFailed,
                           PhoneWithinReach, PhoneReset>;

}  // namespace roamdesk::hotdesk
