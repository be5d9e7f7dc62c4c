#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/package.hpp"
#include "common/tunnel/frames_operation.hpp"
#include "exchange/model/directory.hpp"
#include "exchange/model/emergency_route.hpp"
#include "exchange/model/key_type.hpp"
#include "exchange/model/location_of.hpp"
#include "exchange/model/records.hpp"
#include "exchange/trace/trace.hpp"
#include "pbx-core/api/call_views.hpp"
#include "pbx-core/api/problem.hpp"
#include "pbx-core/api/statistics.hpp"

// What the HTTP API asks of the signalling thread. All calls are made on the signalling thread; a Done may be called at
// once or later, from that thread, exactly once. The API has checked shapes, ranges, MACs, PINs, roles and clashes of
// codes (against settings() as it was); the domain answers for states: what exists, what refers to what, who is where.
namespace roamdesk::api {

enum class Outcome {
  ok,           // 200/201/204; stored, so that a crash doesn't undo it
  later,        // 202: stored, and happens when the phone is there
  unknown,      // 404
  clash,        // 409: exists already, in use, no hot desk for this MAC, …
  refused,      // 422: a value that can't be
  unavailable,  // 503: the store failed
  stale,        // 412: somebody else has changed it meanwhile
};
struct Answer {
  Outcome outcome = Outcome::ok;
  std::string message;  // where it isn't ok: what is wrong and what would be right, one or two sentences
};
using Done = std::function<void(Answer)>;
// What is told where Actor::still says no.
inline Answer stale_answer() {
  return {Outcome::stale,
          "This has been changed since you read it; nothing was stored. Read it again, and send with its new ETag"};
}

// By which way a caller asks: the console, or a program (the API, the command line).
enum class Surface { console, program };

class Domain;

// Who asks, for the audit.
struct Actor {
  std::string name;    // "admin"
  std::string origin;  // the peer's address, "console" beside it where a cookie was used: "127.0.0.1 console"
  Surface via = Surface::program;
  // What the audit says of the change: to be stored with it, so that neither is there without the other. nullopt: the
  // domain has its own words (logins and logouts).
  std::optional<AuditRecord> change{};
  // Whether what is to be changed is still what the caller has seen (If-Match): asked when it is the change's turn,
  // after every change before it. Null: the caller takes it as it is.
  std::function<bool(const Domain&)> still{};
};

struct ExtensionView {
  Extension record;
  std::vector<HotDeskId> logged_in_at;
  std::optional<WallTime> locked_until;
};

// Where help comes to, and whether it can be called.
struct EmergencyView {
  std::string location{};  // "" for none
  LocationGiver by = LocationGiver::none;
  EmergencyRoute route = EmergencyRoute::no_location;
};

enum class PhoneState { new_, assigned, needs_restart, provisioned, online, offline };
struct PhoneView {
  Mac mac;
  phones::Vendor vendor = phones::Vendor::unknown;
  std::string model, firmware;
  bool firmware_ok = true;
  std::string address;  // IP and SIP port: of its registration, else where it was heard last; "" for nowhere
  SiteId site;
  PhoneState state = PhoneState::new_;
  // nothing, the hot desk of this MAC, or a person's own phone
  std::variant<std::monostate, HotDeskId, ExtensionNumber> assigned_to;
  std::string ip{};                   // `address` without the port
  std::optional<Srtp> srtp{};         // of a dedicated phone
  std::optional<HttpsState> https{};  // of one that is assigned
  // Who says to be this phone, while it isn't assigned: more than one is a conflict, and Assign has to name one.
  struct Announcement {
    std::string address;
    SiteId site;
  };
  std::vector<Announcement> announced_by{};
  bool conflict() const { return announced_by.size() > 1; }
  std::string emergency_location{};  // a dedicated phone's own
  EmergencyView emergency{};
};

struct PhoneAt {
  IpAddress ip;
  std::optional<SiteId> site{};  // where two sites know the same IP
};

enum class DeskState { logged_out, logging_in, logged_in };
struct DeskView {
  HotDesk record;
  DeskState state = DeskState::logged_out;
  std::optional<ExtensionNumber> extension;
  std::optional<WallTime> since;
  bool registered = false;
  std::string registered_as;  // "" where it isn't
  bool settled = false;
  std::vector<Key> keys_not_shown;
  EmergencyView emergency{};
};

struct SbcView {
  Sbc record;
  bool connected = false;
  // When it came or went last; nullopt: not since the start.
  std::optional<WallTime> since{};
  std::vector<std::string> lan;  // its addresses, "192.168.1.5"
  std::string version;
  std::optional<Package> package{};  // that it says it is from
  std::size_t phones = 0, streams = 0;
  std::optional<double> rtt_ms;
  std::optional<double> loss;  // 0..1
  // How much the round trip varies, of media datagrams; and what a call would sound like, 1 to 4.4 (E-model).
  std::optional<double> jitter_ms, mos;
  EmergencyView emergency{};
  bool is_run_from_core = false;  // it knows settings, reports and restarts from here
  struct Uses {
    LogLevel log_level = LogLevel::info;
    std::uint8_t sip_dscp = 0, rtp_dscp = 0;
    std::string why{};  // it isn't as wished; "" else
  };
  std::optional<Uses> uses{};  // in force there, as it says
};

struct ModelView {
  phones::Vendor vendor = phones::Vendor::unknown;
  std::string model;
  std::size_t lines = 0, keys = 0;
  std::vector<std::string> firmware;  // known good
  std::vector<std::string> limits;    // what it can't do, a sentence each
  std::vector<KeyType> key_types{};   // that its keys can be
  std::string current_firmware{};     // the newest that public texts name; "" where none does
};

// How far the phones of a model are that has a version pinned.
struct FirmwareState {
  std::string wave;  // a word: "one"
  std::size_t phones = 0, done = 0, running = 0;
  // Why phones wait.
  std::size_t offline = 0, outside_window = 0, in_call = 0, in_use = 0;
  bool stopped = false;
  // Phones that had all their turns, and what they say of their firmware.
  struct Failed {
    Mac mac;
    std::string says;
  };
  std::vector<Failed> failed{};
};

// How a trunk is at this moment.
// The newest test call by a trunk.
struct TestCallView {
  std::string number, called, server;  // "" where no server was asked
  std::string result;                  // a word: "calling", "rings", "answered", "refused", "no_answer"
  int status = 0;                      // of the newest response; 0: none came
  std::string reason;                  // the provider's phrase, or ours
  WallTime at{};
  std::chrono::milliseconds took{};
};

struct TrunkState {
  std::string condition;  // a word: "registered"
  std::string reason;     // in words; "" where all is well
  WallTime since{};
  // When it is tried or registered again; nullopt where nothing is planned.
  std::optional<WallTime> next{};
  std::string server;  // in use, "192.0.2.1:5060"; "" for none
  std::size_t calls = 0;
  // The SIP of its last registration, without credentials and nonces.
  struct Said {
    WallTime at{};
    bool received = false;
    std::string peer, text;
  };
  std::vector<Said> registration{};
  // What an upstream is asked to tell: how much of it is told, how much refused, and why; "" where nothing is.
  struct Subscriptions {
    std::size_t all = 0, told = 0, refused = 0;
    std::string reason{};
  };
  // Of kind accounts: how many extensions have one there, and how they are; their mailboxes, and numbers that keys
  // watch.
  struct Accounts {
    std::size_t all = 0, registered = 0, refused = 0, waiting = 0;
    Subscriptions mailboxes{}, lamps{};
  };
  std::optional<Accounts> accounts{};
};

// How an extension's account at another exchange is at this moment.
struct UpstreamAccountState {
  std::string condition;  // a word: "registered"
  std::string reason;     // in words; "" where all is well
  // The next REGISTER, and the registration's end; nullopt where there is none.
  std::optional<WallTime> next{}, until{};
};

// A phone's file as it would be given now, for people to read: no secrets are in it.
struct FinishedFile {
  std::string name;  // as the phone asks for it
  std::string text;
  std::vector<std::size_t> own;  // lines that are an administrator's own, from 1
};

// A person's keys as a model would show them.
struct DrawnKey {
  std::size_t position = 1;                      // over all pages
  std::optional<std::size_t> page, row, column;  // from 1; nullopt if the model's data don't say
  Key key;
  bool removable = false;               // the person's own; else it is ours, or stays empty
  std::optional<std::size_t> module{};  // the expansion module that it is on, from 1; nullopt: on the phone itself
};
struct DrawnKeys {
  std::vector<DrawnKey> keys;
  std::vector<Key> not_shown;  // for which there is no place
};

// What a PATCH names; what is absent stays.
struct ExtensionPatch {
  std::optional<std::string> name, pin_hash, outside_number;
  std::optional<bool> hot_desking, hide_number;
  std::optional<std::vector<Key>> keys;
  std::optional<NumberClasses> may_call;
};
// An option set to null in the PATCH is one that goes back to the model's default.
struct DeskPatch {
  std::optional<phones::Vendor> vendor;
  std::optional<std::string> model;
  struct Place {
    SiteId site;
    std::optional<IpAddress> sbc_address;
  };
  std::optional<Place> place;
  std::function<void(DeskOptions&)> options;  // changes them; null: they stay
  std::optional<std::string> emergency_location{};
};
struct NewDesk {
  Mac mac;
  phones::Vendor vendor = phones::Vendor::unknown;
  std::string model;
  SiteId site;
  std::optional<IpAddress> sbc_address;
  DeskOptions options;
  std::string emergency_location{};
};
struct NewSbc {
  std::string name;
  std::optional<std::string> time_zone;  // nullopt: the core's
  std::string emergency_location{};
};

class Domain {
 public:
  virtual ~Domain() = default;

