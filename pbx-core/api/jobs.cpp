#include "pbx-core/api/jobs.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace roamdesk::api {
namespace {

constexpr std::size_t kept_jobs = 20, most_problems = 100;

}  // namespace

void Job::step(std::optional<JobProblem> problem) {
  ++done;
  if (problem && problems.size() < most_problems) problems.push_back(std::move(*problem));
}

Job& Jobs::begin(std::string id, std::string by, JobKind kind, std::size_t total, WallTime now) {
  assert(!running(kind));
  for (auto job = jobs_.end(); jobs_.size() > kept_jobs && job != jobs_.begin();) {
    --job;
    if (job->state != JobState::running) job = jobs_.erase(job);
  }
  Job job;
  job.id = std::move(id);
  job.by = std::move(by);
  job.kind = kind;
  job.total = total;
  job.started = now;
  return jobs_.emplace_front(std::move(job));
}

Job* Jobs::find(std::string_view id) {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& job) { return job.id == id; });
  return found == jobs_.end() ? nullptr : &*found;
}

Job* Jobs::running(JobKind kind) {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(),
                                  [&](const Job& job) { return job.kind == kind && job.state == JobState::running; });
  return found == jobs_.end() ? nullptr : &*found;
}

}  // namespace roamdesk::api
