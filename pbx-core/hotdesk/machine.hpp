#pragma once
#include <deque>
#include <map>
#include <set>

#include "pbx-core/hotdesk/delivery.hpp"
#include "pbx-core/hotdesk/effects.hpp"
#include "pbx-core/hotdesk/events.hpp"
#include "pbx-core/hotdesk/lockout.hpp"

namespace roamdesk::hotdesk {

struct Limits {
  std::size_t attempts_per_desk = 8;                             // tries under way at one desk
  std::size_t old_credentials = 64;                              // kept for one desk
  std::chrono::seconds pin_check{30};                            // until PinChecked; then the try fails as unavailable
  std::chrono::seconds store_retry{1}, longest_store_retry{30};  // an end that couldn't be stored is stored again
};

struct Rules {
  Policy policy;
  LockoutRules lockout;
  DeliveryTimes delivery;
  Limits limits;
};

// What the store held when the core started.
struct Snapshot {
  struct Desk {
    HotDeskId id;
    SiteId site;
  };
  struct Person {
    ExtensionNumber extension;
    bool hot_desking = false;
  };
  std::vector<Desk> desks;
  std::vector<Person> extensions;
  std::vector<SessionInfo> sessions;  // `since` may lie before the start of the clock
  std::vector<OldIdentity> old;
};

enum class DeskState : std::uint8_t { logged_out, logging_in, logged_in };

// For the API, and for whoever must know who a desk is.
struct DeskView {
  DeskState state = DeskState::logged_out;
  std::optional<SessionInfo> session;
  bool registered = false;
  Identity registered_as;
  bool settled = false;
  Generation generation = 0;
  DeskProblem problem = DeskProblem::none;
};

// Who sits where (design.md, "Hot desks"). One machine for all desks, since the rules span them: one desk holds at most
// one session, one extension at most one desk. Owned by the signalling thread; the transition table is in README.md.
class Machine {
 public:
  Machine(Rules rules, IdentitySource fresh);

  // Once, before any event: the state after a restart. Gives a Bind and a Render for each session; registrations are
  // then fed as PhoneRegistered, and phones that hold an old identity are told.
  Effects restore(const Snapshot& snapshot, TimePoint now);
  Effects handle(const Event& event, TimePoint now);
  Effects handle_timeout(TimePoint now);  // spurious calls do nothing
  std::optional<TimePoint> deadline() const;

  std::optional<DeskView> view(const HotDeskId& desk) const;
  std::optional<HotDeskId> desk_of(const ExtensionNumber& extension) const;  // where its session is
  // Credentials that authenticate the desk's device at this moment, for REGISTER and for its requests: `user` is the
  // digest user. The desk's idle ones do so always, and aren't listed.
  struct Known {
    Identity identity;
    Credentials credentials;
    ExtensionNumber extension;  // as which that identity registers
    bool old = false;           // REGISTER: 200 with Expires 60
  };
  std::vector<Known> known_credentials(const HotDeskId& desk) const;
  // For whom the desk acts: its session's extension, whatever identity its phone has at this moment; none: idle rights.
  std::optional<ExtensionNumber> acts_for(const HotDeskId& desk) const;
  // True while its phone is on its way to a new identity without a registration: hold calls (180), up to 15 s.
  bool hold_calls(const HotDeskId& desk) const;
  std::optional<TimePoint> locked_until(const ExtensionNumber& extension, TimePoint now) const;
  // True while a change for this desk waits for the store; then its configuration is about to differ.
  bool is_changing(const HotDeskId& desk) const;
  const Policy& policy() const { return rules_.policy; }

  // The invariants; asserted after every handle in debug builds, and by the fuzzer. README.md lists them.
  bool consistent() const;
  // Human text of the first invariant that doesn't hold; "" for none.
  std::string fault() const;

