#include "common/edge/unanswered.hpp"

#include "common/edge/request_line.hpp"
#include "common/edge/unavailable.hpp"

namespace roamdesk::edge {

void Unanswered::handle_from_phone(std::uint32_t flow, std::string_view message, TimePoint now) {
  const auto method = method_of(message);
  if (method != "INVITE" && method != "CANCEL") return;
  const auto branch = branch_of(message);
  if (branch.empty()) return;
  if (method == "CANCEL") {
    waiting_.erase({flow, std::string{branch}});
    return;
  }
  if (waiting_.size() >= settings_.most) return;
  waiting_.try_emplace({flow, std::string{branch}}, Waiting{now, std::string{message}});
}

void Unanswered::handle_from_core(std::uint32_t flow, std::string_view message) {
  if (waiting_.empty() || !message.starts_with("SIP/")) return;
  waiting_.erase({flow, std::string{branch_of(message)}});
}

std::vector<Unanswered::GivenUp> Unanswered::give_up(TimePoint heard, TimePoint now) {
  std::vector<GivenUp> given_up;
  for (auto entry = waiting_.begin(); entry != waiting_.end();) {
    Waiting& waiting = entry->second;
    const bool silent = heard <= waiting.since && now - waiting.since >= settings_.patience;
    if (silent) given_up.push_back({entry->first.first, std::move(waiting.invite)});
    entry = silent || now - waiting.since >= settings_.forget ? waiting_.erase(entry) : std::next(entry);
  }
  return given_up;
}

}  // namespace roamdesk::edge
