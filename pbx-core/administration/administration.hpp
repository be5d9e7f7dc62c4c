#pragma once
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <variant>

#include "exchange/alarms/condition.hpp"
#include "exchange/element/element.hpp"
#include "pbx-core/administration/comings.hpp"
#include "pbx-core/administration/history.hpp"
#include "pbx-core/administration/line_history.hpp"
#include "pbx-core/api/domain.hpp"
#include "pbx-core/api/events.hpp"
#include "pbx-core/door/sbc_port.hpp"
#include "pbx-core/rollout/facts.hpp"

namespace roamdesk::administration {

using Clock = std::function<element::Now()>;

class Administration : public api::Domain {
 public:
  Administration(element::Element& element, door::SbcPort& door, const provisioning::Provisioner& provisioner,
                 element::Unique unique, Clock now, std::function<WallTime()> midnight)
      : element_(element),
        door_(door),
        provisioner_(provisioner),
        unique_(std::move(unique)),
        now_(std::move(now)),
        midnight_(std::move(midnight)) {}

  // ---- reading (views.cpp)
  std::vector<api::ExtensionView> extensions() const override;
  std::optional<api::ExtensionView> extension(const ExtensionNumber& number) const override;
  std::vector<api::PhoneView> phones() const override;
  std::optional<api::PhoneView> phone(const Mac& mac) const override;
  std::vector<api::DeskView> desks() const override;
  std::optional<api::DeskView> desk(const Mac& mac) const override;
  std::vector<api::SbcView> sbcs() const override;
  std::optional<api::SbcView> sbc(const std::string& name) const override;
  std::optional<api::TrunkState> trunk_state(const std::string& name) const override;
  std::optional<api::TestCallView> test_call(const std::string& trunk) const override;
  std::optional<api::UpstreamAccountState> upstream_account_state(const std::string& extension) const override;
  std::optional<api::FirmwareState> firmware_state(const std::string& model) const override;
  std::vector<api::CallView> calls() const override;
  std::optional<api::CallMedia> call_media(const std::string& id) const override;
  std::optional<CallTrace> call_trace(const std::string& id) const override;
  std::vector<api::ModelView> models() const override;
  std::optional<api::DrawnKeys> draw_keys(phones::Vendor vendor, const std::string& model,
                                          const Extension& person) const override;
  std::optional<api::Problem> snippet_problem(const Snippet& snippet) const override;
  std::optional<api::FinishedFile> finished_file(const Mac& mac, const std::optional<Snippet>& instead) const override;
  Settings settings() const override { return element_.settings(); }
  const Directory& directory() const override { return element_.directory(); }
  // Of each notice, whether anybody listens or not: what the dashboard counts and the calls for help that it keeps.
  void take_note(const element::Notice& notice);
  // The event that the event stream is told of a notice; nullopt if it is told of none.
  std::optional<api::Event> event_of(const element::Notice& notice) const;

  // ---- statistics (statistics.cpp)
  api::Statistics statistics() const override;
  // To be called every few seconds: remembers the moment in the history, and says what has changed meanwhile. Cheap: it
  // looks at no phone and no desk.
  std::vector<api::Event> sample();
  // A login that the audit tells of, from before the start.
  void count_login(WallTime at) { history_.login(at); }

  // ---- alarms (conditions.cpp)
  // All that is wrong now. What goes with a branch that is down isn't wrong by itself.
  std::vector<alarms::Condition> conditions() const;

  // ---- the update of branches (rollout_facts.cpp)
  // Of each site with any: calls, and phones that can be reached.
  struct SiteNow {
    std::size_t calls = 0;
    std::vector<std::string> phones{};
  };
  std::map<std::string, SiteNow> sites_now() const;
  // `info`: what the door knows of it; null: nothing. `sites`: as they are now.
  rollout::Facts facts_of(const RolloutBranch& branch, const door::SbcInfo* info,
                          const std::map<std::string, SiteNow>& sites) const;

  // ---- plain records (administration.cpp)
  void change(Decide decide, api::Actor actor, api::Done done) override;

  // ---- trunks (trunks.cpp)
  void hang_up(std::string call, api::Actor actor, api::Done done) override;
  void test_call(std::string trunk, std::string number, api::Actor actor, api::Done done) override;

  // ---- extensions (extensions.cpp)
  void create_extension(Extension extension, api::Actor actor, api::Done done) override;
  void change_extension(ExtensionNumber number, api::ExtensionPatch patch, api::Actor actor, api::Done done) override;
  void set_hot_desking(std::vector<ExtensionNumber> numbers, bool on, api::Actor actor, api::Done done) override;
  void delete_extension(ExtensionNumber number, api::Actor actor, api::Done done) override;
  void unlock_extension(ExtensionNumber number, api::Actor actor, api::Done done) override;
  void change_settings(std::function<void(Settings&)> edit, api::Actor actor, api::Done done) override;

  // ---- phones and desks (phones.cpp, desks.cpp)
  void assign_phone(Mac mac, std::optional<ExtensionNumber> extension, std::optional<api::PhoneAt> at, api::Actor actor,
                    api::Done done) override;
  void provision_phone(Mac mac, api::Actor actor, api::Done done) override;
  void restart_phone(Mac mac, api::Actor actor, api::Done done) override;
  void unassign_phone(Mac mac, api::Actor actor, api::Done done) override;
  void forget_phone(Mac mac, api::Actor actor, api::Done done) override;
  void clear_phones(std::optional<SiteId> site, api::Actor actor, std::function<void(std::size_t)> done) override;
  std::optional<Secret> web_password(const Mac& mac) const override;
  void create_desk(api::NewDesk desk, api::Actor actor, api::Done done) override;
  void change_desk(Mac mac, api::DeskPatch patch, api::Actor actor, api::Done done) override;
  void delete_desk(Mac mac, api::Actor actor, api::Done done) override;
  void log_in(Mac mac, ExtensionNumber extension, api::Actor actor, api::Done done) override;
  void log_out(Mac mac, api::Actor actor, api::Done done) override;

