#include "tests/sim/element/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/config/types.hpp"
#include "exchange/provisioning/files/files.hpp"
#include "pbx-core/platform/time_zones.hpp"

// The clock, the store and the lines.
namespace roamdesk::sim {
namespace {

constexpr auto wan = 20ms;
constexpr auto store_time = 3ms;
constexpr auto pin_time = 60ms;
constexpr auto prompt_time = 2s;
constexpr auto fetch_time = 200ms;
constexpr auto dead_peer = 20s;  // a silent line is noticed after
constexpr auto reconnect = 2s;

hotdesk::Rules rules_of(const Simulation::Settings& settings) {
  hotdesk::Rules rules;
  rules.policy = {settings.move, settings.max_session};
  return rules;
}

element::Options options_of(const Simulation::Settings& settings) {
  element::Options options{"pbx.example.com", {}};
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
  for (const auto& [key, r] : directory.extensions()) records.push_back(PutExtension{r});
  for (const auto& [key, r] : directory.desks()) records.push_back(PutDesk{r});
  for (const auto& [key, r] : directory.phones()) records.push_back(PutPhone{r});
  for (const auto& [key, r] : directory.sessions()) records.push_back(StartSession{r});
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

void Simulation::start_core() {
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
                       now());
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
      if (after.session_of(extension->number) || !after.phones_of(extension->number).empty()) return false;
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
        if (const auto* audit = std::get_if<AppendAudit>(&change)) ++audits_[audit->record.action];
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
  else if (const auto* trouble = std::get_if<element::Trouble>(&notice))
    troubles.push_back(trouble->what + " " + trouble->where + " " + trouble->detail);
}

std::size_t Simulation::audits(const std::string& action) const {
  const auto found = audits_.find(action);
  return found == audits_.end() ? 0 : found->second;
}

// ---- the lines

Endpoint Simulation::face(const SiteId& site) const {
  return site == local_site() ? *parse_endpoint("10.0.0.1:5060") : *parse_endpoint("192.168.1.5:5060");
}

std::optional<door::Front> Simulation::front(const SiteId& site, std::optional<Ipv4>) const {
  const auto sip = face(site);
  return door::Front{sip, {sip.address, 5061}, {sip.address, 5000}, {sip.address, 123}, {10000, 19999}};
}

sip::Flow Simulation::flow_of(const sip::FlowAddress& address) {
  if (const auto found = flows_.find(address); found != flows_.end()) return found->second;
  const sip::Flow flow{sip::FlowId{++last_flow_}, address};
  flows_.emplace(address, flow);
  addresses_.emplace(flow.id, address);
  return flow;
}

std::optional<sip::Flow> Simulation::find_or_open(const sip::FlowAddress& address) {
  if (!reaches_core(address.site)) return std::nullopt;
  // A connection is opened by connect() only.
  if (address.transport != sip::Transport::udp && !flows_.contains(address)) return std::nullopt;
  return flow_of(address);
}

void Simulation::line_down(const SiteId& site) {
  if (!dead_.insert(site).second) return;
  after(dead_peer, [this, site] {
    if (!dead_.contains(site) || !away_.insert(site).second || !core_) return;
    core_->element.handle_site_disconnected(site, now());
  });
}

void Simulation::line_up(const SiteId& site) {
  if (!dead_.contains(site)) return;
  after(reconnect, [this, site] {
    if (!dead_.erase(site) || !away_.erase(site) || !core_) return;  // not noticed: all goes on
    std::vector<sip::Flow> closed;
    for (const auto& [address, flow] : flows_)
      if (address.site == site) closed.push_back(flow);
    for (const auto& flow : closed) {
      flows_.erase(flow.address);
      addresses_.erase(flow.id);
    }
    for (const auto& flow : closed) core_->element.handle_flow_closed(flow, now());
    core_->element.handle_site_connected(site, now());
  });
}

bool Simulation::lost(const SiteId& site) {
  if (dead_.contains(site)) return true;
  return settings_.loss > 0 && site != local_site() && std::uniform_real_distribution<>{}(random_) < settings_.loss;
}

void Simulation::to_core(const DeskPhone& phone, std::string bytes) {
  if (lost(phone.site())) return;
  const sip::FlowAddress address{phone.site(), sip::Transport::udp, face(phone.site()), phone.own()};
  after(phone.site() == local_site() ? Duration{lan} : Duration{wan}, [this, address, bytes = std::move(bytes)] {
    if (dead_.contains(address.site) || !core_) return;
    core_->element.handle_sip(flow_of(address), bytes, now());
  });
}

void Simulation::send(sip::FlowId flow, std::string bytes) {
  const auto found = addresses_.find(flow);
  if (found == addresses_.end() || lost(found->second.site)) return;
  if (const auto ear = ears_.find(found->second); ear != ears_.end()) {
    after(lan, [hears = ear->second, bytes = std::move(bytes)] { hears(bytes); });
    return;
  }
  if (found->second.transport != sip::Transport::udp) return;
  const auto phone = at_.find({found->second.site, found->second.peer});
  if (phone == at_.end()) return to_strangers.push_back(bytes);
  if (bytes.starts_with("INVITE ")) check_ring(*phone->second, SipText::read(bytes));
  after(found->second.site == local_site() ? Duration{lan} : Duration{wan},
        [this, to = phone->second, site = found->second.site, bytes = std::move(bytes)] {
          if (!dead_.contains(site)) to->receive(bytes);
        });
}

// A call to a person rings at the desk where they are at this moment, and at their own phones.
void Simulation::check_ring(const DeskPhone& phone, const SipText& invite) {
  if (!parameter(invite.header("To"), "tag").empty()) return;  // within a call
  const auto& directory = core_->element.directory();
  const Phone* record = directory.phone(phone.mac());
  std::string is;
  if (const HotDesk* desk = directory.desk_of(phone.mac())) {
    if (const auto who = core_->element.desks().machine().occupant(desk->id)) is = who->value();
  } else if (record && record->assigned && record->extension) {
    is = record->extension->value();
  }
  const auto to = user_of(invite.header("To"));
  if (to != is && core_->element.directory().extension(ExtensionNumber{to}))
    wrong_rings.push_back("a call to " + to + " rings at the phone of " + (is.empty() ? "nobody" : is));
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

void Simulation::fetch(const DeskPhone& phone, const std::string& url, std::function<void(int, std::string)> then) {
  const auto slash = url.find('/', url.find("//") + 2);
  door::HttpRequest request;
  request.site = phone.site();
  request.face = {face(phone.site()).address, 5000};
  request.peer = phone.own();
  request.path = slash == std::string::npos ? "/" : url.substr(slash);
  request.user_agent = "Yealink SIP-T33G 124.86.0.40 " + phone.mac().text();
  after(fetch_time, [this, request, then = std::move(then)] {
    if (dead_.contains(request.site) || !core_) return after(5s, [then] { then(0, ""); });
    const auto answer = core_->element.handle_http(request, now());
    after(fetch_time, [answer, then] { then(answer.status, answer.body); });
  });
}

int Simulation::fetch_from(const std::string& ip, const DeskPhone& phone, const std::string& url) {
  door::HttpRequest request;
  request.site = phone.site();
  request.face = {face(phone.site()).address, 5000};
  request.peer = {*parse_ipv4(ip), 40000};
  request.path = url.substr(url.find('/', url.find("//") + 2)) + phone.mac().text() + ".cfg";
  request.user_agent = "Yealink SIP-T33G 124.86.0.40 " + phone.mac().text();
  const auto status = core_->element.handle_http(request, now()).status;
  run_for(50ms);
  return status;
}

void Simulation::ask_from(const std::string& ip, const DeskPhone& phone, bool by_unicast) {
  const Endpoint own{*parse_ipv4(ip), 5060};
  const auto user = "MAC%3a" + phone.mac().text();
  SipText text;
  text.start = "SUBSCRIBE sip:" + user + "@224.0.1.75 SIP/2.0";
  text.add("Via", "SIP/2.0/UDP " + to_string(own) + ";branch=z9hG4bK" + fresh());
  text.add("From", "<sip:" + user + "@224.0.1.75>;tag=" + fresh());
  text.add("To", "<sip:" + user + "@224.0.1.75>");
  text.add("Call-ID", fresh());
  text.add("CSeq", "1 SUBSCRIBE");
  text.add("Contact", "<sip:" + user + "@" + to_string(own) + ">");
  text.add("Event", "ua-profile;profile-type=\"device\";vendor=\"Yealink\";model=\"T33G\"");
  if (by_unicast) text.add("X-Asked-By-Unicast", "1");
  const sip::FlowAddress address{phone.site(), sip::Transport::udp, face(phone.site()), own};
  core_->element.handle_sip(flow_of(address), text.write(), now());
  run_for(50ms);
}

int Simulation::fetch(const DeskPhone& phone, const std::string& url) {
  int status = -1;
  fetch(phone, url + phone.mac().text() + ".cfg", [&](int s, const std::string&) { status = s; });
  run_until([&] { return status != -1; }, 10s);
  return status;
}

}  // namespace roamdesk::sim
