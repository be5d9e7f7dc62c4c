#include "tests/sim/element/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/config/types.hpp"
#include "exchange/element/handover_text.hpp"
#include "exchange/provisioning/files/files.hpp"
#include "pbx-core/platform/time_zones.hpp"

// The clock, the store and the media plane.
namespace roamdesk::sim {
namespace {

constexpr auto store_time = 3ms;
constexpr auto pin_time = 60ms;
constexpr auto prompt_time = 2s;

hotdesk::Rules rules_of(const Simulation::Settings& settings) {
  hotdesk::Rules rules;
  rules.policy = {settings.move, settings.max_session};
  return rules;
}

element::Options options_of(const Simulation::Settings& settings) {
  element::Options options{"pbx.example.com", {}};
  options.authority = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
  options.defaults.move_when_already_logged_in = settings.move;
  options.defaults.max_session = settings.max_session;
  options.defaults.automatic_logout = settings.automatic_logout;
  return options;
}

Changes records_of(const Directory& directory) {
  Changes records;
  for (const auto& [key, r] : directory.sbcs()) records.push_back(PutSbc{r});
  for (const auto& [key, r] : directory.all<Trunk>()) records.push_back(Put<Trunk>{r});
  for (const auto& [key, r] : directory.all<InboundNumber>()) records.push_back(Put<InboundNumber>{r});
  for (const auto& [key, r] : directory.all<OutboundRule>()) records.push_back(Put<OutboundRule>{r});
  for (const auto& [key, r] : directory.all<Location>()) records.push_back(Put<Location>{r});
  for (const auto& [key, r] : directory.all<EmergencyCallback>()) records.push_back(Put<EmergencyCallback>{r});
  for (const auto& [key, r] : directory.all<Emergency>()) records.push_back(Put<Emergency>{r});
  for (const auto& [key, r] : directory.extensions()) records.push_back(PutExtension{r});
  for (const auto& [key, r] : directory.all<UpstreamAccount>()) records.push_back(Put<UpstreamAccount>{r});
  for (const auto& [key, r] : directory.desks()) records.push_back(PutDesk{r});
  for (const auto& [key, r] : directory.phones()) records.push_back(PutPhone{r});
  for (const auto& [key, r] : directory.sessions()) records.push_back(StartSession{r});
  for (const auto& [key, r] : directory.all<FirmwareFile>()) records.push_back(Put<FirmwareFile>{r});
  for (const auto& [key, r] : directory.all<FirmwarePin>()) records.push_back(Put<FirmwarePin>{r});
  for (const auto& [key, r] : directory.all<FirmwareTurn>()) records.push_back(Put<FirmwareTurn>{r});
  for (const auto& [key, r] : directory.pin_failures()) records.push_back(PutPinFailures{key, r});
  if (directory.settings()) records.push_back(PutSettings{*directory.settings()});
  return records;
}

}  // namespace

WallTime Simulation::date(int year, unsigned month, unsigned day, int hour, int minute) {
  using namespace std::chrono;
  return sys_days{year_month_day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}}} +
         hours{hour} + minutes{minute};
}

Simulation::Core::Core(Simulation& sim)
    : element(
          sim, [&sim] { return sim.fresh(); }, options_of(sim.settings_), sim.provisioner_, rules_of(sim.settings_),
          Secret{sim.fresh()}),
      administration(
          element, sim, sim.provisioner_, [&sim] { return sim.fresh(); }, [&sim] { return sim.now(); },
          [&sim] { return std::chrono::floor<std::chrono::days>(sim.now().wall); }) {}

Simulation::Simulation(Settings settings)
    : settings_(std::move(settings)),
      random_(settings_.seed),
      wall_(settings_.start),
      provisioner_(provisioning::load_models(CONFIG_DIR "/models"),
                   provisioning::load_templates(CONFIG_DIR "/templates", "")) {
  Sbc sbc;
  sbc.name = branch().value();
  sbc.time_zone = settings_.branch_zone;
  stored_->apply(Changes{PutSbc{sbc}});
  start_core();
  check_clock();
}

Simulation::~Simulation() = default;

// ---- time

element::Now Simulation::now() const { return {mono_, wall_}; }

void Simulation::after(Duration time, std::function<void()> then) {
  tasks_.push({mono_ + time, ++last_task_, std::move(then)});
}

