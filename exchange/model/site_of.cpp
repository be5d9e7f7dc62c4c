#include "exchange/model/site_of.hpp"

#include <optional>
#include <variant>

namespace roamdesk {
namespace {

constexpr std::string_view about_an_sbc = "sbc.";

struct SiteMade {
  std::string_view action, subject;
  std::string operator()(const PutDesk& put) const {
    const bool meant = subject == put.desk.id.value() || subject == put.desk.mac.text();
    return meant ? put.desk.site.value() : std::string{};
  }
  std::string operator()(const PutPhone& put) const {
    return subject == put.phone.mac.text() ? put.phone.site.value() : std::string{};
  }
  std::string operator()(const PutSbc& put) const {
    return action.starts_with(about_an_sbc) && subject == put.record.name ? put.record.name : std::string{};
  }
  std::string operator()(const auto&) const { return {}; }
};

}  // namespace

std::string site_named(const Directory& directory, std::string_view action, std::string_view subject) {
  const std::string text{subject};
  if (const auto mac = Mac::parse(text)) {
    if (const HotDesk* desk = directory.desk_of(*mac)) return desk->site.value();
    const Phone* phone = directory.phone(*mac);
    return phone ? phone->site.value() : std::string{};
  }
  if (const HotDesk* desk = directory.desk(HotDeskId{text})) return desk->site.value();
  if (action.starts_with(about_an_sbc)) return directory.sbc(text) ? text : std::string{};
  if (const auto alarm = directory.all<Alarm>().find(text); alarm != directory.all<Alarm>().end())
    return alarm->second.site;
  const auto emergency = directory.all<Emergency>().find(text);
  return emergency == directory.all<Emergency>().end() ? std::string{} : emergency->second.place.site.value();
}

void note_sites(Changes& changes, const Directory& directory) {
  for (Change& change : changes) {
    auto* audit = std::get_if<AppendAudit>(&change);
    if (!audit || !audit->record.site.empty() || audit->record.subject.empty()) continue;
    std::string& site = audit->record.site;
    site = site_named(directory, audit->record.action, audit->record.subject);
    for (auto made = changes.begin(); site.empty() && made != changes.end(); ++made)
      site = std::visit(SiteMade{audit->record.action, audit->record.subject}, *made);
  }
}

}  // namespace roamdesk