  // Reading. Any order; the API doesn't sort.
  virtual std::vector<ExtensionView> extensions() const = 0;
  virtual std::optional<ExtensionView> extension(const ExtensionNumber& number) const = 0;
  virtual std::vector<PhoneView> phones() const = 0;
  virtual std::optional<PhoneView> phone(const Mac& mac) const = 0;
  virtual std::vector<DeskView> desks() const = 0;
  virtual std::optional<DeskView> desk(const Mac& mac) const = 0;
  virtual std::vector<SbcView> sbcs() const = 0;
  virtual std::optional<SbcView> sbc(const std::string& name) const = 0;
  // The last day, or the last month; nullopt where there is no such SBC.
  virtual std::optional<LinePast> line_past(const std::string& name, bool month) const = 0;
  // nullopt if nothing is known of it.
  virtual std::optional<TrunkState> trunk_state(const std::string&) const { return std::nullopt; }
  // nullopt where the trunk has made none since the start.
  virtual std::optional<TestCallView> test_call(const std::string&) const { return std::nullopt; }
  // nullopt where no version is pinned for it.
  virtual std::optional<FirmwareState> firmware_state(const std::string&) const { return std::nullopt; }
  virtual std::optional<UpstreamAccountState> upstream_account_state(const std::string&) const { return std::nullopt; }
  virtual std::vector<CallView> calls() const = 0;
  // nullopt where it isn't up.
  virtual std::optional<CallMedia> call_media(const std::string&) const { return std::nullopt; }
  // Of a call that is up, or one of the last that ended.
  struct CallTrace {
    CallState state = CallState::ended;
    trace::Transcript sip;
  };
  virtual std::optional<CallTrace> call_trace(const std::string& id) const = 0;
  virtual std::vector<ModelView> models() const = 0;
  // What the model shows at a hot desk where `person` is logged in, laid out as provisioning does it. The person
  // needn't exist. None: there is no such model.
  virtual std::optional<DrawnKeys> draw_keys(phones::Vendor vendor, const std::string& model,
                                             const Extension& person) const = 0;
  // Why phones of its model can't be given these lines, which are grammatical; nullopt if they can.
  virtual std::optional<Problem> snippet_problem(const Snippet&) const { return std::nullopt; }
  // `instead`: of its model or vendor, in place of what is stored. nullopt where the phone gets no file.
  virtual std::optional<FinishedFile> finished_file(const Mac&, const std::optional<Snippet>&) const {
    return std::nullopt;
  }
  virtual Settings settings() const = 0;
  virtual Statistics statistics() const = 0;

