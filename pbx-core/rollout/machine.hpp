#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "exchange/model/rollout.hpp"
#include "pbx-core/rollout/facts.hpp"

namespace roamdesk::rollout {

// How long things may take.
struct Times {
  Duration quiet = std::chrono::hours{1};      // for a branch without calls that is there, before it is left out
  Duration fetch = std::chrono::minutes{45};   // from the order to the installation
  Duration install = std::chrono::minutes{6};  // until it is back; two minutes, and the way back, are the SBC's own
  Duration settle = std::chrono::minutes{3};   // until its phones are back and it has said that it is done
  Duration watch = std::chrono::minutes{2};    // all well for so long: done
  Duration away = std::chrono::seconds{60};    // gone again while it is watched
};
// Under way at once: their packages share the core's line.
inline constexpr std::size_t most_at_once = 20;

// To be stored, then sent.
struct Order {
  std::string sbc, order, version;
  friend bool operator==(const Order&, const Order&) = default;
};
struct Verdict {
  std::optional<Rollout> rollout;       // as it is to be from now on; nullopt: as it was
  std::vector<RolloutBranch> branches;  // those that change
  std::vector<Order> orders;
  bool empty() const { return !rollout && branches.empty() && orders.empty(); }
};

// Decides which branch is asked for another version, and when, and whether that went well (README). What has been
// decided stands in the records alone, so that a core that was restarted goes on; here is only since when.
class Machine {
 public:
  using Branches = std::map<std::string, RolloutBranch>;
  using Look = std::function<Facts(const RolloutBranch&)>;
  explicit Machine(Times times = {}) : times_(times) {}

  // Every few seconds. `look` is asked for branches that haven't ended.
  Verdict look(const Rollout& rollout, const Branches& branches, const Look& look, TimePoint now, WallTime wall);

 private:
  struct Seen {
    TimePoint since{};  // of the step, here
    RolloutStep step{};
    std::optional<TimePoint> installing, done, gone;
    std::string asked;                                           // the connection in which it was asked last
    std::optional<std::pair<std::size_t, std::size_t>> counted;  // calls that failed and went through before
  };
  struct Turn;
  void judge(Turn& turn, RolloutBranch branch, const Facts& facts);
  void judge_waiting(Turn& turn, RolloutBranch& branch, const Facts& facts);
  void judge_ordered(Turn& turn, RolloutBranch& branch, const Facts& facts, Seen& seen);
  void judge_watched(Turn& turn, RolloutBranch& branch, const Facts& facts, Seen& seen);
  bool heeds_news(Turn& turn, RolloutBranch& branch, const Facts& facts, Seen& seen);
  void advance(Turn& turn);
  void draw(Turn& turn);
  void leave_out_late(Turn& turn);
  Seen& seen(const RolloutBranch& branch, TimePoint now);

  Times times_;
  std::string rollout_;  // the one that all of this is about
  std::map<std::string, Seen> seen_;
  std::optional<TimePoint> stuck_since_;  // nobody who waits could be asked
};

}  // namespace roamdesk::rollout
