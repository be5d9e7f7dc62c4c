#include "exchange/element/orphans.hpp"

#include <algorithm>

#include "common/sip/parse.hpp"

namespace roamdesk::element {

void Orphans::start(std::vector<StoredDialog> dialogs) {
  for (auto& dialog : dialogs) keep(std::move(dialog));
  end_those([](const StoredDialog&) { return true; });
}

void Orphans::add(StoredDialog dialog) {
  const auto copy = dialog;
  keep(std::move(dialog));
  end(copy);
}

void Orphans::keep(StoredDialog dialog) {
  const auto tag = dialog.tag;
  deadlines_.set(tag, context_.now.mono + patience);
  dialogs_.insert_or_assign(tag, std::move(dialog));
}

void Orphans::handle_site_connected(const SiteId& site) {
  end_those([&](const StoredDialog& dialog) { return dialog.flow.site == site; });
}

void Orphans::handle_registered(const Mac& device) {
  end_those([&](const StoredDialog& dialog) { return dialog.device == device; });
}

void Orphans::handle_trunk_reached(const sip::Flow& flow) {
  end_those([&](const StoredDialog& dialog) {
    return !dialog.device && dialog.flow.site == flow.address.site && dialog.flow.peer == flow.address.peer &&
           dialog.flow.transport == flow.address.transport;
  });
}

template <class Which>
void Orphans::end_those(Which which) {
  for (const auto& [tag, dialog] : std::map{dialogs_})
    if (which(dialog)) end(dialog);
}

void Orphans::end(const StoredDialog& dialog) {
  const bool is_asked = std::any_of(under_way_.begin(), under_way_.end(),
                                    [&](const auto& entry) { return entry.second.tag == dialog.tag; });
  if (is_asked) return;
  auto bye = sip::parse(dialog.bye);
  if (!bye) return forget(dialog.tag);
  auto flow = dialog.device ? registrations_.flow_of(*dialog.device) : outside_.flow_to(dialog.flow);
  // A phone is valid at its site only, and so are its calls.
  if (!flow || flow->address.site != dialog.flow.site) flow = context_.world.find_or_open(dialog.flow);
  if (!flow) return;
  bye->via.clear();
  Asked asked{dialog.tag, *bye};
  under_way_.emplace(transactions_.send_request(*flow, std::move(*bye), owner_of(Sender::orphans), context_.now.mono),
                     std::move(asked));
}

// An account's call is known by the user of its From.
std::optional<sip::Message> Orphans::authorise(trunks::TrunkNumber trunk, const sip::Message& bye,
                                               const sip::Message& challenge) {
  if (upstreams_.accounts().upstream(trunk)) return upstreams_.authorise(trunk, bye.from.uri.user, bye, challenge);
  return outside_.trunks().authorise(trunk, bye, challenge);
}

// 200, or 481 where the phone has ended it itself: either way there is no call any more.
void Orphans::handle_response(const sip::ResponseReceived& e) {
  const auto found = under_way_.find(e.tx);
  if (found == under_way_.end()) return;
  if (e.response.status < 200) return;
  auto asked = std::move(found->second);
  under_way_.erase(found);
  // Providers challenge a BYE as well; a phone knows our calls by its registration.
  const bool challenge = e.response.status == 401 || e.response.status == 407;
  const auto trunk = challenge && !asked.challenged ? outside_.attribute(e.flow, {}) : std::nullopt;
  if (auto again = trunk ? authorise(*trunk, asked.bye, e.response) : std::nullopt) {
    ++again->cseq.number;
    asked.challenged = true;
    under_way_.emplace(
        transactions_.send_request(e.flow, std::move(*again), owner_of(Sender::orphans), context_.now.mono),
        std::move(asked));
    return;
  }
  // Before its trunk has been found again, nobody's credentials are good for it: once more, when it is reached.
  const auto dialog = dialogs_.find(asked.tag);
  if (challenge && !asked.challenged && !trunk && dialog != dialogs_.end() && !dialog->second.device) return;
  forget(asked.tag);
}

void Orphans::handle_failure(sip::ClientTx tx, bool timed_out) {
  const auto found = under_way_.find(tx);
  if (found == under_way_.end()) return;
  const auto tag = found->second.tag;
  under_way_.erase(found);
  // A flow that closed says nothing of the phone; one that didn't answer for 32 s may be behind a line that is down.
  if (timed_out)
    if (const auto dialog = dialogs_.find(tag); dialog != dialogs_.end() && !dialog->second.device) forget(tag);
}

void Orphans::handle_timeout() {
  while (const auto tag = deadlines_.pop_due(context_.now.mono)) forget(*tag);
}

void Orphans::forget(const std::string& tag) {
  dialogs_.erase(tag);
  deadlines_.clear(tag);
  context_.world.delete_dialog(tag);
}

}  // namespace roamdesk::element