  // Extensions. Deleting ends sessions (reason `deleted`) and unassigns dedicated phones.
  virtual void create_extension(Extension extension, Actor actor, Done done) = 0;
  virtual void change_extension(ExtensionNumber number, ExtensionPatch patch, Actor actor, Done done) = 0;
  // All or none; unknown numbers are named in the message. The audit gets a record of each that it changes: the
  // actor's, with the number as its subject.
  virtual void set_hot_desking(std::vector<ExtensionNumber> numbers, bool on, Actor actor, Done done) = 0;
  virtual void delete_extension(ExtensionNumber number, Actor actor, Done done) = 0;
  virtual void unlock_extension(ExtensionNumber number, Actor actor, Done done) = 0;

  // Phones. assign: with an `extension` it is a dedicated phone; nullopt: the hot desk defined for this MAC (clash
  // where there is none). `at`: the one of those that announced this MAC which is meant; it has to be named where they
  // are in conflict.
  virtual void assign_phone(Mac mac, std::optional<ExtensionNumber> extension, std::optional<PhoneAt> at, Actor actor,
                            Done done) = 0;
  virtual void provision_phone(Mac mac, Actor actor, Done done) = 0;
  // It is told to restart as soon as it has no call. Clash where it isn't assigned or isn't there; refused where its
  // vendor has no word for it.
  virtual void restart_phone(Mac mac, Actor actor, Done done) = 0;
  // It stays in the list, as one that waits to be assigned; who is logged in there is logged out. Clash where it isn't
  // assigned.
  virtual void unassign_phone(Mac mac, Actor actor, Done done) = 0;
  virtual void forget_phone(Mac mac, Actor actor, Done done) = 0;
  // Forgets all that were never assigned, or those of one site; `done` hears how many.
  virtual void clear_phones(std::optional<SiteId> site, Actor actor, std::function<void(std::size_t)> done) = 0;
  // Of the phone's own web page; nullopt if the phone isn't assigned.
  virtual std::optional<Secret> web_password(const Mac& mac) const = 0;

