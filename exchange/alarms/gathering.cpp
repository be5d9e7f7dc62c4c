#include "exchange/alarms/gathering.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::alarms {

void Gathering::add(News news, TimePoint now) {
  const bool urgent = news.alarm.kind == AlarmKind::emergency_call && news.turn == Turn::raised;
  urgent_ = urgent_ || urgent;
  // A call for help takes the place of what is least urgent.
  if (waiting_.news.size() >= most) {
    ++waiting_.left_out;
    const auto other = std::find_if(waiting_.news.begin(), waiting_.news.end(),
                                    [](const News& one) { return one.alarm.kind != AlarmKind::emergency_call; });
    if (urgent && other != waiting_.news.end()) *other = std::move(news);
  } else {
    waiting_.news.push_back(std::move(news));
  }
  if (!due_) due_ = std::max<TimePoint>(now + gathered, last_ ? *last_ + between : now);
}

std::optional<Bulletin> Gathering::next(TimePoint now) {
  if (!due_ || (now < *due_ && !urgent_)) return std::nullopt;
  due_.reset();
  urgent_ = false;
  last_ = now;
  return std::exchange(waiting_, {});
}

}  // namespace roamdesk::alarms
