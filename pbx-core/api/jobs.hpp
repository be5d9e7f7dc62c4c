#pragma once
#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/base/words.hpp"

namespace roamdesk::api {

enum class JobKind { import_, provision, import_desks };
enum class JobState {
  running,
  done,       // to its end, perhaps with problems
  cancelled,  // by a user; what was done stays
  failed,     // the store fails: the rest wasn't tried
};

struct JobProblem {
  std::size_t line = 0;  // of the sheet; 0: none
  std::string subject;   // an extension or a MAC
  std::string detail;
};

// Something that takes longer than a request may. Memory only: a restart ends it where it is.
struct Job {
  std::string id;
  std::string by;  // the user who has begun it
  JobKind kind{};
  JobState state = JobState::running;
  std::size_t done = 0, total = 0;  // `done` counts what went wrong too
  std::vector<JobProblem> problems;
  WallTime started{};
  std::optional<WallTime> ended;
  std::optional<WallTime> told;  // when job.changed was sent last

  // Counts a step; of the problems the first hundred are kept.
  void step(std::optional<JobProblem> problem);
};

// Those that run, one of a kind, and the last twenty that have ended. Pure.
class Jobs {
 public:
  // The id is fresh; none of the kind may be running.
  Job& begin(std::string id, std::string by, JobKind kind, std::size_t total, WallTime now);
  // Stable until the next begin().
  Job* find(std::string_view id);
  Job* running(JobKind kind);
  const std::deque<Job>& all() const { return jobs_; }

 private:
  std::deque<Job> jobs_;  // the newest first
};

}  // namespace roamdesk::api

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 3> words<api::JobKind> = {"import", "provision", "import_desks"};
template <>
inline constexpr std::array<std::string_view, 4> words<api::JobState> = {"running", "done", "cancelled", "failed"};
}  // namespace roamdesk