  // Hot desks. The domain gives the id and the idle credentials. A site that doesn't exist is refused.
  virtual void create_desk(NewDesk desk, Actor actor, Done done) = 0;
  virtual void change_desk(Mac mac, DeskPatch patch, Actor actor, Done done) = 0;
  virtual void delete_desk(Mac mac, Actor actor, Done done) = 0;
  virtual void log_in(Mac mac, ExtensionNumber extension, Actor actor, Done done) = 0;
  virtual void log_out(Mac mac, Actor actor, Done done) = 0;

  // SBCs. `key` gets the one-time enrolment key where the answer is ok; empty else. The CLI uses these too.
  using KeyDone = std::function<void(Answer, Secret key)>;
  virtual void create_sbc(NewSbc sbc, Actor actor, KeyDone done) = 0;
  virtual void renew_enrolment_key(std::string name, Actor actor, KeyDone done) = 0;
  // An SBC's log (`lines` of it) or diagnosis, once the asking is in the audit. Unavailable, in words, where it is
  // away, too old, or doesn't answer.
  using Reported = std::function<void(Answer, std::string text)>;
  virtual void report_of_sbc(std::string name, tunnel::ReportKind kind, std::uint16_t lines, Actor actor,
                             Reported done) = 0;
  // Ok: it has said that it does so. Clash: the branch has calls, and `during_calls` isn't set.
  virtual void restart_sbc(std::string name, tunnel::RestartKind kind, bool during_calls, Actor actor, Done done) = 0;
  virtual void delete_sbc(std::string name, Actor actor, Done done) = 0;

  // Unknown where the call isn't up (any more); a clash for a call for help, which its parties alone end. The audit's
  // record is of the caller.
  virtual void hang_up(std::string call, Actor actor, Done done) = 0;

  // A call by the trunk, which ends as soon as it rings, is answered or refused.
  virtual void test_call(std::string trunk, std::string number, Actor actor, Done done) = 0;

  // `edit` is called when it is its turn, with what is in force then: what it doesn't touch stays.
  virtual void change_settings(std::function<void(Settings&)> edit, Actor actor, Done done) = 0;

  // Records that need no more than to be read and stored (PlainRecords): they need no function of their own here.
  virtual const Directory& directory() const = 0;
  // What to store, or why not. It is asked when every change before has been stored, on the signalling thread.
  using Decision = std::variant<Changes, Answer>;
  using Decide = std::function<Decision(const Directory&)>;
  virtual void change(Decide decide, Actor actor, Done done) = 0;
};

}  // namespace roamdesk::api

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 6> words<api::PhoneState> = {"new",         "assigned", "needs_restart",
                                                                           "provisioned", "online",   "offline"};
template <>
inline constexpr std::array<std::string_view, 3> words<api::DeskState> = {"logged_out", "logging_in", "logged_in"};
template <>
inline constexpr std::array<std::string_view, 4> words<api::CallState> = {"ringing", "up", "held", "ended"};
}  // namespace roamdesk
