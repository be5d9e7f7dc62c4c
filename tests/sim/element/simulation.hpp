#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "exchange/element/element.hpp"
#include "pbx-core/administration/administration.hpp"
#include "tests/sim/element/desk_phone.hpp"

namespace roamdesk::sim {

using namespace std::chrono_literals;

constexpr auto lan = 1ms;  // one way

inline SiteId branch() { return SiteId{"branch-1"}; }

// A core without a machine under it: the real element and administration over simulated lines, a simulated store and a
// simulated clock. Everything happens in one queue, so that a run is the same each time it is run.
class Simulation : private element::World, private door::SbcPort, public Ground {
 public:
  struct Settings {
    WallTime start = date(2026, 11, 23, 8, 0);  // UTC
    std::string local_zone = "Europe/Nicosia", branch_zone = "Europe/Berlin";
    bool move = true;
    std::optional<std::chrono::seconds> max_session;
    std::optional<std::string> automatic_logout;
    std::uint64_t seed = 1;
    double loss = 0;  // of messages between a branch's phone and the core, each way
  };
  Simulation() : Simulation(Settings{}) {}
  explicit Simulation(Settings settings);
  ~Simulation() override;

  static WallTime date(int year, unsigned month, unsigned day, int hour, int minute);

  // ---- time
  element::Now now() const;
  TimePoint time() const override { return mono_; }
  void run_for(Duration time);
  // Runs until `there`, at most `limit`. The time that it took; nullopt if it didn't come.
  std::optional<Duration> run_until(const std::function<bool()>& there, Duration limit);
  void run_to(WallTime wall);
  void after(Duration time, std::function<void()> then) override;
  std::string fresh() override;

  // ---- the administrator: each waits for the answer
  api::Answer add_extension(const std::string& number, bool hot_desking = true);
  api::Answer delete_extension(const std::string& number);
  api::Answer define_desk(const DeskPhone& phone);
  api::Answer delete_desk(const DeskPhone& phone);
  api::Answer assign(const DeskPhone& phone, std::optional<std::string> extension = std::nullopt,
                     std::optional<std::string> ip = std::nullopt);
  api::Answer provision(const DeskPhone& phone);
  api::Answer restart(const Mac& mac);
  api::Answer log_in(const DeskPhone& phone, const std::string& number);
  api::Answer log_out(const DeskPhone& phone);
  api::Answer change_settings(const std::function<void(roamdesk::Settings&)>& change);
  // Doesn't wait.
  administration::Administration& console() { return core_->administration; }
  static api::Actor admin() { return {"admin", "127.0.0.1 console", api::Surface::console}; }
  static std::string pin_of(const std::string& number) { return "7" + number + "3"; }

  // ---- the world
  DeskPhone& add_phone(unsigned number, const SiteId& site, Habits habits = {});
  // Defined, assigned, booted and registered as an idle desk.
  DeskPhone& add_desk(unsigned number, const SiteId& site, Habits habits = {});
  void line_down(const SiteId& site);
  void line_up(const SiteId& site);
  bool line(const SiteId& site) const { return !dead_.contains(site); }
  void stop_core();  // until restart_core(): packets go nowhere
  void restart_core();
  // As an upgrade does it: the process is asked to end, and what it leaves is there for the next one. `change`: of the
  // file, by others.
  void upgrade_core(Duration away = 200ms, const std::function<void(std::string&)>& change = {});
  // The core comes back with the records that it had when the backup was made.
  struct Backup {
    Changes records;
    std::vector<OldCredentials> old;
    std::map<Mac, StoredBinding> bindings;
  };
  Backup back_up() const;
  void restore_core(const Backup& backup);
  void fail_store(bool fails) { store_fails_ = fails; }
  // A person at the desk dials the login code and types the PIN; hears the outcome, and the call ends.
  void log_in_by_code(DeskPhone& phone, const std::string& number);

