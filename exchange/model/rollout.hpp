#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/base/words.hpp"
#include "exchange/model/describe.hpp"

// The update of branches in waves, as it lasts: what is decided about it is pbx-core/rollout's.
namespace roamdesk {

// stopped: by an administrator, or by itself since something failed; those that were under way are looked at to their
// end, and it may go on. ended: nothing more comes of it.
enum class RolloutState : std::uint8_t { running, stopped, ended };
template <>
inline constexpr std::array<std::string_view, 3> words<RolloutState> = {"running", "stopped", "ended"};

// One branch, then a tenth, then the others.
enum class Wave : std::uint8_t { one, tenth, rest };
template <>
inline constexpr std::array<std::string_view, 3> words<Wave> = {"one", "tenth", "rest"};

// There is one at most: the last.
struct Rollout {
  std::string id{};  // 32 hexadecimal digits, random; the order's in the tunnel as well
  std::string by{};  // who started it
  WallTime started{};
  std::optional<WallTime> ended{};
  RolloutState state = RolloutState::running;
  bool failed = false;  // stopped by itself
  std::string why{};    // why it was stopped, or ended early; one line
  Wave wave = Wave::one;
  // What the core served when it began, the newest for each Debian and architecture: "0.2.0~deb12 amd64".
  std::vector<std::string> versions{};
  friend bool operator==(const Rollout&, const Rollout&) = default;
};

// waiting: its turn hasn't come, or there are calls. ordered: it was asked. watched: it is back with the new version.
// The others are ends: updated; had that version already; not touched; tried, and it failed.
enum class RolloutStep : std::uint8_t { waiting, ordered, watched, done, has_it, left_out, failed };
template <>
inline constexpr std::array<std::string_view, 7> words<RolloutStep> = {"waiting", "ordered",  "watched", "done",
                                                                       "has_it",  "left_out", "failed"};

// A branch of the last rollout.
struct RolloutBranch {
  std::string sbc{};
  RolloutStep step = RolloutStep::waiting;
  std::optional<Wave> wave{};       // in which its turn came
  std::string from{}, to{};         // versions; "" where they aren't known yet
  std::string why{};                // why it ended so, or how far it is; one line
  std::optional<WallTime> since{};  // of the step; nullopt: it waits
  // As it was when it was asked: its program, and the phones that were registered there (MACs).
  std::string instance{};
  std::vector<std::string> phones{};
  friend bool operator==(const RolloutBranch&, const RolloutBranch&) = default;
};

template <>
inline constexpr Table table<Rollout>{"rollouts", "id", "started, id"};
template <>
inline constexpr auto key_of<Rollout> = &Rollout::id;
template <>
inline constexpr Table table<RolloutBranch>{"rollout_branches", "sbc", "sbc"};
template <>
inline constexpr auto key_of<RolloutBranch> = &RolloutBranch::sbc;

template <class V, Is<Rollout> R>
void fields(V& v, R& r) {
  v("id", r.id), v(Field("started_by").shown_as("by"), r.by), v("started", r.started), v("ended", r.ended);
  v("state", r.state), v("failed", r.failed), v(Field("why").or_null(), r.why), v("wave", r.wave);
  v("versions", r.versions);
}

template <class V, Is<RolloutBranch> R>
void fields(V& v, R& b) {
  v("sbc", b.sbc), v("step", b.step), v("wave", b.wave), v(Field("from_version").shown_as("from").or_null(), b.from);
  v(Field("to_version").shown_as("to").or_null(), b.to), v(Field("why").or_null(), b.why), v("since", b.since);
  v(Field("instance").hidden(), b.instance), v(Field("phones").hidden(), b.phones);
}

}  // namespace roamdesk
