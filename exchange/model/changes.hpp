#pragma once
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "exchange/model/alarm.hpp"
#include "exchange/model/alarm_receiver.hpp"
#include "exchange/model/describe.hpp"
#include "exchange/model/emergency.hpp"
#include "exchange/model/emergency_callback.hpp"
#include "exchange/model/firmware.hpp"
#include "exchange/model/inbound_number.hpp"
#include "exchange/model/line_month.hpp"
#include "exchange/model/location.hpp"
#include "exchange/model/outbound_rule.hpp"
#include "exchange/model/records.hpp"
#include "exchange/model/rollout.hpp"
#include "exchange/model/snippet.hpp"
#include "exchange/model/trunk.hpp"
#include "exchange/model/upstream_account.hpp"

// What can happen to the records that last. A vector of changes is stored whole or not at all, in its order (see
// pbx-core/store). Put* inserts or replaces the record with the same key. Delete* and EndSession of what isn't there do
// nothing.
namespace roamdesk {

struct PutExtension {
  Extension extension;
  friend bool operator==(const PutExtension&, const PutExtension&) = default;
};
// Refused (constraint) while a session or a dedicated phone refers to it: end or change those earlier in the same
// vector.
struct DeleteExtension {
  ExtensionNumber number;
  friend bool operator==(const DeleteExtension&, const DeleteExtension&) = default;
};
// Idle credentials of a desk that is there stay as they are: RenewIdle alone changes them.
struct PutDesk {
  HotDesk desk;
  friend bool operator==(const PutDesk&, const PutDesk&) = default;
};
// Refused while a session is there. Its old credentials go with it.
struct DeleteDesk {
  HotDeskId id;
  friend bool operator==(const DeleteDesk&, const DeleteDesk&) = default;
};
struct PutPhone {
  Phone phone;
  friend bool operator==(const PutPhone&, const PutPhone&) = default;
};
struct DeletePhone {
  Mac mac;
  friend bool operator==(const DeletePhone&, const DeletePhone&) = default;
};
// Records that are nothing but themselves: the directory keeps them by their key, the store in their table, and both do
// so for every type in this list alike. Such a type has its fields(), table<> and key_of<> (see describe.hpp).
template <class... R>
struct Records {};
using PlainRecords =
    Records<Sbc, Trunk, OutboundRule, InboundNumber, Location, EmergencyCallback, Emergency, UpstreamAccount, Alarm,
            AlarmReceiver, Rollout, RolloutBranch, FirmwareFile, FirmwarePin, FirmwareTurn, Snippet, LineMonth>;

template <>
inline constexpr auto key_of<Sbc> = &Sbc::name;
template <class R>
using KeyOf = std::remove_cvref_t<decltype(std::declval<R&>().*key_of<R>)>;

template <class R>
struct Put {
  R record;
  friend bool operator==(const Put&, const Put&) = default;
};
// What refers to it makes the store refuse this.
template <class R>
struct Delete {
  KeyOf<R> key;
  friend bool operator==(const Delete&, const Delete&) = default;
};
using PutSbc = Put<Sbc>;
// Refused while a desk stands at this site.
using DeleteSbc = Delete<Sbc>;

// Refused where the desk or the extension has a session, or one of them doesn't exist.
struct StartSession {
  Session session;
  friend bool operator==(const StartSession&, const StartSession&) = default;
};
// The session goes; its credentials stay as OldCredentials of its desk.
struct EndSession {
  SessionId id;
  WallTime ended{};
  friend bool operator==(const EndSession&, const EndSession&) = default;
};
// The desk has other idle credentials from now on; those that it had stay as OldCredentials. Of a desk that isn't
// there: nothing.
struct RenewIdle {
  HotDeskId desk;
  Credentials credentials;
  WallTime at{};
  friend bool operator==(const RenewIdle&, const RenewIdle&) = default;
};
// The desk has registered as what it is now: its old credentials are good for nothing any more.
struct ForgetOldCredentials {
  HotDeskId desk;
  std::string user;  // the digest user; empty: all of the desk's
  friend bool operator==(const ForgetOldCredentials&, const ForgetOldCredentials&) = default;
};
// Replaces the failures that were known of the extension; empty: nothing counts any more.
struct PutPinFailures {
  ExtensionNumber extension;
  std::vector<PinFailures> counts;
  friend bool operator==(const PutPinFailures&, const PutPinFailures&) = default;
};
struct PutUser {
  User user;
  friend bool operator==(const PutUser&, const PutUser&) = default;
};
// The user's API tokens go with it.
struct DeleteUser {
  std::string name;
  friend bool operator==(const DeleteUser&, const DeleteUser&) = default;
};
// Refused where its user doesn't exist.
struct PutToken {
  ApiToken token;
  friend bool operator==(const PutToken&, const PutToken&) = default;
};
struct DeleteToken {
  std::string id;
  friend bool operator==(const DeleteToken&, const DeleteToken&) = default;
};
struct PutSettings {
  Settings settings;
  friend bool operator==(const PutSettings&, const PutSettings&) = default;
};
struct AppendAudit {
  AuditRecord record;  // its id is given by the store
  friend bool operator==(const AppendAudit&, const AppendAudit&) = default;
};
struct AppendCallRecord {
  CallRecord record;  // its id is given by the store
  friend bool operator==(const AppendCallRecord&, const AppendCallRecord&) = default;
};
// Records of the audit and of calls from before go; the newest of the audit stays, so that no id is given twice.
struct TrimHistory {
  WallTime before{};
  friend bool operator==(const TrimHistory&, const TrimHistory&) = default;
};
template <class List, class... Others>
struct ChangeOf;
template <class... R, class... Others>
struct ChangeOf<Records<R...>, Others...> {
  using type = std::variant<Others..., Put<R>..., Delete<R>...>;
};
using Change = ChangeOf<PlainRecords, PutExtension, DeleteExtension, PutDesk, DeleteDesk, PutPhone, DeletePhone,
                        StartSession, EndSession, ForgetOldCredentials, PutUser, DeleteUser, PutToken, DeleteToken,
                        PutSettings, AppendAudit, PutPinFailures, TrimHistory, AppendCallRecord, RenewIdle>::type;
using Changes = std::vector<Change>;

}  // namespace roamdesk
