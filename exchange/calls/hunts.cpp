#include "exchange/calls/hunts.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::calls {

std::uint64_t Hunts::add(std::uint64_t hunt, const Caller& by, std::vector<Party> diverted,
                         std::vector<std::string> users) {
  diverted.push_back(by.party);
  auto list = std::find_if(lists_.begin(), lists_.end(), [&](const List& known) { return known.hunt == hunt; });
  if (list == lists_.end()) list = lists_.insert(list, List{.hunt = ++last_, .left = {}});
  for (auto user = users.rbegin(); user != users.rend(); ++user)
    list->left.push_front(Contact{.by = by, .user = std::move(*user), .diverted = diverted});
  return list->hunt;
}

bool Hunts::has(std::uint64_t hunt) const {
  return std::any_of(lists_.begin(), lists_.end(), [&](const List& known) { return known.hunt == hunt; });
}

std::optional<Hunts::Contact> Hunts::next(std::uint64_t hunt, std::size_t most) {
  const auto list = std::find_if(lists_.begin(), lists_.end(), [&](const List& known) { return known.hunt == hunt; });
  if (list == lists_.end()) return std::nullopt;
  if (list->left.empty() || tried_ >= most) {
    lists_.erase(list);
    return std::nullopt;
  }
  ++tried_;
  auto contact = std::move(list->left.front());
  list->left.pop_front();
  return contact;
}

void Hunts::restart() {
  lists_.clear();
  tried_ = 0;
}

}  // namespace roamdesk::calls