std::string Simulation::fresh() {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (int half = 0; half < 2; ++half) {
    auto bits = random_();
    for (int i = 0; i < 16; ++i, bits >>= 4) text += digits[bits & 15];
  }
  return text;
}

// The next thing that happens, if it is due by `limit`; false: nothing is.
bool Simulation::step(TimePoint limit) {
  const auto deadline = core_ ? core_->element.deadline() : std::nullopt;
  const bool timer = deadline && (tasks_.empty() || *deadline <= tasks_.top().at);
  if (!timer && tasks_.empty()) return false;
  const auto at = std::max(mono_, timer ? *deadline : tasks_.top().at);
  if (at > limit) return false;
  wall_ += std::chrono::duration_cast<std::chrono::milliseconds>(at - mono_);
  mono_ = at;
  ++handled_;
  if (timer) {
    core_->element.handle_timeout(now());
    const auto next = core_->element.deadline();
    if (next && *next <= mono_ && *next == *deadline) {
      ADD_FAILURE() << "a deadline that doesn't pass";
      mono_ += 1s;
    }
    return true;
  }
  const auto task = std::move(const_cast<Task&>(tasks_.top()).run);
  tasks_.pop();
  task();
  return true;
}

void Simulation::run_for(Duration time) {
  const auto until = mono_ + time;
  while (step(until)) {
  }
  wall_ += std::chrono::duration_cast<std::chrono::milliseconds>(until - mono_);
  mono_ = until;
}

std::optional<Duration> Simulation::run_until(const std::function<bool()>& there, Duration limit) {
  const auto begin = mono_;
  while (!there())
    if (!step(begin + limit)) return std::nullopt;
  return mono_ - begin;
}

void Simulation::run_to(WallTime wall) { run_for(wall - wall_); }

void Simulation::check_clock() {
  if (core_) core_->element.check_clock(now());
  after(5s, [this] { check_clock(); });
}

// ---- the core and its store

void Simulation::start_core(element::Handover handover) {
  ++core_number_;
  standings_.clear();  // the edges are new as well
  core_ = std::make_unique<Core>(*this);
  for (auto& record : records_of(*stored_)) core_->element.restore(std::move(record));
  std::vector<StoredBinding> bindings;
  for (const auto& [mac, binding] : bindings_) bindings.push_back(binding);
  const auto next = stored_->next_desk_id().value();
  const std::vector<OldCredentials> old{stored_->old_credentials().begin(), stored_->old_credentials().end()};
  std::vector<StoredDialog> dialogs;
  for (const auto& [tag, dialog] : dialogs_) dialogs.push_back(dialog);
  core_->element.start(old, bindings, std::move(dialogs), static_cast<std::uint32_t>(std::stoul(next.substr(2))) - 1,
                       now(), std::move(handover));
  for (const auto& record : records)
    if (record.ended > wall_ - 1h) core_->element.remember(record, now());
  const auto& settings = core_->element.settings();
  core_->element.submit(hotdesk::PolicyChanged{{settings.move_when_already_logged_in, settings.max_session}}, now());
}

void Simulation::stop_core() {
  core_.reset();
  ++core_number_;  // what was under way isn't answered
  flows_.clear();
  addresses_.clear();
  playing_.clear();
}

void Simulation::restart_core() {
  stop_core();
  start_core();
}

void Simulation::upgrade_core(Duration away, const std::function<void(std::string&)>& change) {
  if (core_->element.shut_down(now())) run_for(200ms);
  auto text = element::to_text(core_->element.hand_over(now()));
  if (change) change(text);
  stop_core();
  run_for(away);
  auto handover = element::read_handover(text);
  start_core(handover ? std::move(*handover) : element::Handover{});
}

Simulation::Backup Simulation::back_up() const {
  return {records_of(*stored_), {stored_->old_credentials().begin(), stored_->old_credentials().end()}, bindings_};
}

void Simulation::restore_core(const Backup& backup) {
  stop_core();
  stored_ = std::make_unique<Directory>();
  stored_->apply(backup.records);
  for (const auto& old : backup.old) stored_->restore(old);
  bindings_ = backup.bindings;
  start_core();
}

