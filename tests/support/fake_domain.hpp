#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pbx-core/api/domain.hpp"

namespace roamdesk::test {

// A domain in memory, without phones: enough states for the API's tests. `present` says whether a desk's phone is
// there.
class FakeDomain : public api::Domain {
 public:
  std::map<std::string, api::ExtensionView> extensions_;
  std::map<std::string, api::PhoneView> phones_;
  std::map<std::string, api::DeskView> desks_;
  std::map<std::string, api::SbcView> sbcs_;
  std::map<std::string, api::TestCallView> test_calls_;
  std::vector<api::CallView> calls_;
  std::vector<tunnel::RestartKind> restarts_;
  std::map<std::string, CallTrace> traces_;
  std::vector<api::ModelView> models_ = {
      {phones::Vendor::yealink, "T46U", 16, 27, {"108.86.0.20"}, {}},
      {phones::Vendor::snom, "D785", 12, 24, {"10.1.184.15"}, {"no SHA-256 digest"}}};
  Settings settings_;
  api::Statistics statistics_;
  bool present = true;
  bool store_fails = false;
  api::Actor last_actor;
  // Gets the record of each change that went well.
  std::function<void(AuditRecord)> store_record = [](const AuditRecord&) {};

  std::vector<api::ExtensionView> extensions() const override { return values(extensions_); }
  std::optional<api::ExtensionView> extension(const ExtensionNumber& n) const override {
    return find(extensions_, n.value());
  }
  std::vector<api::PhoneView> phones() const override { return values(phones_); }
  std::optional<api::PhoneView> phone(const Mac& mac) const override { return find(phones_, mac.text()); }
  std::vector<api::DeskView> desks() const override { return values(desks_); }
  std::optional<api::DeskView> desk(const Mac& mac) const override { return find(desks_, mac.text()); }
  std::vector<api::SbcView> sbcs() const override { return values(sbcs_); }
  std::optional<api::SbcView> sbc(const std::string& name) const override { return find(sbcs_, name); }
  std::vector<api::CallView> calls() const override { return calls_; }
  std::map<std::string, api::CallMedia> media_;
  std::optional<api::CallMedia> call_media(const std::string& id) const override { return find(media_, id); }
  std::optional<CallTrace> call_trace(const std::string& id) const override { return find(traces_, id); }
  std::vector<api::ModelView> models() const override { return models_; }
  // Two places, the first of them ours.
  std::optional<api::DrawnKeys> draw_keys(phones::Vendor vendor, const std::string& model,
                                          const Extension& person) const override {
    if (vendor != phones::Vendor::yealink || model != "T46U") return std::nullopt;
    api::DrawnKeys drawn{{{1, 1, 1, 1, {KeyType::speed_dial, "*77*5*", "Log out"}, false}}, {}};
    for (const Key& key : person.keys)
      if (drawn.keys.size() < 2)
        drawn.keys.push_back({2, 1, 2, std::nullopt, key, true});
      else
        drawn.not_shown.push_back(key);
    return drawn;
  }
  Settings settings() const override { return settings_; }
  api::Statistics statistics() const override { return statistics_; }