  // ---- what is so
  element::Element& element() { return core_->element; }
  const element::Element& element() const { return core_->element; }
  api::DeskView desk(const DeskPhone& phone) const;
  const Directory& directory() const { return core_->administration.directory(); }
  bool has_desk(const DeskPhone& phone) const { return core_->administration.desk(phone.mac()).has_value(); }
  api::PhoneView phone_record(const DeskPhone& phone) const { return *core_->administration.phone(phone.mac()); }
  std::optional<WallTime> locked_until(const std::string& number) const {
    return core_->administration.extension(ExtensionNumber{number})->locked_until;
  }
  std::string who_is_at(const DeskPhone& phone) const;  // "" for nobody
  // The phone shows, and is registered as, what its desk is now.
  bool settled(const DeskPhone& phone) const;
  bool is_idle_desk(const DeskPhone& phone) const;
  bool is_at_desk(const DeskPhone& phone, const std::string& number) const;
  std::vector<CallRecord> records;    // of calls that are over
  std::vector<std::string> ended;     // "101 automatic"
  std::vector<std::string> troubles;  // "hot_desk.problem HD0001 not_fetching"
  std::size_t impostors = 0;          // reported
  // Of which people were to be told.
  std::vector<Emergency> emergencies;
  // A call that was sent to a phone where the person called isn't at that moment. One that rings there goes on as the
  // person moves away, and is repeated to a phone that doesn't answer (RFC 3261 §17.1.1.2).
  std::vector<std::string> wrong_rings;
  std::size_t audits(const std::string& action) const;
  std::size_t stored_dialogs() const { return dialogs_.size(); }
  // What this core has told the edges of the phone's flow.
  sip::Standing standing(const DeskPhone& phone) const {
    const auto found = standings_.find({phone.site(), sip::Transport::udp, face(phone.site()), phone.own()});
    return found == standings_.end() ? sip::Standing::unproven : found->second;
  }
  sip::Standing standing_at(const sip::FlowAddress& flow) const {
    const auto found = standings_.find(flow);
    return found == standings_.end() ? sip::Standing::unproven : found->second;
  }
  std::size_t handled() const { return handled_; }
  // Bytes that the core holds: what comes back when it is destroyed, in a process of its own, so that it goes on here.
  std::size_t core_heap();
  int fetch(const DeskPhone& phone, const std::string& url);  // GET from the phone's own address: the status
  // GET of a stranger at the phone's site, with the phone's User-Agent or another one.
  int fetch_from(const std::string& ip, const DeskPhone& phone, const std::string& url, const std::string& agent = "");
  void fetch(const DeskPhone& phone, const std::string& url, std::function<void(int, std::string)> then);
  // The stranger's plug-and-play, in the phone's name; the answers are in `to_strangers`.
  void ask_from(const std::string& ip, const DeskPhone& phone, bool by_unicast = false);
  std::vector<std::string> to_strangers;  // messages to addresses where there is no phone
  // ---- a sender that is no desk phone (Handset): what it sends, and who hears what is sent there
  using Ear = std::function<void(const std::string& bytes)>;
  Endpoint face(const SiteId& site) const;
  // The core's own network has IPv6 too.
  Endpoint face_to(const SiteId& site, const Endpoint& peer) const;
  void say(const sip::FlowAddress& from, std::string bytes);
  void listen(const sip::FlowAddress& at, Ear ear);
  // `why`: as the core's own edge would say it.
  void close(const sip::FlowAddress& connection, const std::string& why = {});
  // ---- DNS: what a name leads to; a name that isn't here doesn't exist
  std::map<std::string, names::Located> names;
  std::size_t lookups = 0;
  // Connections over TLS: as whom the peers were to show themselves.
  std::map<sip::FlowAddress, sip::TlsName> tls_names;
  // A trunk is made or changed by the administrator, or deleted.
  void put_trunk(const Trunk& trunk);
  void delete_trunk(const std::string& name);
  // As an administrator does it: stored, and told to the phones that it is about.
  api::Answer change(Change change);
  // A record that is there from the start.
  void have(Change record);
  // The phone gets another address from DHCP.
  void move(DeskPhone& phone, const std::string& ip);
  std::vector<std::unique_ptr<DeskPhone>>& phones() { return phones_; }
  std::mt19937_64& random() { return random_; }

 private:
  struct Core {
    Core(Simulation& sim);
    element::Element element;
    administration::Administration administration;
  };
  struct Task {
    TimePoint at;
    std::uint64_t number;
    std::function<void()> run;
  };
  struct Later {
    bool operator()(const Task& a, const Task& b) const { return a.at != b.at ? a.at > b.at : a.number > b.number; }
  };
  struct Address {
    SiteId site;
    Endpoint own;
    auto operator<=>(const Address&) const = default;
  };

