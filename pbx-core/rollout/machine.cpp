#include "pbx-core/rollout/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "pbx-core/rollout/words.hpp"

namespace roamdesk::rollout {
namespace {

using tunnel::UpdateStage;

constexpr std::size_t most_named = 3;
// One may have been a wrong number, and another.
constexpr std::size_t lost_calls = 3;

constexpr bool is_open(RolloutStep step) { return step <= RolloutStep::watched; }
constexpr bool is_under_way(RolloutStep step) { return step == RolloutStep::ordered || step == RolloutStep::watched; }

// Of twenty phones one may have been unplugged meanwhile; of fewer none.
std::size_t allowed_to_miss(std::size_t phones) { return phones / 20; }

std::vector<std::string> missing(const std::vector<std::string>& before, const std::vector<std::string>& phones) {
  const std::set<std::string> there(phones.begin(), phones.end());
  std::vector<std::string> gone;
  for (const std::string& mac : before)
    if (!there.contains(mac)) gone.push_back(mac);
  return gone;
}

std::string some_of(const std::vector<std::string>& all) {
  const auto count = std::min(all.size(), most_named);
  return fmt::format("{}{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), ", "),
                     all.size() > count ? ", …" : "");
}

}  // namespace

// One look: the records as they are being changed.
struct Machine::Turn {
  Rollout rollout;
  Branches branches;
  std::map<std::string, Facts> facts;  // of those that were open
  TimePoint now;
  WallTime wall;
  std::set<std::string> changed{};
  bool rollout_changed = false;
  std::vector<Order> orders{};