  void create_extension(Extension e, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    last_actor = actor;
    if (store_fails) return done({api::Outcome::unavailable, "the disk is full"});
    if (extensions_.contains(e.number.value())) return done({api::Outcome::clash, "there already"});
    extensions_[e.number.value()].record = std::move(e);
    done({});
  }
  void change_extension(ExtensionNumber n, api::ExtensionPatch patch, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (is_stale(actor)) return done(api::stale_answer());
    const auto found = extensions_.find(n.value());
    if (found == extensions_.end()) return done(unknown("extension", n.value()));
    Extension& e = found->second.record;
    if (patch.name) e.name = *patch.name;
    if (patch.pin_hash) e.pin_hash = *patch.pin_hash;
    if (patch.hot_desking) e.hot_desking = *patch.hot_desking;
    if (patch.keys) e.keys = *patch.keys;
    if (patch.outside_number) e.outside_number = *patch.outside_number;
    if (patch.hide_number) e.hide_number = *patch.hide_number;
    if (patch.may_call) e.may_call = *patch.may_call;
    done({});
  }
  void set_hot_desking(std::vector<ExtensionNumber> numbers, bool on, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    for (const auto& n : numbers)
      if (!extensions_.contains(n.value())) return done(unknown("extension", n.value()));
    if (is_stale(actor)) return done(api::stale_answer());
    for (const auto& n : numbers) extensions_[n.value()].record.hot_desking = on;
    done({});
  }
  void delete_extension(ExtensionNumber n, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (!extensions_.erase(n.value())) return done(unknown("extension", n.value()));
    done({});
  }
  void unlock_extension(ExtensionNumber n, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    const auto found = extensions_.find(n.value());
    if (found == extensions_.end()) return done(unknown("extension", n.value()));
    found->second.locked_until.reset();
    done({});
  }
  void assign_phone(Mac mac, std::optional<ExtensionNumber> extension, std::optional<api::PhoneAt> at, api::Actor,
                    api::Done done) override {
    const auto found = phones_.find(mac.text());
    if (found == phones_.end()) return done(unknown("phone", mac.text()));
    if (found->second.conflict() && !at) return done({api::Outcome::clash, "Several devices say so; name the address"});
    if (at) found->second.address = to_string(at->ip);
    if (extension) {
      if (!extensions_.contains(extension->value())) return done(unknown("extension", extension->value()));
      found->second.assigned_to = *extension;
    } else {
      const auto desk = desks_.find(mac.text());
      if (desk == desks_.end())
        return done({api::Outcome::clash, "No hot desk is defined for this MAC; define one, or name an extension"});
      found->second.assigned_to = desk->second.record.id;
    }
    found->second.state = api::PhoneState::assigned;
    done({present ? api::Outcome::ok : api::Outcome::later, ""});
  }
  void provision_phone(Mac mac, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (!phones_.contains(mac.text())) return done(unknown("phone", mac.text()));
    done({present ? api::Outcome::ok : api::Outcome::later, ""});
  }
  void restart_phone(Mac mac, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (!phones_.contains(mac.text())) return done(unknown("phone", mac.text()));
    if (!present) return done({api::Outcome::clash, "This phone isn't registered: it can't be told."});
    done({});
  }
  void unassign_phone(Mac mac, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    const auto found = phones_.find(mac.text());
    if (found == phones_.end()) return done(unknown("phone", mac.text()));
    found->second.assigned_to = std::monostate{};
    done({});
  }
  void hang_up(std::string call, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (!std::erase_if(calls_, [&](const auto& one) { return one.id == call; })) return done(unknown("call", call));
    done({});
  }
  void forget_phone(Mac mac, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (!phones_.erase(mac.text())) return done(unknown("phone", mac.text()));
    done({});
  }
  void clear_phones(std::optional<SiteId> site, api::Actor actor, std::function<void(std::size_t)> done) override {
    done = recorded(actor, std::move(done));
    done(std::erase_if(phones_, [&](const auto& entry) {
      return entry.second.state == api::PhoneState::new_ && (!site || entry.second.site == *site);
    }));
  }
  std::optional<Secret> web_password(const Mac& mac) const override {
    const auto phone = find(phones_, mac.text());
    if (!phone || phone->state == api::PhoneState::new_) return std::nullopt;
    return Secret{"Web2password"};
  }
  void create_desk(api::NewDesk d, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (desks_.contains(d.mac.text())) return done({api::Outcome::clash, "There is a hot desk for this MAC already"});
    if (d.site != local_site() && !sbcs_.contains(d.site.value()))
      return done({api::Outcome::refused, "There is no SBC " + d.site.value()});
    const std::string id = "HD000" + std::to_string(desks_.size() + 1);
    const HotDesk record{
        HotDeskId{id},       d.mac, d.vendor, d.model, d.site, d.sbc_address, d.options, {id, Secret{"secret-x"}},
        d.emergency_location};
    desks_.emplace(d.mac.text(), api::DeskView{record, {}, {}, {}, false, "", false, {}, {}});
    done({});
  }
  void change_desk(Mac mac, api::DeskPatch patch, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (is_stale(actor)) return done(api::stale_answer());
    HotDesk& d = desks_.at(mac.text()).record;
    if (patch.vendor) d.vendor = *patch.vendor;
    if (patch.model) d.model = *patch.model;
    if (patch.place) {
      d.site = patch.place->site;
      d.sbc_address = patch.place->sbc_address;
    }
    if (patch.options) patch.options(d.options);
    if (patch.emergency_location) d.emergency_location = *patch.emergency_location;
    done({});
  }
  void delete_desk(Mac mac, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (!desks_.erase(mac.text())) return done(unknown("hot desk", mac.text()));
    done({});
  }
  void log_in(Mac mac, ExtensionNumber n, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    last_actor = actor;
    const auto found = desks_.find(mac.text());
    if (found == desks_.end()) return done(unknown("hot desk", mac.text()));
    if (!extensions_.contains(n.value())) return done(unknown("extension", n.value()));
    found->second.state = api::DeskState::logged_in;
    found->second.extension = n;
    found->second.since = WallTime{};
    done({present ? api::Outcome::ok : api::Outcome::later, ""});
  }
  void log_out(Mac mac, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    last_actor = actor;
    const auto found = desks_.find(mac.text());
    if (found == desks_.end()) return done(unknown("hot desk", mac.text()));
    found->second.state = api::DeskState::logged_out;
    found->second.extension.reset();
    done({});
  }
  void create_sbc(api::NewSbc s, api::Actor actor, KeyDone done) override {
    done = recorded(actor, std::move(done));
    if (sbcs_.contains(s.name)) return done({api::Outcome::clash, "There is an SBC of this name already"}, {});
    sbcs_[s.name].record = {s.name, s.time_zone.value_or("Europe/Nicosia"), "", "", {}, "", s.emergency_location};
    done({}, Secret{"rd1-key"});
  }
  void renew_enrolment_key(std::string name, api::Actor actor, KeyDone done) override {
    done = recorded(actor, std::move(done));
    if (!sbcs_.contains(name)) return done(unknown("SBC", name), {});
    done({}, Secret{"rd1-key2"});
  }
  void report_of_sbc(std::string name, tunnel::ReportKind kind, std::uint16_t lines, api::Actor actor,
                     Reported done) override {
    if (!sbcs_.contains(name)) return done(unknown("SBC", name), {});
    if (!sbcs_[name].is_run_from_core) return done({api::Outcome::clash, "The SBC isn't connected"}, {});
    const auto store = recorded(actor, api::Done{[](const api::Answer&) {}});
    store(api::Answer{});
    done({}, kind == tunnel::ReportKind::log ? "lines " + std::to_string(lines) + "\n" : "diagnosis\n");
  }
  void restart_sbc(std::string name, tunnel::RestartKind kind, bool during_calls, api::Actor actor,
                   api::Done done) override {
    done = recorded(actor, std::move(done));
    if (!sbcs_.contains(name)) return done(unknown("SBC", name));
    if (!calls_.empty() && !during_calls) return done({api::Outcome::clash, "The branch has calls"});
    restarts_.push_back(kind);
    done({});
  }
  std::optional<api::LinePast> line_past(const std::string& name, bool month) const override {
    if (!sbcs_.contains(name)) return std::nullopt;
    api::LinePast past{std::chrono::seconds{month ? 7200 : 300}, {}};
    past.points.push_back({WallTime{std::chrono::seconds{1'700'000'000}}, 0.5, 20.0, 1.5, 0.01, 0.25, 4.1});
    past.points.push_back({WallTime{std::chrono::seconds{1'700'007'200}}, 0.0});
    return past;
  }
  void delete_sbc(std::string name, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (!sbcs_.erase(name)) return done(unknown("SBC", name));
    done({});
  }
  void test_call(std::string trunk, std::string number, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (!records_.all<Trunk>().contains(trunk)) return done(unknown("trunk", trunk));
    test_calls_[trunk] = {number, "0049", "192.0.2.1:5060", "calling", 100, "Trying", WallTime{}, {}};
    done({});
  }
  std::optional<api::TestCallView> test_call(const std::string& trunk) const override {
    return find(test_calls_, trunk);
  }
  void change_settings(std::function<void(Settings&)> edit, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    edit(settings_);
    done({});
  }

  const Directory& directory() const override {
    for (const auto& [name, view] : records_.sbcs())
      if (!sbcs_.contains(name)) gone_.push_back(name);
    for (const std::string& name : std::exchange(gone_, {})) records_.apply(DeleteSbc{name});
    for (const auto& [name, view] : sbcs_) records_.apply(PutSbc{view.record});
    std::vector<ExtensionNumber> left;
    for (const auto& [number, extension] : records_.extensions())
      if (!extensions_.contains(number.value())) left.push_back(number);
    for (const ExtensionNumber& number : left) records_.apply(DeleteExtension{number});
    for (const auto& [number, view] : extensions_) records_.apply(PutExtension{view.record});
    std::vector<HotDeskId> removed;
    for (const auto& [id, desk] : records_.desks())
      if (!desks_.contains(desk.mac.text())) removed.push_back(id);
    for (const HotDeskId& id : removed) records_.apply(DeleteDesk{id});
    for (const auto& [mac, view] : desks_) records_.apply(PutDesk{view.record});
    return records_;
  }
  void change(Decide decide, api::Actor actor, api::Done done) override {
    done = recorded(actor, std::move(done));
    if (store_fails) return done({api::Outcome::unavailable, "It can't be stored at the moment; try again"});
    if (is_stale(actor)) return done(api::stale_answer());
    auto decision = decide(directory());
    if (auto* answer = std::get_if<api::Answer>(&decision)) return done(std::move(*answer));
    for (Change& change : std::get<Changes>(decision)) {
      if (const auto* put = std::get_if<PutSbc>(&change)) sbcs_[put->record.name].record = put->record;
      if (const auto* put = std::get_if<PutPhone>(&change)) {
        auto& view = phones_.try_emplace(put->phone.mac.text(), api::PhoneView{.mac = put->phone.mac}).first->second;
        view.emergency_location = put->phone.emergency_location.str();
        if (put->phone.extension) view.assigned_to = *put->phone.extension;
      }
      records_.apply(std::move(change));
    }
    done({});
  }

 private:
  bool is_stale(const api::Actor& actor) const { return actor.still && !actor.still(*this); }
  template <class Done>
  Done recorded(const api::Actor& actor, Done done) {
    return [this, actor, done = std::move(done)](auto answer, auto... rest) {
      bool good = true;
      if constexpr (std::is_same_v<decltype(answer), api::Answer>)
        good = answer.outcome == api::Outcome::ok || answer.outcome == api::Outcome::later;
      if (good && actor.change) store_record(*actor.change);
      done(std::move(answer), std::move(rest)...);
    };
  }
  static api::Answer unknown(const std::string& what, const std::string& which) {
    return {api::Outcome::unknown, "There is no " + what + " " + which};
  }
  template <class View>
  static std::vector<View> values(const std::map<std::string, View>& map) {
    std::vector<View> all;
    for (const auto& [key, view] : map) all.push_back(view);
    return all;
  }
  template <class View>
  static std::optional<View> find(const std::map<std::string, View>& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional<View>(found->second);
  }

  // The directory is made to say what the maps say when it is asked for.
  mutable Directory records_;
  mutable std::vector<std::string> gone_;
};

}  // namespace roamdesk::test