  void start_core(element::Handover handover = {});
  void check_clock();
  bool step(TimePoint limit);
  api::Answer ask(const std::function<void(api::Done)>& question);
  bool reaches_core(const SiteId& site) const { return !away_.contains(site); }
  sip::Flow flow_of(const sip::FlowAddress& address);
  void to_core(const DeskPhone& phone, std::string bytes);
  void check_ring(const DeskPhone& phone, std::string_view invite);
  std::set<std::string> rung_;  // Via of each INVITE
  bool lost(const SiteId& site);
  bool allowed(const Changes& changes) const;

  // element::World
  void send(sip::FlowId flow, std::string bytes) override;
  std::optional<sip::Flow> find_or_open(const sip::FlowAddress& address) override;
  // No phone here listens.
  std::optional<sip::Flow> connect(const sip::FlowAddress& address) override { return find_or_open(address); }
  void locate(element::LookupId lookup, names::Query query) override;
  std::optional<sip::Flow> dial(const SiteId& site, sip::Transport transport, Endpoint peer,
                                const std::optional<sip::TlsName>& tls) override;
  void prove(const sip::FlowAddress& flow, sip::Standing standing) override {
    standings_[flow] = std::max(standings_[flow], standing);
  }
  void release(const sip::FlowAddress& flow) override { standings_[flow] = sip::Standing::proven; }
  void order(const media::Order& order) override;
  std::optional<door::Front> front(const SiteId& site, std::optional<IpAddress> at) const override;
  element::Zone zone(const std::string& name) const override;
  std::string local_time_zone() const override { return settings_.local_zone; }
  std::optional<WallTime> last_strike(const std::string& zone, const std::string& time) const override;
  void commit(Changes changes, element::StoreTicket ticket) override;
  void put_binding(StoredBinding binding) override;
  void put_dialog(StoredDialog dialog) override { dialogs_.insert_or_assign(dialog.tag, dialog); }
  void delete_dialog(const std::string& tag) override { dialogs_.erase(tag); }
  void delete_binding(const Mac& mac, const std::string& aor_user) override;
  void check_pin(hotdesk::AttemptId attempt, Secret pin, std::string hash) override;
  void publish(element::Notice notice) override;
  // Its deadline is asked for at each step.
  void wake_at(std::optional<TimePoint>) override {}
  // door::SbcPort
  std::optional<door::SbcInfo> sbc(const std::string&) const override { return std::nullopt; }
  void kick(const std::string&) override {}
  void update(const std::string&, tunnel::UpdateOrder) override {}
  void configure(const Sbc&) override {}
  void report(const std::string&, tunnel::ReportOrder, Reported) override {}
  void restart(const std::string&, tunnel::RestartOrder, Restarted) override {}
  Secret make_enrolment_key(Sbc&) const override { return Secret{"key"}; }

  Settings settings_;
  std::mt19937_64 random_;
  TimePoint mono_{std::chrono::hours{1000}};
  WallTime wall_;
  std::priority_queue<Task, std::vector<Task>, Later> tasks_;
  std::uint64_t last_task_ = 0;
  std::size_t handled_ = 0;
  provisioning::Provisioner provisioner_;
  // what lasts
  std::unique_ptr<Directory> stored_ = std::make_unique<Directory>();
  std::map<Mac, StoredBinding> bindings_;
  std::map<std::string, StoredDialog> dialogs_;
  std::map<std::string, std::size_t> audits_;
  bool store_fails_ = false;
  // the lines
  std::set<SiteId> dead_, away_;  // nothing gets through; and the core knows it
  std::map<sip::FlowAddress, sip::Flow> flows_;
  std::map<sip::FlowId, sip::FlowAddress> addresses_;
  std::uint64_t last_flow_ = 0;
  std::map<sip::FlowAddress, sip::Standing> standings_;
  std::map<media::StreamId, std::uint64_t> playing_;
  std::uint64_t last_play_ = 0;
  std::vector<std::unique_ptr<DeskPhone>> phones_;
  std::map<Address, DeskPhone*> at_;
  std::map<sip::FlowAddress, Ear> ears_;
  unsigned core_number_ = 0;
  std::unique_ptr<Core> core_;
};

}  // namespace roamdesk::sim