  // ---- SBCs (sbcs.cpp)
  void create_sbc(api::NewSbc sbc, api::Actor actor, KeyDone done) override;
  void renew_enrolment_key(std::string name, api::Actor actor, KeyDone done) override;
  void delete_sbc(std::string name, api::Actor actor, api::Done done) override;

  // ---- SBCs run from here (remote.cpp)
  void report_of_sbc(std::string name, tunnel::ReportKind kind, std::uint16_t lines, api::Actor actor,
                     Reported done) override;
  void restart_sbc(std::string name, tunnel::RestartKind kind, bool during_calls, api::Actor actor,
                   api::Done done) override;
  std::optional<api::LinePast> line_past(const std::string& name, bool month) const override;

 private:
  using Job = std::function<void(api::Done)>;
  // Runs `job` when those before it have answered (README: one change at a time).
  void queue(api::Done done, Job job);
  void run_next();
  void record(Changes& changes, const api::Actor& actor) const;
  // Where that is still wanted (Actor::still), stores with the actor's record of it, then does `then`, then answers;
  // 503 where the store fails.
  void store(Changes changes, const api::Actor& actor, api::Done done, std::function<void()> then);
  // A phone from its desk or person: whoever is logged in there is logged out. `change` is of its record.
  void take_away(Change change, const Mac& mac, const api::Actor& actor, api::Done respond);
  // Why an SBC can't be run from here at this moment; nullopt where it can.
  std::optional<api::Answer> not_remote(const std::string& name) const;
  void note_lines(element::Now now);
  LineHistory& line_history(const std::string& name);
  bool is_reached(const SiteId& site) const;
  void add_rollout(std::vector<alarms::Condition>& wrong) const;
  void count_call(const element::CallChanged& call);
  void add_sbcs(std::vector<alarms::Condition>& wrong) const;
  void add_phones(std::vector<alarms::Condition>& wrong) const;
  void add_trunks(std::vector<alarms::Condition>& wrong) const;
  // Tells the phones whose files have these lines, one after the other.
  void snippet_changed(const std::string& key);
  // What phones learn of a plain record that was stored.
  void follow(const Change& change);
  // Stores what may change which emergency numbers hold where, and tells the phones whose have become others.
  void store_places(Changes changes, const api::Actor& actor, api::Done done, std::function<void()> then);
  // A deletion ends the sessions that it finds. One that starts in the same moment makes the store refuse it; then it
  // is decided again, once: the session is known by then.
  void store_deletion(std::function<Changes()> decide, const api::Actor& actor, api::Done done,
                      std::function<void()> then);
  bool site_exists(const SiteId& site) const;
  api::ExtensionView view(const Extension& extension) const;
  api::PhoneView view(const Phone& phone) const;
  api::DeskView view(const HotDesk& desk) const;
  api::SbcView view(const Sbc& sbc) const;
  api::CallView view(const roamdesk::calls::CallInfo& call) const;
  api::EmergencyView emergency_at(const SiteId& site, const std::optional<Mac>& device = std::nullopt) const;
  // Why a place can't be given this location; nullopt where it can, and for "".
  std::optional<api::Answer> no_such_location(const std::string& name) const;
  void note_emergency(const element::CallChanged& call);
  // What has come or gone is written down by the next sample(): a notice comes from within the element.
  void note_coming(const element::Notice& notice);
  api::Attention acknowledged(api::Attention call) const;
  // The phones that show this person: where the person is logged in, and the person's own.
  std::vector<Mac> phones_showing(const ExtensionNumber& number) const;
  api::Numbers numbers() const;
  // Which of those that announce a MAC is meant, or why that can't be said.
  std::variant<std::optional<Endpoint>, api::Answer> meant(const Mac& mac, const SiteId& site, bool any_site,
                                                           const std::optional<api::PhoneAt>& at) const;

  element::Element& element_;
  door::SbcPort& door_;
  const provisioning::Provisioner& provisioner_;
  element::Unique unique_;
  Clock now_;
  std::function<WallTime()> midnight_;  // the last one, local time

  // What the event stream was last told of an SBC's line.
  struct Line {
    long rtt_ms = 0, loss_permille = 0;
    std::uint32_t streams = 0;
    std::optional<tunnel::SettingsNews> uses{};
    TimePoint told{};
    bool same_as(const Line& other) const {
      return rtt_ms == other.rtt_ms && loss_permille == other.loss_permille && streams == other.streams;
    }
  };
  History history_;
  std::map<std::string, LineHistory> line_histories_;  // of SBCs
  Comings comings_;
  Changes came_or_went_;
  api::Numbers told_;
  bool touched_ = false;  // something has happened since `told_` that may be worth attention
  std::map<std::string, Line> lines_;
  std::deque<api::Attention> emergencies_;  // of the last day, the latest first
  std::deque<std::pair<api::Done, Job>> jobs_;
  bool busy_ = false;
  // Of each SBC that there is: calls that ended since the start.
  struct Ended {
    std::size_t failed = 0, through = 0;
  };
  std::map<std::string, Ended> ended_calls_;
};

}  // namespace roamdesk::administration
