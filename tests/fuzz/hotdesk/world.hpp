#pragma once
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "exchange/hotdesk/machine.hpp"

// A small world around the machine, for the fuzzer and the property tests: a store that may fail or be cut off by a
// crash, a PIN check that answers when it likes, and phones that do what phones do. It checks after every step what
// must hold whatever happens; the first thing that doesn't stays in fault().
namespace roamdesk::hotdesk {

class World {
 public:
  World();
  // One operation; every value of the bytes means something.
  void step(unsigned what, unsigned a, unsigned b);
  // The store works again, phones are switched on, hang up and behave: in the end every desk is settled.
  void let_all_settle();
  const std::string& fault() const { return fault_; }
  const Machine& machine() const { return *machine_; }
  std::size_t logins() const { return logins_; }
  std::size_t logouts() const { return logouts_; }
  std::size_t tellings() const { return tellings_; }

 private:
  struct Phone {
    bool on = false, registered = false, busy = false;
    std::string holds;                   // the digest user of the configuration in use; "" for none
    std::optional<std::string> fetched;  // of one that it has fetched and not applied
    bool told = false;
    std::optional<TimePoint> last_told;
  };
  struct Try {
    HotDeskId desk;
    ExtensionNumber extension;
    bool doomed = false, answered = false;
  };

  HotDeskId desk(unsigned n) const;
  ExtensionNumber extension(unsigned n) const;
  void submit(const Event& event);
  void look_at(const Effects& effects);
  void see(const CheckPin&);
  void see(const StoreChange&);
  void see(const ForgetOldCredentials&);
  void see(const Bind&);
  void see(const Unbind&);
  void see(const LoginEnded&);
  void see(const LogoutEnded&);
  void see(const TellPhone&);
  void see(const SessionStarted&) { ++logins_; }
  void see(const SessionEnded&) { ++logouts_; }
  void see(const RenewToken&) {}
  void see(const ReportDesk&) {}
  void see(const Audit&) {}
  void see(const LoginFailed&) {}
  void see(const DeskChanged&) {}
  void see(const BridgeClosed&) {}
  void see(const FailuresChanged& e) { failures_[e.extension] = e.counts; }
  void check();
  void fail(std::string what);
  bool apply(const StoreChange&);  // false: a constraint
  void define(const HotDeskId&);
  std::string served(const HotDeskId&) const;                             // as whom its file is made out
  Identity identity_of(const HotDeskId&, const std::string& user) const;  // under which the phone registers
  static sip::FlowAddress flow_of(const HotDeskId&);
  PhoneRegistered registration(const HotDeskId&) const;
  void answer_store(bool well);
  void crash(bool last_commit_made_it);
  void phone_does(const HotDeskId&, unsigned what);
  void log_in(unsigned desk, unsigned extension, LoginBy by, bool right_pin);
  void pass(Duration time);

