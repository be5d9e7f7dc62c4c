#include "exchange/element/call_log.hpp"

#include "exchange/element/call_record.hpp"
#include "exchange/element/peers.hpp"

namespace roamdesk::element {

// Nobody has answered a call in which no log-in was granted. Whoever it was about stands in it, also where the number
// was typed behind the code.
void CallLog::note_login(CallRecord& record, const Dialogues::Login& login) const {
  if (!login.result)
    record.outcome = CallOutcome::cancelled;
  else if (*login.result == ivr::LoginResult::unavailable)
    record.outcome = CallOutcome::unavailable;
  else if (*login.result != ivr::LoginResult::ok)
    record.outcome = CallOutcome::refused;
  const Extension* person = context_.directory.extension(login.who);
  if (!person) return;
  record.to_name = person->name;
  const std::string code = context_.settings().hot_desk_code;
  if (record.to == code) record.to += person->number.value() + "*";
}

void CallLog::handle_ended(const calls::CallChanged& ended) {
  const auto& info = ended.info;
  const bool kept = info.answered || (!info.quiet && unanswered_.take(info, context_.now.mono));
  if (!kept) return trace_.forget(info.id.value());
  trace_.ended(info.id.value());
  if (!info.from_peer && !info.emergency_from) return;
  const auto answered = info.answered ? std::optional{context_.wall(*info.answered)} : std::nullopt;
  auto record = record_of(ended, context_.wall(info.since), answered, context_.now.wall);
  const auto desk_of = [&](const std::optional<calls::PeerId>& peer) {
    const auto phone = phone_of(peer);
    const HotDesk* desk = phone ? context_.directory.desk_of(*phone) : nullptr;
    return desk ? desk->id.value() : std::string{};
  };
  if (const auto login = dialogues_.login_of(info.id)) note_login(record, *login);
  record.from_desk = desk_of(info.from_peer);
  record.to_desk = desk_of(info.to_peer);
  for (const auto& peer : {info.from_peer, info.to_peer})
    if (const auto trunk = upstreams_.line_of(peer))
      if (const auto* known = outside_.record(*trunk)) record.trunk += (record.trunk.empty() ? "" : ", ") + known->name;
  for (const SiteId& site : upstreams_.sites_of(info))
    record.sites += (record.sites.empty() ? "," : "") + site.value() + ",";
  record.emergency = emergency_.place_of(info);
  // Of a transfer to help it is who handed over.
  if (info.emergency_from && record.emergency && !record.emergency->extension.empty()) {
    record.from = record.emergency->extension;
    record.from_name = record.emergency->name;
  }
  context_.commit({AppendCallRecord{std::move(record)}});
}

}  // namespace roamdesk::element
