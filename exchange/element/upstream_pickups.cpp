#include "exchange/element/upstream_pickups.hpp"

namespace roamdesk::element {

void UpstreamPickups::rename(const presence::Watched& watched, std::vector<presence::DialogInfo>& dialogs) {
  std::map<std::string, Named> before, now;
  if (auto known = all_.extract(watched)) before = std::move(known.mapped());
  for (const auto& [id, named] : before) by_alias_.erase(named.call_id);
  for (auto& dialog : dialogs) {
    // The exchange is asked as the far end of the dialog that the phone there has: the phone's remote tag is its own.
    const sip::Replaces there{std::exchange(dialog.call_id, {}), std::exchange(dialog.remote_tag, {}),
                              std::exchange(dialog.local_tag, {}), true};
    const bool rings =
        dialog.state == presence::DialogState::early && dialog.direction == presence::Direction::recipient;
    if (!rings || there.call_id.empty()) continue;
    const auto known = before.find(dialog.id);
    const bool same = known != before.end() && known->second.there == there;
    const Named named = same ? known->second : Named{there, unique_(), unique_(), unique_()};
    dialog.call_id = named.call_id;
    dialog.local_tag = named.local_tag;
    dialog.remote_tag = named.remote_tag;
    by_alias_.emplace(named.call_id, std::pair{watched, dialog.id});
    now.insert_or_assign(dialog.id, named);
  }
  if (!now.empty()) all_.emplace(watched, std::move(now));
}

std::optional<UpstreamPickups::Ringing> UpstreamPickups::find(const sip::Replaces& named) const {
  const auto alias = by_alias_.find(named.call_id);
  if (alias == by_alias_.end()) return std::nullopt;
  const auto& [watched, id] = alias->second;
  const auto& known = all_.at(watched).at(id);
  const bool fits = (named.to_tag == known.local_tag && named.from_tag == known.remote_tag) ||
                    (named.to_tag == known.remote_tag && named.from_tag == known.local_tag);
  return fits ? std::optional{Ringing{watched, known.there}} : std::nullopt;
}

}  // namespace roamdesk::element