  TimePoint now_{std::chrono::hours{1000}};
  std::optional<Machine> machine_;
  Policy policy_;
  std::map<ExtensionNumber, bool> people_;
  std::map<HotDeskId, Phone> phones_;
  std::uint64_t last_id_ = 0, last_attempt_ = 0, last_request_ = 0, last_desk_ = 0;
  // the store
  std::map<HotDeskId, SessionInfo> rows_;
  std::map<HotDeskId, Credentials> idle_rows_;
  std::map<HotDeskId, std::map<std::string, OldIdentity>> old_rows_;  // by digest user
  std::set<std::string> old_idle_;                                    // digest users that were a desk's idle ones
  std::deque<StoreChange> commits_;
  // what was said
  std::map<HotDeskId, Bind> bound_;
  std::map<AttemptId, Try> tries_;
  std::deque<AttemptId> checks_;
  std::map<AttemptId, bool> pins_;
  std::map<RequestId, HotDeskId> requests_;
  std::size_t logins_ = 0, logouts_ = 0, tellings_ = 0;
  std::map<ExtensionNumber, std::vector<FailureCount>> failures_;
  std::string fault_;
};

inline World::World() {
  for (unsigned n = 0; n < 4; ++n) people_[ExtensionNumber{std::to_string(101 + n)}] = n != 3;
  for (unsigned n = 0; n < 3; ++n) define(HotDeskId{"HD000" + std::to_string(++last_desk_)});
  crash(false);
}

inline void World::define(const HotDeskId& id) {
  phones_[id] = {};
  idle_rows_[id] = Credentials{id.value(), Secret{"x"}};
}

inline std::string World::served(const HotDeskId& id) const {
  const auto session = machine_->view(id)->session;
  return session ? session->credentials.user : idle_rows_.at(id).user;
}

inline Identity World::identity_of(const HotDeskId& id, const std::string& user) const {
  if (idle_rows_.at(id).user == user) return std::nullopt;
  // A session's digest user is "u" and its id; idle ones that were replaced go by their digest user.
  const bool session = user.starts_with("us") && !old_idle_.contains(user);
  return SessionId{session ? user.substr(1) : user};
}

inline sip::FlowAddress World::flow_of(const HotDeskId& id) {
  const auto number = static_cast<std::uint16_t>(std::stoul(id.value().substr(2)));
  return {local_site(), sip::Transport::udp, {}, {{}, number}};
}

inline PhoneRegistered World::registration(const HotDeskId& id) const {
  return {id, identity_of(id, phones_.at(id).holds), flow_of(id), "call-id"};
}

inline HotDeskId World::desk(unsigned n) const {
  if (phones_.empty() || n % 16 == 15) return HotDeskId{"HD9999"};
  auto it = phones_.begin();
  std::advance(it, n % phones_.size());
  return it->first;
}
inline ExtensionNumber World::extension(unsigned n) const { return ExtensionNumber{std::to_string(101 + n % 5)}; }

inline void World::fail(std::string what) {
  if (fault_.empty()) fault_ = std::move(what);
}

inline void World::submit(const Event& event) {
  look_at(machine_->handle(event, now_));
  check();
}
inline void World::look_at(const Effects& effects) {
  for (const Effect& effect : effects) std::visit([this](const auto& e) { see(e); }, effect);
}

inline void World::see(const CheckPin& e) {
  const auto it = tries_.find(e.attempt);
  if (it == tries_.end()) return fail("a check for no try");
  it->second.doomed = e.dummy;
  checks_.push_back(e.attempt);
}
inline void World::see(const StoreChange& e) { commits_.push_back(e); }
inline void World::see(const ForgetOldCredentials& e) {
  for (const std::string& user : e.users) old_rows_[e.desk].erase(user);
}
inline void World::see(const Bind& e) {
  const auto row = rows_.find(e.desk);
  if (row == rows_.end() || row->second.id != e.session) fail("bound before it was stored");
  if (!bound_.emplace(e.desk, e).second) fail("bound twice");
  for (const auto& [where, other] : bound_)
    if (where != e.desk && other.extension == e.extension) fail("an extension rings at two desks");
}
inline void World::see(const Unbind& e) {
  const auto it = bound_.find(e.desk);
  if (it == bound_.end() || it->second != Bind{e.desk, e.extension, e.session})
    return fail("unbound what wasn't bound");
  bound_.erase(it);
}
inline void World::see(const LoginEnded& e) {
  const auto it = tries_.find(e.attempt);
  if (it == tries_.end() || std::exchange(it->second.answered, true)) return fail("an answer to no question");
  if (std::holds_alternative<Refused>(e.how)) return;
  if (it->second.doomed) fail("a doomed try got in");
  const auto row = rows_.find(it->second.desk);
  if (row == rows_.end() || row->second.extension != it->second.extension) fail("acknowledged before it was stored");
}
inline void World::see(const LogoutEnded& e) {
  const auto it = requests_.find(e.request);
  if (it == requests_.end()) return fail("an answer to no question");
  if (bound_.contains(it->second)) fail("logged out, and still bound");
  requests_.erase(it);
}
inline void World::see(const TellPhone& e) {
  ++tellings_;
  const auto it = phones_.find(e.desk);
  if (it == phones_.end()) return fail("told a phone that isn't there");
  Phone& phone = it->second;
  if (!phone.registered) fail("told a phone that isn't registered");
  if (phone.busy) fail("told a phone that has a call");
  if (phone.last_told && now_ - *phone.last_told < DeliveryTimes{}.gap) fail("told again too soon");
  phone.last_told = now_;
  phone.told = true;
}

// What a store with the product's constraints does.
inline bool World::apply(const StoreChange& change) {
  auto rows = rows_;
  auto old = old_rows_;
  auto idle = idle_rows_;
  for (const EndedSession& ended : change.ended) {
    const auto it = rows.find(ended.session.desk);
    if (it == rows.end() || it->second.id != ended.session.id) continue;
    const SessionInfo& session = it->second;
    old[session.desk][session.credentials.user] = {session.id, session.desk, session.extension, session.credentials};
    rows.erase(it);
  }
  if (change.started) {
    const SessionInfo& session = *change.started;
    if (!phones_.contains(session.desk) || !people_.contains(session.extension) || rows.contains(session.desk))
      return false;
    for (const auto& [where, row] : rows)
      if (row.extension == session.extension) return false;
    rows[session.desk] = session;
  }
  for (const FreshIdle& fresh : change.idle) {
    const auto it = idle.find(fresh.desk);
    if (it == idle.end()) continue;
    old_idle_.insert(it->second.user);
    old[fresh.desk][it->second.user] = {SessionId{it->second.user}, fresh.desk, {}, it->second};
    it->second = fresh.credentials;
  }
  rows_ = std::move(rows);
  old_rows_ = std::move(old);
  idle_rows_ = std::move(idle);
  return true;
}

inline void World::answer_store(bool well) {
  if (commits_.empty()) return;
  const StoreChange change = commits_.front();
  commits_.pop_front();
  if (well && apply(change))
    submit(Stored{change.ticket});
  else
    submit(StoreFailed{change.ticket});
}

inline void World::crash(bool last_commit_made_it) {
  if (last_commit_made_it && !commits_.empty()) apply(commits_.front());
  commits_.clear();
  checks_.clear();
  tries_.clear();
  requests_.clear();
  bound_.clear();
  machine_.emplace(Rules{policy_, {}, {}, {8, 1000}}, [this] {
    const std::string id = "s" + std::to_string(++last_id_);
    return FreshIdentity{SessionId{id}, Credentials{"u" + id, Secret{"x"}}};
  });
  Snapshot snapshot;
  snapshot.failures = failures_;
  for (auto& [id, phone] : phones_) {
    snapshot.desks.push_back({id, local_site(), idle_rows_.at(id)});
    phone.last_told.reset();
    phone.told = phone.busy = false;
  }
  for (const auto& [extension, allowed] : people_) snapshot.extensions.push_back({extension, allowed});
  for (const auto& [id, session] : rows_) snapshot.sessions.push_back(session);
  for (const auto& [id, users] : old_rows_)
    for (const auto& [user, old] : users) snapshot.old.push_back(old);
  look_at(machine_->restore(snapshot, now_));
  // Registrations were written behind: they are there again.
  for (auto& [id, phone] : phones_)
    if (phone.registered) submit(registration(id));
  check();
}

inline void World::log_in(unsigned d, unsigned e, LoginBy by, bool right_pin) {
  const AttemptId attempt{++last_attempt_};
  tries_[attempt] = {desk(d), extension(e)};
  pins_[attempt] = right_pin;
  const auto from = by == LoginBy::code ? std::optional{flow_of(desk(d))} : std::nullopt;
  submit(LoginRequested{attempt, desk(d), extension(e), Secret{"1"}, by, "someone", "here", from});
}

inline void World::phone_does(const HotDeskId& id, unsigned what) {
  const auto it = phones_.find(id);
  if (it == phones_.end()) return;
  Phone& phone = it->second;
  switch (what % 10) {
    case 0:  // boots: fetches, and registers as what it got
    case 1:  // registers, or refreshes
      phone.on = true;
      if (what % 10 == 0 && !phone.fetched) {
        phone.fetched = served(id);
        submit(PhoneFetched{id, machine_->view(id)->generation});
      }
      if (what % 10 == 0) phone.holds = *std::exchange(phone.fetched, std::nullopt);
      if (phone.holds.empty()) return;
      phone.registered = true;
      submit(registration(id));
      break;
    case 2:
      if (!phone.registered) return;
      phone.registered = false;
      submit(PhoneUnregistered{id});
      break;
    case 3:
      if (!phone.registered) return;
      phone.registered = phone.on = false;
      submit(BindingExpired{id});
      break;
    case 4:
      if (!phone.registered) return;
      phone.busy = true;
      submit(DeskBusy{id});
      break;
    case 5:
      phone.busy = false;
      submit(DeskFree{id});
      break;
    case 6:
      phone.fetched = served(id);
      submit(PhoneFetched{id, machine_->view(id)->generation});
      break;
    case 7:
      if (!phone.fetched) return;
      phone.holds = *std::exchange(phone.fetched, std::nullopt);
      phone.registered = true;
      submit(registration(id));
      break;
    case 8:
      submit(TellFailed{id, what % 3 == 0});
      break;
    case 9:
      phone.on = !phone.registered;
      if (phone.on) phone.holds.clear();
      if (phone.on) phone.fetched.reset();
      submit(PhoneReset{id});
      break;
  }
}

inline void World::pass(Duration time) {
  const TimePoint until = now_ + time;
  for (int i = 0; i < 200; ++i) {
    const auto deadline = machine_->deadline();
    if (!deadline || *deadline > until) break;
    now_ = std::max(now_, *deadline);
    look_at(machine_->handle_timeout(now_));
    check();
    if (machine_->deadline() && *machine_->deadline() <= now_) return fail("a deadline that doesn't pass");
    if (!machine_->handle_timeout(now_).empty()) return fail("a spurious timeout did something");
  }
  now_ = std::max(now_, until);
  look_at(machine_->handle_timeout(now_));
  check();
}

inline void World::check() {
  if (const std::string fault = machine_->inconsistency(); !fault.empty()) fail(fault);
  for (const auto& [id, bind] : bound_) {
    const auto row = rows_.find(id);
    if (row == rows_.end() || row->second.id != bind.session) fail("bound, and not in the store");
    if (machine_->occupant(id) != bind.extension) fail("bound, and acts for another");
  }
  for (const auto& [desk, phone] : phones_) {
    const HotDeskId& id = desk;  // clang 14 captures no structured binding
    if (!bound_.contains(id) && machine_->occupant(id)) fail("acts for somebody who isn't bound");
    if (!machine_->view(id)) continue;  // being removed
    std::set<SessionId> known;
    for (const Machine::Known& each : machine_->known_credentials(id)) known.insert(*each.identity);
    const auto stranded = [&](const std::string& user) {
      const auto identity = user.empty() ? std::nullopt : identity_of(id, user);
      return identity && !known.contains(*identity);
    };
    if (stranded(phone.holds)) fail("a phone holds credentials that nobody knows");
    if (phone.fetched && stranded(*phone.fetched)) fail("a phone is about to show credentials that nobody knows");
    // No one has more than what the store would give back after a crash.
    for (const Machine::Known& each : machine_->known_credentials(id))
      if (each.old && !old_rows_[id].contains(each.credentials.user) &&
          !(rows_.contains(id) && rows_.at(id).credentials.user == each.credentials.user))
        fail("the machine knows old credentials that the store doesn't");
    if (machine_->hold_calls(id) && machine_->view(id)->registered) fail("calls wait for a phone that is there");
  }
}

inline void World::step(unsigned what, unsigned a, unsigned b) {
  switch (what % 24) {
    case 0:
    case 1:
      log_in(a, b, LoginBy::code, b % 3 != 0);
      break;
    case 2:
      log_in(a, b, LoginBy::admin, true);
      break;
    case 3:
    case 4:
      if (!checks_.empty()) {
        const AttemptId attempt = checks_[a % checks_.size()];
        checks_.erase(checks_.begin() + a % checks_.size());
        submit(PinChecked{attempt, pins_[attempt]});
      }
      break;
    case 5: {
      const RequestId request{++last_request_};
      requests_[request] = desk(a);
      submit(LogoutRequested{request, desk(a), EndReason::code, "someone", "here"});
      break;
    }
    case 6:
    case 7:
    case 8:
      answer_store(true);
      break;
    case 9:
      answer_store(false);
      break;
    case 10:
      crash(a % 2 == 0);
      break;
    case 11:
      for (unsigned n = 0; n < 4; ++n) {  // by the clock
        const RequestId request{++last_request_};
        requests_[request] = desk(n);
        submit(LogoutRequested{request, desk(n), EndReason::automatic, "clock", ""});
      }
      break;
    case 12:
      policy_.move = a % 2 == 0;
      policy_.max_session = b % 3 == 0 ? std::optional{std::chrono::seconds{b * 60 + 60}} : std::nullopt;
      submit(PolicyChanged{policy_});
      break;
    case 13:
      people_[extension(a)] = b % 2 == 0;
      submit(ExtensionChanged{extension(a), b % 2 == 0, "admin"});
      break;
    case 14: {  // deleted as the store demands: its session ends in the same transaction; refused where a login comes
                // in between
      const auto where = machine_->desk_of(extension(a));
      if (!commits_.empty()) return;
      if (where) apply(StoreChange{{}, {{rows_.at(*where), EndReason::deleted}}, {}});
      people_.erase(extension(a));
      if (where) bound_.erase(*where);
      const auto effects = machine_->handle(ExtensionDeleted{extension(a), "admin"}, now_);
      for (const Effect& effect : effects)
        if (!std::holds_alternative<Unbind>(effect)) std::visit([this](const auto& e) { see(e); }, effect);
      check();
      break;
    }
    case 15:
      submit(ContentChanged{desk(a)});
      break;
    case 16:
      submit(Unlocked{extension(a), "admin"});
      break;
    case 17:
      if (b % 8 == 0 && commits_.empty() && phones_.size() > 1) {
        const HotDeskId gone = desk(a);
        if (!phones_.contains(gone)) return;
        rows_.erase(gone);
        old_rows_.erase(gone);
        idle_rows_.erase(gone);
        bound_.erase(gone);
        phones_.erase(gone);
        const auto effects = machine_->handle(DeskRemoved{gone, "admin"}, now_);
        for (const Effect& effect : effects)
          if (!std::holds_alternative<Unbind>(effect)) std::visit([this](const auto& e) { see(e); }, effect);
        check();
      } else if (b % 8 == 1 && phones_.size() < 5) {
        const HotDeskId made{"HD000" + std::to_string(++last_desk_)};
        define(made);
        submit(DeskDefined{made, local_site(), idle_rows_.at(made)});
      }
      break;
    case 18:
    case 19:
    case 20:
      phone_does(desk(a), b);
      break;
    case 21:
      pass(std::chrono::milliseconds{a * 40 + b});
      break;
    case 22:
      pass(std::chrono::seconds{a + b});
      break;
    case 23:
      pass(std::chrono::minutes{a});
      break;
  }
}

inline void World::let_all_settle() {
  policy_.max_session.reset();
  submit(PolicyChanged{policy_});
  for (int i = 0; i < 200 && !commits_.empty(); ++i) answer_store(true);
  for (const AttemptId& attempt : std::exchange(checks_, {})) submit(PinChecked{attempt, false});
  pass(std::chrono::hours{2});
  for (int i = 0; i < 200 && !commits_.empty(); ++i) answer_store(true);
  for (auto& [id, phone] : phones_) {
    phone.busy = false;
    submit(DeskFree{id});
    phone_does(id, phone.holds.empty() ? 0 : 1);
  }
  for (int round = 0; round < 20 && fault_.empty(); ++round) {
    for (auto& [id, phone] : phones_) {
      if (!std::exchange(phone.told, false)) continue;
      phone_does(id, 6);
      phone_does(id, 2);
      phone_does(id, 7);
    }
    pass(std::chrono::minutes{10});
    // Phones refresh.
    for (auto& [id, phone] : phones_) phone_does(id, 1);
  }
  for (const auto& [id, phone] : phones_)
    if (const auto view = machine_->view(id); !view || !view->settled) fail("stranded at last: " + id.value());
  for (const auto& [attempt, one] : tries_)
    if (!one.answered) fail("a try without an answer");
  if (!requests_.empty()) fail("a logout without an answer");
  if (!commits_.empty()) fail("the store is asked without end");
}

}  // namespace roamdesk::hotdesk
