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

}  // namespace roamdesk::hotdesk
