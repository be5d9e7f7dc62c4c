#include "exchange/element/orphans.hpp"

#include <algorithm>

#include "common/sip/parse.hpp"

namespace roamdesk::element {

void Orphans::start(std::vector<StoredDialog> dialogs) {
  if (dialogs.empty()) return;
  deadline_ = context_.now.mono + patience;
  for (auto& dialog : dialogs) dialogs_.emplace(dialog.tag, std::move(dialog));
  end_those([](const StoredDialog&) { return true; });
}

void Orphans::handle_site_connected(const SiteId& site) {
  end_those([&](const StoredDialog& dialog) { return dialog.flow.site == site; });
}

void Orphans::handle_registered(const Mac& device) {
  end_those([&](const StoredDialog& dialog) { return dialog.device == device; });
}

template <class Which>
void Orphans::end_those(Which which) {
  for (const auto& [tag, dialog] : std::map{dialogs_})
    if (which(dialog)) end(dialog);
}

void Orphans::end(const StoredDialog& dialog) {
  const bool asked =
      std::any_of(under_way_.begin(), under_way_.end(), [&](const auto& entry) { return entry.second == dialog.tag; });
  if (asked) return;
  auto bye = sip::parse(dialog.bye);
  if (!bye) return forget(dialog.tag);
  auto flow = dialog.device ? registrations_.flow_of(*dialog.device) : std::nullopt;
  // A phone is valid at its site only, and so are its calls.
  if (!flow || flow->address.site != dialog.flow.site) flow = context_.world.find_or_open(dialog.flow);
  if (!flow) return;
  bye->via.clear();
  under_way_.emplace(transactions_.send_request(*flow, std::move(*bye), owner_of(Sender::orphans), context_.now.mono),
                     dialog.tag);
}

// 200, or 481 where the phone has ended it itself: either way there is no call any more.
void Orphans::handle_response(sip::ClientTx tx, const sip::Message& response) {
  const auto found = under_way_.find(tx);
  if (found == under_way_.end()) return;
  if (response.status < 200) return;
  forget(found->second);
  under_way_.erase(found);
}

void Orphans::handle_failure(sip::ClientTx tx, bool timed_out) {
  const auto found = under_way_.find(tx);
  if (found == under_way_.end()) return;
  const auto tag = found->second;
  under_way_.erase(found);
  // A flow that closed says nothing of the phone; one that didn't answer for 32 s may be behind a line that is down.
  if (timed_out)
    if (const auto dialog = dialogs_.find(tag); dialog != dialogs_.end() && !dialog->second.device) forget(tag);
}

void Orphans::handle_timeout() {
  if (!deadline_ || context_.now.mono < *deadline_) return;
  for (const auto& [tag, dialog] : std::map{dialogs_}) forget(tag);
  deadline_.reset();
}

void Orphans::forget(const std::string& tag) {
  dialogs_.erase(tag);
  context_.world.delete_dialog(tag);
  if (dialogs_.empty()) deadline_.reset();
}

}  // namespace roamdesk::element
