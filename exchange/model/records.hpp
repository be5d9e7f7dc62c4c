#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/packed_text.hpp"
#include "common/base/secret.hpp"
#include "common/base/shared_text.hpp"
#include "common/base/srtp.hpp"
#include "common/base/time.hpp"
#include "common/base/words.hpp"
#include "common/phones/mac.hpp"
#include "common/phones/vendor.hpp"
#include "common/sip/flow.hpp"
#include "exchange/model/emergency_place.hpp"
#include "exchange/model/extension_number.hpp"
#include "exchange/model/key_type.hpp"
#include "exchange/model/number_class.hpp"
#include "exchange/model/provisioning_scheme.hpp"
#include "exchange/model/sbc_wishes.hpp"
#include "exchange/model/settings.hpp"

// The domain's records, as the store keeps them and the signalling thread holds them in memory (contract §1, §3).
namespace roamdesk {

using HotDeskId = Strong<struct HotDeskTag, std::string>;  // "HD0001"
using SessionId = Strong<struct SessionTag, std::string>;  // random, also the audit's reference

struct Key {
  KeyType type = KeyType::none;
  std::string value;
  std::string label;
  friend bool operator==(const Key&, const Key&) = default;
};

struct Extension {
  ExtensionNumber number;
  std::string name;
  PackedText pin_hash;  // "scrypt$…"; never the PIN
  bool hot_desking = false;
  std::vector<Key> keys;
  // E.164: what it shows outside; "" for the trunk's main number.
  std::string outside_number{};
  // It shows no number outside, whatever the phone asks for.
  bool hide_number = false;
  // What it may call outside; an emergency number always.
  NumberClasses may_call{NumberClass::national, NumberClass::mobile};
  friend bool operator==(const Extension&, const Extension&) = default;
};

// SIP credentials of a device under one identity. The password is ours, 128 random bits, hex.
struct Credentials {
  PackedText user;  // digest user name
  Secret password;
  friend bool operator==(const Credentials&, const Credentials&) = default;
};

struct DeskOptions {
  std::optional<std::string> language, time_zone, ring_tone, backlight, name, location;
  std::optional<sip::Transport> transport;
  std::vector<std::string> codecs;  // empty: the model's
  std::optional<Srtp> srtp;         // nullopt: the site's
  friend bool operator==(const DeskOptions&, const DeskOptions&) = default;
};

struct HotDesk {
  HotDeskId id;
  Mac mac;
  phones::Vendor vendor = phones::Vendor::unknown;
  std::string model;
  SiteId site;  // "local" or the SBC's name
  std::optional<IpAddress>
      sbc_address;  // which LAN address of the SBC its phone is pointed at; nullopt: the first one that the SBC reports
  DeskOptions options;
  Credentials idle;  // its identity with nobody logged in; new at every login, logout and reset
  // Where help is to come to: a Location's name; "" for that of its site. So with phones and SBCs.
  std::string emergency_location{};
  friend bool operator==(const HotDesk&, const HotDesk&) = default;
};

// One extension logged in at one desk.
struct Session {
  SessionId id;
  HotDeskId desk;
  ExtensionNumber extension;
  Credentials credentials;  // the session's own
  WallTime since{};
  friend bool operator==(const Session&, const Session&) = default;
};

// Credentials of an ended session, or idle ones that were replaced: they authenticate the device with idle rights until
// the desk registers as what it is now.
struct OldCredentials {
  HotDeskId desk;
  ExtensionNumber extension;  // as which it registers; empty: as the idle desk
  Credentials credentials;
  WallTime ended{};
  friend bool operator==(const OldCredentials&, const OldCredentials&) = default;
};

// A device that was seen or assigned.
struct Phone {
  Mac mac;
  phones::Vendor vendor = phones::Vendor::unknown;
  SharedText model{}, firmware{};
  std::string address{};  // IP and SIP port where it registered, or was given its file, last; "" for never
  SiteId site{};
  WallTime first_seen{}, last_seen{};
  bool assigned = false;                       // to the hot desk of this MAC, or to `extension`
  std::optional<ExtensionNumber> extension{};  // a dedicated phone
  std::optional<Credentials> credentials{};    // of a dedicated phone
  PackedText token{};                          // provisioning URL; "" until assigned
  std::optional<WallTime> window_until{};      // the token is handed out until then
  bool needs_restart = false;
  bool window_taken = false;  // an address has fetched in this window, and is the only one that may
  // Of what its tokens are made (provisioning/tokens.hpp): a key of its own, empty until assigned; tokens that were
  // drawn before `tokens_since` are no phone's; and one of before there were keys, until a later one was used.
  Secret token_key{};
  WallTime tokens_since{};
  PackedText first_token{};
  Secret web_password{};            // of its own web page and menus, user "admin"; empty until assigned
  SharedText emergency_location{};  // of a dedicated phone: a desk's stands in its HotDesk
  std::optional<Srtp> srtp{};       // of a dedicated phone; nullopt: its site's
  HttpsStep https = HttpsStep::none;
  friend bool operator==(const Phone&, const Phone&) = default;
};

struct Sbc {
  std::string name;
  std::string time_zone;
  std::string certificate_serial;     // of the certificate in force; "" until enrolled
  std::string enrolment_secret_hash;  // "" once used
  std::optional<WallTime> enrolment_until;
  std::string next_certificate_serial{};  // renewed, and not yet seen in use: good as well; "" for none
  std::string emergency_location{};
  std::optional<Srtp> srtp{};                        // of its phones; nullopt: the setting
  std::optional<ProvisioningScheme> provisioning{};  // likewise
  SbcWishes wishes{};
  friend bool operator==(const Sbc&, const Sbc&) = default;
};

// A registration, written behind and restored after a restart (architecture, Store).
struct StoredBinding {
  Mac mac;
  std::string aor_user;  // as which it registered: "101", "HD0001"
  std::string digest_user;
  std::string contact;  // the Contact header's value, untouched
  sip::FlowAddress flow;
  std::string call_id;
  std::uint32_t cseq = 0;
  SharedText user_agent;
  WallTime expires{};
  friend bool operator==(const StoredBinding&, const StoredBinding&) = default;
};

// A phone's dialog in a call that is up, written behind: what a later process needs to end it, since a restart ends the
// call (architecture, Store).
struct StoredDialog {
  std::string tag;            // ours, of the dialog: unique
  std::optional<Mac> device;  // nullopt: a caller without an account
  sip::FlowAddress flow;
  std::string bye;  // the request as text, with a CSeq above all that were used
  friend bool operator==(const StoredDialog&, const StoredDialog&) = default;
};

// Wrong PINs that still count against an extension's logins: at one desk, or (no desk) anywhere.
struct PinFailures {
  std::optional<HotDeskId> desk;
  std::vector<WallTime> failures;  // the oldest first
  std::optional<WallTime> locked_until;
  friend bool operator==(const PinFailures&, const PinFailures&) = default;
};

// Each may what those before it may.
enum class Role : std::uint8_t { reader, operator_, administrator };
template <>
inline constexpr std::array<std::string_view, 3> words<Role> = {"reader", "operator", "administrator"};

struct User {
  std::string name;
  std::string password_hash;  // "scrypt$…"
  Role role = Role::reader;
  bool disabled = false;  // may not log in, and none of the tokens is good

