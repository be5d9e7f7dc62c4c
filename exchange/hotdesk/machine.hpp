#pragma once
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "common/base/timers.hpp"
#include "exchange/hotdesk/delivery.hpp"
#include "exchange/hotdesk/effects.hpp"
#include "exchange/hotdesk/events.hpp"
#include "exchange/hotdesk/lockout.hpp"

namespace roamdesk::hotdesk {

struct Limits {
  std::size_t attempts_per_desk = 8;   // tries under way at one desk
  std::size_t old_credentials = 64;    // kept for one desk
  std::chrono::seconds pin_check{30};  // until PinChecked; then the try fails as unavailable
  std::chrono::seconds turn{10};       // a login waits this long for its turn behind another change of its desk
  std::chrono::seconds store_retry{1}, longest_store_retry{30};  // an end that couldn't be stored is stored again
};

struct Rules {
  Policy policy;
  LockoutRules lockout;
  DeliveryTimes delivery;
  Limits limits;
};

// What the store held at the start.
struct Snapshot {
  struct Desk {
    HotDeskId id;
    SiteId site;
    Credentials idle{};
  };
  struct Person {
    ExtensionNumber extension;
    bool hot_desking = false;
  };
  std::vector<Desk> desks;
  std::vector<Person> extensions;
  std::vector<SessionInfo> sessions;  // `since` may lie before the start of the clock
  std::vector<OldIdentity> old;
  std::map<ExtensionNumber, std::vector<FailureCount>> failures;
};

enum class DeskState : std::uint8_t { logged_out, logging_in, logged_in };

// What a desk is, for the API and for its phone's configuration.
struct DeskView {
  DeskState state = DeskState::logged_out;
  std::optional<SessionInfo> session;
  bool registered = false;
  Identity registered_as;
  bool settled = false;
  Generation generation = 0;
  DeskProblem problem = DeskProblem::none;
};

// Who sits where (architecture, "Hot desks"). One machine for all desks, since the rules span them: one desk holds at
// most one session, one extension at most one desk. Owned by the signalling thread; the transition table is in
// README.md.
class Machine {
 public:
  Machine(Rules rules, IdentitySource fresh);

  // Once, before any event: the state after a restart. Gives a Bind for each session (and ends one whose extension may
  // not be logged in any more); registrations are then fed as PhoneRegistered, and phones that hold an old identity are
  // told. Throws std::invalid_argument where the snapshot breaks the store's own constraints.
  Effects restore(const Snapshot& snapshot, TimePoint now);
  Effects handle(const Event& event, TimePoint now);
  Effects handle_timeout(TimePoint now);  // spurious calls do nothing
  std::optional<TimePoint> deadline() const;

  std::optional<DeskView> view(const HotDeskId& desk) const;
  std::optional<HotDeskId> desk_of(const ExtensionNumber& extension) const;  // where its session is
  // For tests and fuzzers: the credentials that authenticate the desk's device at this moment beside its idle ones of
  // now; `user` is the digest user.
  struct Known {
    Identity identity;
    Credentials credentials;
    ExtensionNumber extension;  // as which that identity registers; empty: as the idle desk
    bool old = false;           // REGISTER: 200 with Expires 60
  };
  std::vector<Known> known_credentials(const HotDeskId& desk) const;
  // Who is logged in. (Who may speak for them: exchange/rights.)
  std::optional<ExtensionNumber> occupant(const HotDeskId& desk) const;
  // What rights are decided by. The pointers are good until the next event.
  struct Standing {
    const SessionInfo* session = nullptr;  // in force
    bool as_it_should_be = false;          // the phone is registered under the identity that it should have
    const LoginPlace* place = nullptr;     // of a login whose phone hasn't registered as the session yet
  };
  Standing standing(const HotDeskId& desk) const;
  // True while its phone is on its way to a new identity without a registration: hold calls (180), up to 15 s.
  bool hold_calls(const HotDeskId& desk) const;
  std::optional<TimePoint> locked_until(const ExtensionNumber& extension, TimePoint now) const;
  const Policy& policy() const { return rules_.policy; }

  // The invariants; asserted after every handle in debug builds, and by the fuzzer. README.md lists them.
  bool consistent() const;
  // Human text of the first invariant that doesn't hold; "" for none.
  std::string inconsistency() const;