 private:
  struct Old {
    OldIdentity identity;
    bool fetched = false;
  };
  struct Desk {
    explicit Desk(SiteId site, DeliveryTimes times) : site(std::move(site)), delivery(times) {}
    SiteId site;
    std::optional<SessionInfo> session;
    bool session_fetched = false;
    bool ending = false;  // unbound; its end waits for the store
    std::vector<Old> old;
    Delivery delivery;
    DeskProblem problem = DeskProblem::none;
    std::size_t attempts = 0;
    std::optional<TimePoint> armed;
  };
  struct Attempt {
    HotDeskId desk;
    ExtensionNumber extension;
    LoginBy by{};
    std::string actor, origin;
    std::optional<LoginFault> doomed;  // set: fails whatever the check says
    TimePoint deadline{};
  };
  // A login or an end, waiting for its turn or for the store.
  struct Operation {
    std::uint64_t number = 0;
    HotDeskId desk;
    std::optional<AttemptId> attempt;  // a login
    ExtensionNumber extension;         // a login's; else of the session that ends
    LoginBy by{};
    std::optional<RequestId> request;  // a logout's
    EndReason reason{};
    bool renew_token = false;  // after PhoneReset
    bool desk_gone = false;    // the desk was removed; only the store is left to be told
    std::string actor, origin;
    // once handed to the store:
    std::optional<Ticket> ticket;
    std::vector<EndedSession> ends;
    std::optional<SessionInfo> start;
    std::optional<TimePoint> retry_at;  // the store failed
    unsigned failures = 0;
  };
  enum class Gone : std::uint8_t { no, yes };

  void on(const DeskDefined&, TimePoint);
  void on(const DeskRemoved&, TimePoint);
  void on(const ExtensionChanged&, TimePoint);
  void on(const ExtensionDeleted&, TimePoint);
  void on(const ContentChanged&, TimePoint);
  void on(const PolicyChanged&, TimePoint);
  void on(const LoginRequested&, TimePoint);
  void on(const PinChecked&, TimePoint);
  void on(const LogoutRequested&, TimePoint);
  void on(const Unlocked&, TimePoint);
  void on(const ClockLogout&, TimePoint);
  void on(const Stored&, TimePoint);
  void on(const StoreFailed&, TimePoint);
  void on(const PhoneFetched&, TimePoint);
  void on(const PhoneRegistered&, TimePoint);
  void on(const PhoneUnregistered&, TimePoint);
  void on(const BindingExpired&, TimePoint);
  void on(const DeskBusy&, TimePoint);
  void on(const DeskFree&, TimePoint);
  void on(const TellFailed&, TimePoint);
  void on(const PhoneReset&, TimePoint);

  // logins (machine_login.cpp)
  std::optional<LoginFault> reject(const LoginRequested&, TimePoint now) const;
  void deny(AttemptId, const Attempt&, LoginFault, TimePoint now);
  void drop_attempt(std::map<AttemptId, Attempt>::iterator);
  bool begin_login(Operation&, TimePoint now);  // false: it is over already
  void finish_login(Operation&, TimePoint now);
  // changes of sessions, one after the other for each desk and extension (machine_store.cpp)
  void submit(Operation, TimePoint now);
  void run_waiting(TimePoint now);
  bool is_blocked(const Operation&) const;
  bool begin_end(Operation&, TimePoint now);
  void finish_end(Operation&, TimePoint now);
  void hand_to_store(Operation&, TimePoint now);
  void end_at(const HotDeskId&, EndReason, const std::string& actor, TimePoint now, bool desk_gone = false);
  void unbind(Desk&, const SessionInfo&);
  void retire(Desk&, const SessionInfo&, EndReason, const Operation&);
  // phones (machine_phone.cpp)
  Desk* find(const HotDeskId&);
  const Desk* find(const HotDeskId&) const;
  void apply(const HotDeskId&, Desk&, Delivery::Output);
  void want(const HotDeskId&, Desk&, TimePoint now);
  void forget_old(const HotDeskId&, Desk&);
  void rearm(const HotDeskId&, Desk&);
  template <class F>
  void phone(const HotDeskId&, F&&);

  void emit(Effect effect) { effects_.push_back(std::move(effect)); }
  Effects take() { return std::exchange(effects_, {}); }

  Rules rules_;
  IdentitySource fresh_;
  Lockouts lockouts_;
  std::map<HotDeskId, Desk> desks_;
  std::map<ExtensionNumber, bool> extensions_;    // -> hot_desking
  std::map<ExtensionNumber, HotDeskId> desk_of_;  // sessions by extension, ending ones included
  std::map<AttemptId, Attempt> attempts_;         // in the PIN check
  std::map<Ticket, Operation> storing_;
  std::deque<Operation> waiting_;
  std::set<std::pair<TimePoint, HotDeskId>> timers_;  // one for each desk that has a deadline
  std::uint64_t last_ticket_ = 0;
  Effects effects_;
};

}  // namespace roamdesk::hotdesk
