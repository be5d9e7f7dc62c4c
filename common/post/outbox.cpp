#include "common/post/outbox.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace roamdesk::post {

std::chrono::seconds Outbox::pause_after(unsigned tries) {
  constexpr std::array<int, 6> pauses{2, 5, 10, 20, 40, 60};
  return std::chrono::seconds{pauses[std::min<std::size_t>(tries ? tries - 1 : 0, pauses.size() - 1)]};
}

Outbox::Taken Outbox::put(Letter letter, TimePoint now) {
  const auto told = letter.about.empty() ? std::string{} : letter.about + '\n' + letter.to;
  if (!told.empty() && std::find(told_.begin(), told_.end(), told) != told_.end()) return Taken::known;
  auto receiver = receiver_of(letter);
  const auto known = receivers_.find(receiver);
  const bool crowded = known != receivers_.end() && known->second.all >= limits_.of_receiver;
  if ((crowded && !make_room(&receiver, letter.weight)) ||
      (waiting_.size() >= limits_.letters && !make_room(nullptr, letter.weight))) {
    ++dropped_;
    return Taken::no_room;
  }
  if (!told.empty()) {
    told_.push_back(told);
    if (told_.size() > limits_.remembered) told_.pop_front();
  }
  ++receivers_[receiver].all;
  waiting_.emplace(LetterId{++last_},
                   Entry{.letter = std::move(letter), .receiver = std::move(receiver), .put = now, .due = now});
  return Taken::yes;
}

bool Outbox::make_room(const std::string* receiver, unsigned weight) {
  auto lightest = waiting_.end();
  for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
    if (it->second.under_way || (receiver && it->second.receiver != *receiver)) continue;
    if (lightest == waiting_.end() || it->second.letter.weight < lightest->second.letter.weight) lightest = it;
  }
  if (lightest == waiting_.end() || lightest->second.letter.weight >= weight) return false;
  remove(lightest);
  ++dropped_;
  return true;
}

bool Outbox::may_begin(const Entry& entry) const {
  return !entry.under_way && under_way_ < limits_.at_once &&
         receivers_.at(entry.receiver).under_way < limits_.at_once_to_receiver;
}

std::optional<LetterId> Outbox::next(TimePoint now) {
  auto best = waiting_.end();
  for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
    if (it->second.due > now || !may_begin(it->second)) continue;
    if (best == waiting_.end() || it->second.letter.weight > best->second.letter.weight) best = it;
  }
  if (best == waiting_.end()) return std::nullopt;
  best->second.under_way = true;
  ++best->second.tries;
  ++receivers_.at(best->second.receiver).under_way;
  ++under_way_;
  return best->first;
}

std::optional<Outbox::Over> Outbox::answered(LetterId id, Fate fate, TimePoint now) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end() || !found->second.under_way) return std::nullopt;
  auto& entry = found->second;
  const auto again = now + pause_after(entry.tries);
  if (fate == Fate::may_go_later && again - entry.put <= entry.letter.lifetime.value_or(limits_.lifetime)) {
    entry.under_way = false;
    --receivers_.at(entry.receiver).under_way;
    --under_way_;
    entry.due = again;
    return std::nullopt;
  }
  Over over{.letter = std::move(entry.letter), .delivered = fate == Fate::delivered, .tries = entry.tries};
  remove(found);
  return over;
}

void Outbox::remove(std::map<LetterId, Entry>::iterator entry) {
  const auto receiver = receivers_.find(entry->second.receiver);
  if (entry->second.under_way) {
    --receiver->second.under_way;
    --under_way_;
  }
  if (--receiver->second.all == 0) receivers_.erase(receiver);
  waiting_.erase(entry);
}

std::optional<TimePoint> Outbox::deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [id, entry] : waiting_)
    if (may_begin(entry) && (!earliest || entry.due < *earliest)) earliest = entry.due;
  return earliest;
}

}  // namespace roamdesk::post