 private:
  struct Old {
    OldIdentity identity;
    bool fetched = false;  // its configuration went out
  };
  struct Desk {
    Desk(SiteId where, DeliveryTimes times) : site(std::move(where)), delivery(times) {}
    SiteId site;
    Credentials idle;
    bool idle_fetched = false;  // their configuration went out
    std::optional<SessionInfo> session;
    bool session_fetched = false;
    bool ending = false;                       // unbound; its end waits for the store
    bool expiring = false;                     // its max_session has struck
    bool removed = false;                      // goes once its session's end is stored
    std::optional<DeskDefined> defined_again;  // and is a new one then
    std::vector<Old> old;
    std::optional<LoginPlace> place;
    TimePoint bridge_until{};  // while it has no call
    std::optional<sip::FlowAddress> registered_at;
    std::string registration;  // its Call-ID
    Delivery delivery;
    DeskProblem problem = DeskProblem::none;
    std::size_t attempts = 0;  // logins under way
  };
  struct Login {
    AttemptId attempt;
    ExtensionNumber extension;
    LoginBy by{};
    std::optional<LoginFault> doomed;  // set: fails whatever the check says
    std::optional<sip::FlowAddress> dialled_at;
    friend bool operator==(const Login&, const Login&) = default;
  };
  struct Logout {
    std::optional<SessionId> session{};  // only this one; nullopt: the one that is there
    std::optional<RequestId> request{};  // of which the answer is awaited
    EndReason reason{};
    bool renew_token = false;  // after PhoneReset
  };
  // A login whose PIN was right, or an end: waits for its turn, then for the store.
  struct Operation {
    HotDeskId desk;
    std::string actor, origin;
    std::variant<Login, Logout> what;
    std::optional<TimePoint> give_up{};  // a login, while it waits for its turn
    // once its turn has come:
    std::vector<EndedSession> ends{};
    std::optional<SessionInfo> start{};
    std::set<HotDeskId> desks{};  // what it touches; no other operation may until it is over
    std::set<ExtensionNumber> extensions{};
    unsigned failures = 0;
    std::vector<FreshIdle> idle{};  // of all that it touches
  };
  struct Checking {
    HotDeskId desk;
    std::string actor, origin;
    Login login;
  };

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
  void on(const Stored&, TimePoint);
  void on(const StoreFailed&, TimePoint);
  void on(const PhoneFetched&, TimePoint);
  void on(const PhoneRegistered&, TimePoint);
  void on(const PhoneUnregistered&, TimePoint);
  void on(const BindingExpired&, TimePoint);
  void on(const DeskBusy&, TimePoint);
  void on(const DeskFree&, TimePoint);
  void on(const TellFailed&, TimePoint);
  void on(const PhoneWithinReach&, TimePoint);
  void on(const PhoneReset&, TimePoint);

  // logins (machine_login.cpp)
  std::optional<LoginFault> reject(const HotDeskId&, const ExtensionNumber&) const;
  void deny(const HotDeskId&, const Login&, const std::string& actor, const std::string& origin, LoginFault);
  void release_attempt(const HotDeskId&);
  bool begin_login(Operation&, const Login&, TimePoint now);
  void finish_login(Operation&, const Login&, TimePoint now);

  // changes of sessions, one after the other for each desk and extension (machine_store.cpp)
  void submit(Operation, TimePoint now);
  void submit_end(const HotDeskId&, Logout, std::string actor, std::string origin, TimePoint now);
  void run_waiting(TimePoint now);
  bool is_blocked(const Operation&) const;
  bool begin(Operation&, TimePoint now);  // false: it is over already
  bool begin_end(Operation&, const Logout&, TimePoint now);
  void finish_end(Operation&, const Logout&, TimePoint now);
  void finish(Operation, TimePoint now);
  void hand_to_store(Operation);
  void release(const Operation&);
  void unbind(Desk&);
  void renew_idle(const Operation&);
  void keep_old(Desk&, Old);
  void retire(const EndedSession&, const std::string& actor, const std::string& origin, TimePoint now);

  // phones (machine_phone.cpp)
  Desk* find(const HotDeskId&);
  const Desk* find(const HotDeskId&) const;
  void phone(const HotDeskId&, const std::function<Delivery::Output(Delivery&)>& step);
  void say(const HotDeskId&, Desk&, const Delivery::Output&);
  void forget_old(const HotDeskId&, Desk&);
  void open_bridge(Desk&, const Login&, TimePoint now);
  void close_bridge(const HotDeskId&, Desk&);
  void follow(Desk&, const PhoneRegistered&);
  void rearm(const HotDeskId&, const Desk&);
  void erase(const HotDeskId&);

  // The actor of what no person has asked for.
  static constexpr const char* ourselves = "exchange";

  template <class E>
  void emit(E effect) {
    effects_.emplace_back(std::in_place_type<E>, std::move(effect));
  }
  Effects take() { return std::exchange(effects_, {}); }

  Rules rules_;
  IdentitySource fresh_;
  Lockouts lockouts_;
  std::map<HotDeskId, Desk> desks_;
  boost::unordered_flat_map<ExtensionNumber, bool, std::hash<ExtensionNumber>> extensions_;  // -> hot_desking
  std::map<ExtensionNumber, HotDeskId> desk_of_;  // sessions by extension, ending ones included
  std::map<AttemptId, Checking> checking_;        // in the PIN check
  std::deque<Operation> waiting_;                 // for their turn
  std::map<Ticket, Operation> storing_;           // with the store, or waiting to be handed to it again
  std::set<HotDeskId> touched_desks_;             // by what is in storing_
  std::set<ExtensionNumber> touched_extensions_;
  Timers<HotDeskId> desk_timers_;
  Timers<AttemptId> check_timers_;
  Timers<Ticket> retry_timers_;
  std::uint64_t last_ticket_ = 0;
  bool running_ = false;  // in run_waiting()
  Effects effects_;
};

}  // namespace roamdesk::hotdesk