// What the database itself refuses.
bool Simulation::allowed(const Changes& changes) const {
  Directory after;
  after.apply(records_of(*stored_));
  for (const auto& change : changes) {
    if (const auto* start = std::get_if<StartSession>(&change)) {
      if (after.session_at(start->session.desk) || after.session_of(start->session.extension) ||
          !after.desk(start->session.desk) || !after.extension(start->session.extension))
        return false;
    } else if (const auto* extension = std::get_if<DeleteExtension>(&change)) {
      if (after.session_of(extension->number) || !after.phones_of(extension->number).empty() ||
          after.all<UpstreamAccount>().contains(extension->number.value()))
        return false;
    } else if (const auto* desk = std::get_if<DeleteDesk>(&change)) {
      if (after.session_at(desk->id)) return false;
    }
    after.apply(change);
  }
  return true;
}

void Simulation::commit(Changes changes, element::StoreTicket ticket) {
  after(store_time, [this, ticket, number = core_number_, changes = std::move(changes)] {
    if (number != core_number_) return;  // it crashed before
    const bool ok = !store_fails_ && allowed(changes);
    if (ok) {
      stored_->apply(changes);
      for (const auto& change : changes)
        if (const auto* audit = std::get_if<AppendAudit>(&change))
          ++audits_[audit->record.action];
        else if (const auto* call = std::get_if<AppendCallRecord>(&change))
          records.push_back(call->record);
    } else if (!store_fails_) {
      troubles.push_back("store.constraint");
    }
    core_->element.stored(ticket, ok, now());
  });
}

void Simulation::put_binding(StoredBinding binding) { bindings_.insert_or_assign(binding.mac, std::move(binding)); }

void Simulation::delete_binding(const Mac& mac, const std::string& aor_user) {
  const auto found = bindings_.find(mac);
  if (found != bindings_.end() && found->second.aor_user == aor_user) bindings_.erase(found);
}

void Simulation::check_pin(hotdesk::AttemptId attempt, Secret pin, std::string hash) {
  const bool right = !hash.empty() && hash == "hash of " + pin.reveal();
  after(pin_time, [this, attempt, right, number = core_number_] {
    if (number == core_number_) core_->element.pin_checked(attempt, right, now());
  });
}

element::Zone Simulation::zone(const std::string& name) const { return core::describe_zone(name, wall_); }

std::optional<WallTime> Simulation::last_strike(const std::string& zone, const std::string& time) const {
  const auto parsed = config::parse_time_of_day(time);
  return parsed ? std::optional{core::last_strike(zone, *parsed, wall_)} : std::nullopt;
}

void Simulation::publish(element::Notice notice) {
  if (const auto* over = std::get_if<element::SessionEnded>(&notice))
    ended.push_back(over->session.extension.value() + " " + hotdesk::to_string(over->reason));
  else if (std::holds_alternative<element::Impostor>(notice))
    ++impostors;
  else if (const auto* refused = std::get_if<element::ProvisioningRefused>(&notice))
    troubles.push_back("provisioning.suspicious " + refused->why + " " + to_string(refused->peer));
  else if (const auto* called = std::get_if<element::EmergencyCalled>(&notice))
    emergencies.push_back(called->emergency);
  else if (core_ && std::holds_alternative<element::CallChanged>(notice))
    core_->administration.take_note(notice);  // it keeps calls for help for a day
  else if (const auto* trouble = std::get_if<element::Trouble>(&notice))
    troubles.push_back(trouble->what + " " + trouble->where + " " + trouble->detail);
}

std::size_t Simulation::audits(const std::string& action) const {
  const auto found = audits_.find(action);
  return found == audits_.end() ? 0 : found->second;
}

void Simulation::order(const media::Order& order) {
  if (const auto* play = std::get_if<media::Play>(&order)) {
    const auto number = ++last_play_;
    playing_[play->stream] = number;  // a later one takes its place
    if (play->repeat) return;
    after(prompt_time, [this, stream = play->stream, id = play->id, number, core = core_number_] {
      const auto found = playing_.find(stream);
      if (core != core_number_ || found == playing_.end() || found->second != number) return;
      playing_.erase(found);
      core_->element.handle_media(media::PlayEnded{stream, id}, now());
    });
  } else if (const auto* stop = std::get_if<media::StopPlaying>(&order)) {
    playing_.erase(stop->stream);
  } else if (const auto* close = std::get_if<media::CloseStream>(&order)) {
    playing_.erase(close->stream);
  }
}

}  // namespace roamdesk::sim