  void put(RolloutBranch branch) {
    changed.insert(branch.sbc);
    branches[branch.sbc] = std::move(branch);
  }
  void enter(RolloutBranch branch, RolloutStep step, std::string why = {}) {
    branch.step = step;
    branch.why = std::move(why);
    branch.since = wall;
    put(std::move(branch));
  }
  // A bad version stops at the first.
  void fail(RolloutBranch branch, const std::string& why) {
    stop(fmt::format("{}: {}", branch.sbc, why), true);
    enter(std::move(branch), RolloutStep::failed, why);
  }
  void stop(std::string why, bool failed) {
    if (rollout.failed) return;  // the first reason is the one
    rollout.state = RolloutState::stopped;
    rollout.failed = failed;
    rollout.why = std::move(why);
    rollout_changed = true;
  }
  void ask(const RolloutBranch& branch) { orders.push_back({branch.sbc, rollout.id, branch.to}); }
  std::size_t count(auto which) const {
    return static_cast<std::size_t>(
        std::count_if(branches.begin(), branches.end(), [&](const auto& entry) { return which(entry.second); }));
  }
};

Machine::Seen& Machine::seen(const RolloutBranch& branch, TimePoint now) {
  const auto [found, added] = seen_.try_emplace(branch.sbc);
  Seen& seen = found->second;
  if (added || seen.step != branch.step) {
    seen.since = now;
    seen.step = branch.step;
    seen.gone.reset();
    seen.counted.reset();
    if (branch.step != RolloutStep::watched) seen.installing.reset(), seen.done.reset();
  }
  return seen;
}

Verdict Machine::look(const Rollout& rollout, const Branches& branches, const Look& look, TimePoint now,
                      WallTime wall) {
  if (rollout.id != rollout_) {
    rollout_ = rollout.id;
    seen_.clear();
    stuck_since_.reset();
  }
  if (rollout.state != RolloutState::running) stuck_since_.reset();
  if (rollout.state == RolloutState::ended) return {};

  Turn turn{.rollout = rollout, .branches = branches, .now = now, .wall = wall};
  for (const auto& [sbc, branch] : branches) {
    if (!is_open(branch.step)) continue;
    const Facts& facts = turn.facts.emplace(sbc, look(branch)).first->second;
    judge(turn, branch, facts);
  }
  if (turn.rollout.state == RolloutState::running) advance(turn);

  Verdict verdict;
  if (turn.rollout_changed) verdict.rollout = turn.rollout;
  for (const std::string& sbc : turn.changed) verdict.branches.push_back(turn.branches.at(sbc));
  verdict.orders = std::move(turn.orders);
  return verdict;
}

void Machine::judge(Turn& turn, RolloutBranch branch, const Facts& facts) {
  if (!facts.exists) return turn.enter(std::move(branch), RolloutStep::left_out, "it was deleted");
  if (branch.step == RolloutStep::waiting) return judge_waiting(turn, branch, facts);
  Seen& seen = this->seen(branch, turn.now);
  if (!heeds_news(turn, branch, facts, seen)) return;
  // In each connection it speaks only after it was asked; the same order again asks how it stands.
  if (facts.connected && seen.asked != facts.connection) {
    seen.asked = facts.connection;
    turn.ask(branch);
  }
  if (branch.step == RolloutStep::ordered) return judge_ordered(turn, branch, facts, seen);
  judge_watched(turn, branch, facts, seen);
}

void Machine::judge_waiting(Turn& turn, RolloutBranch& branch, const Facts& facts) {
  if (!facts.connected) return;
  if (facts.package) branch.from = facts.package->version;
  auto will = prospect(facts.package, facts.software, turn.rollout.versions);
  if (will.has_it) return turn.enter(branch, RolloutStep::has_it);
  if (will.to.empty()) turn.enter(branch, RolloutStep::left_out, std::move(will.why));
}

// False: it has ended by what it says. What a branch says of itself changes nothing but itself, and of another order
// nothing.
bool Machine::heeds_news(Turn& turn, RolloutBranch& branch, const Facts& facts, Seen& seen) {
  if (!facts.news || facts.news->order != turn.rollout.id) return true;
  const std::string why = clean(facts.news->why);
  switch (facts.news->stage) {
    case UpdateStage::refused:
      turn.enter(branch, RolloutStep::left_out, why);
      return false;
    case UpdateStage::failed:
    case UpdateStage::put_back:
    case UpdateStage::broken:
      turn.fail(branch, why.empty() ? "it failed there" : why);
      return false;
    case UpdateStage::installing:
      if (!seen.installing) seen.installing = turn.now;
      break;
    case UpdateStage::done:
      if (!seen.done) seen.done = turn.now;
      break;
    case UpdateStage::accepted:
    case UpdateStage::fetching:
      break;
  }
  const std::string far = seen.done ? "" : seen.installing ? "installing" : "fetching";
  if (branch.step == RolloutStep::ordered && !far.empty() && branch.why != far) {
    branch.why = far;
    turn.put(branch);
  }
  return true;
}

void Machine::judge_ordered(Turn& turn, RolloutBranch& branch, const Facts& facts, Seen& seen) {
  const std::string has = facts.package ? facts.package->version : clean(facts.software);
  if (facts.connected && has == branch.to) {
    if (facts.instance == branch.instance)
      return turn.fail(branch, fmt::format("it says that it has {}, but its program wasn't restarted", branch.to));
    return turn.enter(branch, RolloutStep::watched);
  }
  if (facts.connected && seen.done && turn.now - *seen.done >= times_.away)
    return turn.fail(branch, fmt::format("it says that it is done, but what runs there is {}", has));
  if (seen.installing && turn.now - *seen.installing >= times_.install)
    return turn.fail(branch, fmt::format("it hasn't come back with {}", branch.to));
  if (turn.now - seen.since >= times_.fetch) turn.fail(branch, "nothing has come of it");
}

void Machine::judge_watched(Turn& turn, RolloutBranch& branch, const Facts& facts, Seen& seen) {
  if (!facts.connected) {
    if (!seen.gone) seen.gone = turn.now;
    if (turn.now - *seen.gone >= times_.away) turn.fail(branch, "it was there with the new version, and is gone again");
    return;
  }
  seen.gone.reset();
  if (!facts.package || facts.package->version != branch.to)
    return turn.fail(branch, fmt::format("what runs there is {} again",
                                         facts.package ? facts.package->version : clean(facts.software)));
  if (!facts.alarms.empty()) return turn.fail(branch, fmt::format("since then there is {}", some_of(facts.alarms)));
  if (!seen.counted) seen.counted = {facts.calls_failed, facts.calls_through};
  if (facts.calls_failed >= seen.counted->first + lost_calls && facts.calls_through <= seen.counted->second)
    return turn.fail(branch, "since then no call has gone through");
  const auto gone = missing(branch.phones, facts.phones);
  const bool all_back = gone.size() <= allowed_to_miss(branch.phones.size());
  const auto watched = turn.now - seen.since;
  if (all_back && seen.done) {
    if (watched >= times_.watch) turn.enter(branch, RolloutStep::done);
    return;
  }
  if (watched < times_.settle) return;
  turn.fail(branch, all_back ? "it never said that it was done"
                             : fmt::format("{} of {} phones haven't come back: {}", gone.size(), branch.phones.size(),
                                           some_of(gone)));
}

namespace {

// How many branches a wave has, out of `all` that are to be updated.
std::size_t size_of(Wave wave, std::size_t all) {
  switch (wave) {
    case Wave::one:
      return 1;
    case Wave::tenth:
      return std::max<std::size_t>(1, (all + 9) / 10);
    case Wave::rest:
      break;
  }
  return all;
}

}  // namespace

void Machine::advance(Turn& turn) {
  const auto waits = [](const RolloutBranch& b) { return b.step == RolloutStep::waiting; };
  const auto runs = [](const RolloutBranch& b) { return is_under_way(b.step); };
  const auto counts = [](const RolloutBranch& b) {
    return b.step != RolloutStep::has_it && b.step != RolloutStep::left_out && b.step != RolloutStep::failed;
  };
  const auto succeeded = [&](const RolloutBranch& b) {
    return b.step == RolloutStep::done && b.wave == turn.rollout.wave;
  };
  while (turn.count(runs) == 0) {
    if (turn.count(waits) == 0) {
      turn.rollout.state = RolloutState::ended;
      turn.rollout.ended = turn.wall;
      turn.rollout_changed = true;
      return;
    }
    if (turn.rollout.wave == Wave::rest || turn.count(succeeded) < size_of(turn.rollout.wave, turn.count(counts)))
      break;
    turn.rollout.wave = static_cast<Wave>(static_cast<int>(turn.rollout.wave) + 1);
    turn.rollout_changed = true;
    stuck_since_.reset();
  }
  draw(turn);
  if (turn.count(runs) > 0) {
    stuck_since_.reset();
    return;
  }
  // Nobody can be asked: they have calls, or aren't there.
  if (!stuck_since_) stuck_since_ = turn.now;
  if (turn.now - *stuck_since_ < times_.quiet) return;
  stuck_since_.reset();
  if (turn.rollout.wave != Wave::rest && turn.count(succeeded) == 0)
    return turn.stop("there was no branch that is connected and has no calls", false);
  leave_out_late(turn);
}

// Of those that may be asked now as many as the wave has room for. The first one is small, but has phones: of a branch
// without any nothing would be learned.
void Machine::draw(Turn& turn) {
  const Wave wave = turn.rollout.wave;
  std::vector<const RolloutBranch*> ready;
  for (const auto& [sbc, branch] : turn.branches) {
    const auto facts = turn.facts.find(sbc);
    if (branch.step == RolloutStep::waiting && facts != turn.facts.end() && facts->second.connected &&
        facts->second.calls == 0)
      ready.push_back(&branch);
  }
  const auto phones = [&](const RolloutBranch* branch) { return turn.facts.at(branch->sbc).phones.size(); };
  if (wave == Wave::one)
    std::stable_sort(ready.begin(), ready.end(), [&](const auto* a, const auto* b) {
      return phones(a) - 1 < phones(b) - 1;  // none counts as most
    });
  const auto counts = turn.count([](const RolloutBranch& b) {
    return b.step != RolloutStep::has_it && b.step != RolloutStep::left_out && b.step != RolloutStep::failed;
  });
  const auto in_wave = turn.count(
      [&](const RolloutBranch& b) { return b.wave == wave && (is_under_way(b.step) || b.step == RolloutStep::done); });
  const auto under_way = turn.count([](const RolloutBranch& b) { return is_under_way(b.step); });
  const auto size = size_of(wave, counts);
  const auto wanted = wave == Wave::rest ? size : size - std::min(size, in_wave);
  const auto room = std::min(wanted, most_at_once - std::min(most_at_once, under_way));
  std::vector<RolloutBranch> chosen;
  for (const RolloutBranch* branch : ready)
    if (chosen.size() < room) chosen.push_back(*branch);
  for (RolloutBranch& branch : chosen) {
    const Facts& facts = turn.facts.at(branch.sbc);
    branch.wave = wave;
    branch.from = facts.package ? facts.package->version : "";
    branch.to = prospect(facts.package, facts.software, turn.rollout.versions).to;
    branch.instance = facts.instance;
    branch.phones = facts.phones;
    seen_.erase(branch.sbc);
    Seen& fresh = seen_[branch.sbc];
    fresh.since = turn.now;
    fresh.step = RolloutStep::ordered;
    fresh.asked = facts.connection;
    turn.ask(branch);
    turn.enter(std::move(branch), RolloutStep::ordered);
  }
}

void Machine::leave_out_late(Turn& turn) {
  std::vector<RolloutBranch> late;
  for (const auto& [sbc, branch] : turn.branches)
    if (branch.step == RolloutStep::waiting) late.push_back(branch);
  if (turn.rollout.wave == Wave::tenth) {  // the others go on without them
    turn.rollout.wave = Wave::rest;
    turn.rollout_changed = true;
    return;
  }
  for (RolloutBranch& branch : late) {
    const auto facts = turn.facts.find(branch.sbc);
    const bool there = facts != turn.facts.end() && facts->second.connected;
    turn.enter(std::move(branch), RolloutStep::left_out,
               there ? "there were calls for an hour" : "it wasn't connected for an hour");
  }
}

}  // namespace roamdesk::rollout
