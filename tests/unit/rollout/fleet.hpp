#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pbx-core/rollout/machine.hpp"

// Branches in simulated time: each does what sbc and sbc-update do, as fast or as badly as a test wants it.
namespace roamdesk::rollout::test {

using namespace std::chrono_literals;
using tunnel::UpdateStage;

inline const std::string old_version = "1.0~deb12", new_version = "1.1~deb12";

struct Site {
  // What a test may change.
  std::optional<Package> package = Package{old_version, "amd64"};
  bool connected = true;
  std::size_t calls = 0;
  std::vector<std::string> phones{};
  std::vector<std::string> lost_by_update{};  // phones that don't come back
  Duration fetch = 20s, restart = 2s, registers = 1s;
  bool bad = false;       // the new version never reaches the core
  bool vanishes = false;  // nothing is heard of it once it installs
  bool refuses = false, deaf = false;
  std::vector<std::string> alarms{};
  std::size_t calls_failed = 0, calls_through = 0;
  bool deleted = false;

  // What becomes of it.
  enum class At { idle, fetching, installing, proving, falling_back } at = At::idle;
  TimePoint until{}, phones_back{};
  std::string order{}, to{};
  UpdateStage stage = UpdateStage::accepted;
  std::string why{};
  int instance = 1, connection = 1;
  bool asked = false;
  std::optional<tunnel::UpdateNews> news{};  // in the core's door
  TimePoint down_since{};
  Duration worst{};  // how long its phones couldn't be reached
  int restarts = 0;
};

class Fleet {
 public:
  explicit Fleet(int branches = 1, int phones = 3) {
    for (int i = 0; i < branches; ++i) {
      std::string name = "b" + std::to_string(1000 + i);
      Site& site = sites[name];
      for (int p = 0; p < phones; ++p) site.phones.push_back(name + "-phone" + std::to_string(p));
      branches_[name].sbc = name;
    }
    rollout.id = std::string(32, 'a');
    rollout.by = "admin";
    rollout.versions = {new_version + " amd64"};
  }

  // Seconds pass, with a look every five; until `enough` says so.
  void pass(
      Duration time, const std::function<bool()>& enough = [] { return false; }) {
    for (const TimePoint end = now + time; now < end && !enough();) {
      now += 1s;
      wall += 1s;
      for (auto& [name, site] : sites) move(site);
      if (++ticks_ % 5 == 0) look();
    }
  }
  // Until nothing more comes of it.
  void run(Duration most = 24h) {
    pass(most, [&] {
      return rollout.state == RolloutState::ended || (rollout.state == RolloutState::stopped && under_way() == 0);
    });
  }
  void look() {
    const auto verdict = machine.look(
        rollout, branches_, [this](const RolloutBranch& b) { return facts(b); }, now, wall);
    if (verdict.rollout) rollout = *verdict.rollout;
    for (const auto& branch : verdict.branches) branches_[branch.sbc] = branch;
    for (const Order& order : verdict.orders) {
      ++orders;
      ordered.insert(order.sbc);
      hear(sites.at(order.sbc), order);
    }
    most_under_way = std::max(most_under_way, under_way());
  }
  // The core is another process: what it had in memory is gone, and all have connected anew.
  void restart_core() {
    machine = Machine{};
    for (auto& [name, site] : sites) {
      site.news.reset();
      site.asked = false;
      ++site.connection;
    }
  }
  void resume() {
    rollout.state = RolloutState::running;
    rollout.failed = false;
    rollout.why.clear();
  }

  Facts facts(const RolloutBranch& branch) const {
    const Site& site = sites.at(branch.sbc);
    Facts facts;
    facts.exists = !site.deleted;
    facts.connected = site.connected;
    facts.connection = std::to_string(site.connection);
    facts.instance = std::to_string(site.instance);
    facts.software = "sbc 0.1.0";
    facts.package = site.package;
    facts.calls = site.calls;
    if (site.connected && now >= site.phones_back) facts.phones = site.phones;
    facts.alarms = site.alarms;
    facts.calls_failed = site.calls_failed;
    facts.calls_through = site.calls_through;
    facts.news = site.news;
    return facts;
  }
  const RolloutBranch& branch(const std::string& name) const { return branches_.at(name); }
  const Machine::Branches& all() const { return branches_; }
  std::size_t count(RolloutStep step) const {
    return static_cast<std::size_t>(
        std::count_if(branches_.begin(), branches_.end(), [&](const auto& b) { return b.second.step == step; }));
  }
  std::size_t under_way() const { return count(RolloutStep::ordered) + count(RolloutStep::watched); }
  std::string first_ordered() const { return ordered.empty() ? "" : *ordered.begin(); }

  Rollout rollout;
  std::map<std::string, Site> sites;
  Machine machine;
  TimePoint now{1h};
  WallTime wall{24h * 365};
  int orders = 0;
  std::set<std::string> ordered;
  std::size_t most_under_way = 0;

 private:
  void tell(Site& site, UpdateStage stage, std::string why = {}) {
    site.stage = stage;
    site.why = std::move(why);
    if (!site.connected || !site.asked) return;
    tunnel::UpdateNews news;
    news.order = site.order;
    news.stage = site.stage;
    news.why = site.why;
    site.news = news;
  }
  void hear(Site& site, const Order& order) {
    if (!site.connected || site.deaf) return;
    site.asked = true;
    if (site.order == order.order) return tell(site, site.stage, site.why);
    site.order = order.order;
    site.to = order.version;
    if (site.refuses) return tell(site, UpdateStage::refused, "no key");
    site.at = Site::At::fetching;
    site.until = now + site.fetch;
    tell(site, UpdateStage::fetching);
  }
  void go_down(Site& site) {
    if (site.connected) site.down_since = now;
    site.connected = site.asked = false;
    ++site.restarts;
  }
  void come_up(Site& site, const std::string& version) {
    site.package->version = version;
    site.connected = true;
    ++site.connection, ++site.instance;
    site.phones_back = now + site.registers;
    site.worst = std::max(site.worst, site.phones_back - site.down_since);
    std::erase_if(site.phones, [&](const auto& mac) {
      return std::count(site.lost_by_update.begin(), site.lost_by_update.end(), mac) > 0;
    });
  }
  void move(Site& site) {
    using enum Site::At;
    if (site.at == idle || now < site.until) return;
    switch (site.at) {
      case fetching:
        tell(site, UpdateStage::installing);
        go_down(site);
        site.at = site.vanishes ? idle : site.bad ? falling_back : installing;
        site.until = now + (site.bad ? 120s + site.restart : site.restart);
        break;
      case installing:
        come_up(site, site.to);
        site.at = proving;
        site.until = now + 1s;
        break;
      case proving:
        tell(site, UpdateStage::done);
        site.at = idle;
        break;
      case falling_back:
        come_up(site, old_version);
        tell(site, UpdateStage::put_back, "it didn't reach the core within two minutes");
        site.at = idle;
        break;
      case idle:
        break;
    }
  }

  Machine::Branches branches_;
  int ticks_ = 0;
};

}  // namespace roamdesk::rollout::test
