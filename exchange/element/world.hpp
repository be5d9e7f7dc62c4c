#pragma once
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/secret.hpp"
#include "common/base/time.hpp"
#include "common/media_orders/plane.hpp"
#include "common/names/query.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/standing.hpp"
#include "common/sip/tls_name.hpp"
#include "exchange/calls/types.hpp"
#include "exchange/door/front.hpp"
#include "exchange/hotdesk/types.hpp"
#include "exchange/model/changes.hpp"
#include "exchange/provisioning/phone_view.hpp"
#include "exchange/trunks/state.hpp"

namespace roamdesk::element {

// The present, twice: machines count in the first, records are stamped with the second.
struct Now {
  TimePoint mono;
  WallTime wall;
};

// A time zone as phones are told it.
struct Zone {
  std::string name;            // "Europe/Berlin"
  int utc_offset_minutes = 0;  // without daylight saving
  bool daylight_saving = false;
  // When; without them phones show standard time.
  std::optional<provisioning::ClockChanges> clock_changes = std::nullopt;
};

// What is told to the event stream and the log, by id; to show more, ask for the state.
struct PhoneDiscovered {
  Mac mac;
};
struct PhoneChanged {
  Mac mac;
};
struct DeskChanged {
  HotDeskId desk;
};
struct SessionStarted {
  Session session;
};
struct SessionEnded {
  Session session;
  hotdesk::EndReason reason{};
};
struct LoginFailed {
  HotDeskId desk;
  hotdesk::LoginFault fault{};
};
// A login by code has ended. `since`: when what completed its PIN came in: the last digit, or the pause after it. If
// `ok`, calls to the extension ring at the desk from now on.
struct LoginTimed {
  HotDeskId desk;
  TimePoint since;
  bool ok = false;
};
struct CallChanged {
  calls::CallInfo call;
  bool began = false, ended = false;  // both: refused at once
  std::optional<EmergencyPlace> emergency{};
};
struct SbcConnected {
  std::string name;
};
struct SbcDisconnected {
  std::string name, why;
};
// Credentials of an ended session, or a desk's idle ones, came from another address than the desk's phone, which is
// where it should be; and were refused.
struct Impostor {
  Mac mac;
  HotDeskId desk;
  SiteId site;
  Endpoint peer;
  std::string what;  // "REGISTER", "hot-desk code"
};
struct Trouble {
  std::string what, where, detail;
};  // for the log: a phone that doesn't fetch, a bad REGISTER, …
// A phone's configuration was asked for, and refused. `mac`: whose, if that is known.
struct ProvisioningRefused {
  std::optional<Mac> mac;
  SiteId site;
  Endpoint peer;
  std::string why;  // a word: "foreign_address"
};
// A trunk is in another condition. `reason`: in words, "" where all is well.
struct TrunkChanged {
  std::string name;
  trunks::Condition condition{};
  std::string reason;
};
// Somebody has called for help: people are to be told, at once. Its record is on its way to the store.
struct EmergencyCalled {
  Emergency emergency;
};
using Notice = std::variant<PhoneDiscovered, PhoneChanged, DeskChanged, SessionStarted, SessionEnded, LoginFailed,
                            LoginTimed, CallChanged, SbcConnected, SbcDisconnected, Trouble, Impostor,
                            ProvisioningRefused, TrunkChanged, EmergencyCalled>;

// A name that the world looks up.
using LookupId = Strong<struct LookupTag, std::uint64_t>;

// One change handed to the store.
using StoreTicket = Strong<struct StoreTicketTag, std::uint64_t>;

// Everything that the element asks of the world: a program implements it over its sockets, store and worker threads, a
// simulation over a simulated network. No function calls back into the element before it has returned.
class World : public media::Plane {
 public:
  virtual void send(sip::FlowId flow, std::string bytes) = 0;
  // The flow of a stored binding: open already, or opened again (UDP only). nullopt if its site or connection is away.
  virtual std::optional<sip::Flow> find_or_open(const sip::FlowAddress& address) = 0;
  // A connection over TCP to where a phone listens: there already, or begun now, and its flow closes if that fails.
  // nullopt: as above, or too many are being made.
  virtual std::optional<sip::Flow> connect(const sip::FlowAddress& address) = 0;
  // Where the servers of that name are (RFC 3263). Answered by Element::located(lookup, located), never from inside.
  virtual void locate(LookupId lookup, names::Query query) = 0;
  // A flow to a peer that an administrator has named: over UDP from the socket that phones know, so that it hears us
  // where our Contact says; over TCP, and TLS with its name, a connection that is there or begun now; its flow closes
  // where it can't be had. The flow's face is the address of ours that is used. nullopt: the site's line is down, it
  // doesn't speak this transport, or too many connections are being made.
  virtual std::optional<sip::Flow> dial(const SiteId& site, sip::Transport transport, Endpoint peer,
                                        const std::optional<sip::TlsName>& tls) = 0;
  // Credentials were shown there, or a phone is registered: the edges keep flows, and hear them, by it while strangers
  // flood them. Never less than what was said before; nothing happens where there is no such flow.
  virtual void prove(const sip::FlowAddress& flow, sip::Standing standing) = 0;
  // The phone isn't registered there any more.
  virtual void release(const sip::FlowAddress& flow) = 0;

  // How the phones of a site see us at the address `at` (a branch may have several LANs; nullopt: its first).
  // nullopt as long as the branch has never told us its LANs, and where `at` is none of them.
  virtual std::optional<door::Front> front(const SiteId& site, std::optional<IpAddress> at) const = 0;

  virtual Zone zone(const std::string& name) const = 0;
  virtual std::string local_time_zone() const = 0;
  // When a clock in that zone showed `time` ("18:30") last, at or before the present. nullopt if it isn't a time of
  // day.
  virtual std::optional<WallTime> last_strike(const std::string& zone, const std::string& time) const = 0;

  // Answered by Element::stored(ticket, ok) once it is durable.
  virtual void commit(Changes changes, StoreTicket ticket) = 0;
  // Soft state; no answer is awaited.
  virtual void put_binding(StoredBinding binding) = 0;
  virtual void delete_binding(const Mac& mac, const std::string& aor_user) = 0;
  // Likewise: the dialogs of calls that are up, by our tag.
  virtual void put_dialog(StoredDialog dialog) = 0;
  virtual void delete_dialog(const std::string& tag) = 0;
  // Answered by Element::pin_checked(attempt, right). An empty hash fits nothing and costs the same time.
  virtual void check_pin(hotdesk::AttemptId attempt, Secret pin, std::string hash) = 0;

  virtual void publish(Notice notice) = 0;

  // When Element::handle_timeout is to be called next, said as each visit ends; nullopt: not before something comes in.
  virtual void wake_at(std::optional<TimePoint> time) = 0;
};

// Randomness, from outside: 128 bits as 32 hexadecimal characters at each call.
using Unique = std::function<std::string()>;

}  // namespace roamdesk::element