  // Time-based one-time passwords; empty: the password is enough.
  struct SecondFactor {
    std::string sealed_secret;                 // encrypted under a key that isn't in the database
    std::int64_t last_step = 0;                // of the last code used: none is good twice
    std::vector<std::string> recovery_hashes;  // of the codes that are left
    friend bool operator==(const SecondFactor&, const SecondFactor&) = default;
  };
  std::optional<SecondFactor> second_factor{};
  // Somebody else has chosen the password: the user is asked for another one.
  bool must_change_password = false;
  // "local" and SBCs' names: sees and changes what is there, and nothing else. None: the whole company.
  std::vector<std::string> sites{};
  friend bool operator==(const User&, const User&) = default;
};

struct ApiToken {
  std::string id;
  std::string name;
  std::string user;
  std::string token_hash;  // SHA-256, hex; the token itself is 128+ random bits
  Role scope = Role::reader;
  std::optional<WallTime> expires;
  friend bool operator==(const ApiToken&, const ApiToken&) = default;
};

enum class CallOutcome : std::uint8_t { answered, busy, no_answer, cancelled, refused, unavailable, failed };
template <>
inline constexpr std::array<std::string_view, 7> words<CallOutcome> = {
    "answered", "busy", "no_answer", "cancelled", "refused", "unavailable", "failed"};

// A call that has ended.
struct CallRecord {
  std::int64_t id = 0;  // given by the store
  std::string call;     // GET /calls' id
  std::string from, from_name, to, to_name;
  WallTime started{}, ended{};
  std::optional<WallTime> answered;
  CallOutcome outcome = CallOutcome::failed;
  SiteId from_site, to_site;       // to_site is "" where no phone rang
  std::string from_desk, to_desk;  // "HD0001", where a hot desk took part
  std::string trunk{};             // by which it came or went; "a, b" where it did both, "" for none
  std::optional<EmergencyPlace> emergency{};
  // Where its phones are, for those who are bound to sites: ",branch-1,local,"; a trunk's end is nobody's. "" for none.
  std::string sites{};
  friend bool operator==(const CallRecord&, const CallRecord&) = default;
};

// A member of a record before and after a change, as text; "" where there was, or is, nothing.
struct FieldChange {
  std::string field, from, to;  // "options.language"
  friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

struct AuditRecord {
  std::int64_t id = 0;  // given by the store
  WallTime at{};
  std::string actor;                   // "admin", "extension:101", "clock", "phone:0015…"
  std::string origin;                  // IP, desk id, "console"
  std::string action;                  // "login", "login_failed", "logout", "extension.created", …
  std::string subject;                 // "HD0001", "101", …
  std::string detail;                  // no secrets, no digits
  bool again = false;                  // a login at the desk where the person was already
  std::vector<FieldChange> changes{};  // of a change of a record; no secrets
  std::string site{};                  // at which the subject is; "" for the whole company
  friend bool operator==(const AuditRecord&, const AuditRecord&) = default;
};

}  // namespace roamdesk
