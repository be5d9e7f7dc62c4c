#include "pbx-core/api/location_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/post/receivers.hpp"
#include "exchange/routing/emergency_numbers.hpp"
#include "pbx-core/api/outside_rules.hpp"
#include "pbx-core/api/shown.hpp"

namespace roamdesk::api {
namespace {

constexpr std::size_t longest_part = 100, longest_words = 500;

template <class T>
Fault check_once(const std::vector<T>& all) {
  for (auto one = all.begin(); one != all.end(); ++one)
    if (std::find(all.begin(), one, *one) != one) return "has an entry twice; expected each once";
  return std::nullopt;
}

Fault check_dialled(const std::vector<std::string>& all) {
  for (const std::string& number : all)
    if (!routing::is_emergency_number(number))
      return "has an entry that can't be dialled; expected ones of 1 to 15 digits, like \"112\"";
  return std::nullopt;
}

Fault check_mail(std::string_view text) {
  if (post::is_mail_address(text)) return std::nullopt;
  return "has an entry that is no address of e-mail; expected ones like \"guard@example.org\"";
}

Fault check_web_hook(std::string_view url) {
  if (url.empty() || post::is_web_hook(url)) return std::nullopt;
  return "can't be called; expected an https URL, like \"https://example.org/alarm\" (http to 127.0.0.1 alone)";
}

Fault check_provider_id(std::string_view text) {
  if (text.empty() || is_provider_id(text)) return std::nullopt;
  return fmt::format(
      "can't stand in a header; expected up to {} of a-z, A-Z, 0-9, \"-\", \".\", \"_\", \"~\" and \"+\"",
      longest_provider_id);
}

void check_references(Reader& reader, const Location& l) {
  std::vector<std::string> trunks;
  bool known_by_caller = false;
  for (const LocationReference& reference : l.references) {
    if (reference.trunk.empty()) reader.refuse("references.trunk", "is missing; expected a trunk's name");
    reader.refuse("references.geolocation_id", check_provider_id(reference.geolocation_id));
    reader.refuse("references.from_id", check_provider_id(reference.from_id));
    if (reference.geolocation_id.empty() && reference.from_id.empty())
      reader.refuse("references", "has an entry that says nothing; expected a geolocation_id, a from_id, or both");
    trunks.push_back(reference.trunk);
    known_by_caller = known_by_caller || !reference.from_id.empty();
  }
  reader.refuse("references", check_once(trunks));
  // The provider tells help one number, whichever of them the call was given here.
  if (known_by_caller && l.callbacks.size() > 1)
    reader.refuse("callbacks", "has several beside a from_id; expected the one that the provider has with that id");
}

// Refuses the first part that can't be.
struct CheckParts {
  Reader& reader;
  void operator()(const Field& field, const std::string& part) {
    reader.refuse("address." + std::string(field.shown), check_label(part, longest_part));
  }
};

}  // namespace

void check_record(Reader& reader, const Location& l) {
  const bool name_fine = !l.name.empty() && l.name.size() <= 40 &&
                         l.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!name_fine) reader.refuse("name", "is not a location's name; expected 1 to 40 of a-z, 0-9 and \"-\"");
  reader.refuse("address.country", check_country(l.address.country));
  CheckParts parts{reader};
  fields(parts, l.address);
  reader.refuse("note", check_label(l.note, longest_words));
  reader.refuse("trunks", check_once(l.trunks));
  for (const std::string& callback : l.callbacks)
    if (check_e164(callback))
      reader.refuse("callbacks",
                    "has an entry that is no number; expected ones with their country code, like \"+4930123456\"");
  reader.refuse("callbacks", check_once(l.callbacks));
  reader.refuse("numbers", check_dialled(l.numbers));
  reader.refuse("test_numbers", check_dialled(l.test_numbers));
  Location without = l;
  without.test_numbers.clear();
  for (const std::string& number : l.test_numbers)
    if (routing::help_of(number, {}, &without) != routing::Help::none)
      reader.refuse("test_numbers",
                    fmt::format("has {}, which is an emergency number here; expected another number", number));
  for (const ExtensionNumber& number : l.told)
    if (check_number(number.value()))
      reader.refuse("told", "has an entry that is no extension's number; expected ones like \"101\"");
  reader.refuse("told", check_once(l.told));
  for (const std::string& mail : l.mails) reader.refuse("mails", check_mail(mail));
  reader.refuse("web_hook", check_web_hook(l.web_hook));
  if (l.callback_window < std::chrono::minutes{10} || l.callback_window > std::chrono::hours{24})
    reader.refuse("callback_window_s", "is out of range; expected 600 to 86400");
  check_references(reader, l);
}

Fault clash(const Location& location, const Directory& directory, const routing::Codes& codes) {
  for (const std::string& trunk : location.trunks)
    if (!directory.all<Trunk>().contains(trunk))
      return fmt::format("There is no trunk {}; expected trunks that there are", trunk);
  for (const LocationReference& reference : location.references)
    if (!directory.all<Trunk>().contains(reference.trunk))
      return fmt::format("There is no trunk {} that could know it; expected trunks that there are", reference.trunk);
  for (const ExtensionNumber& number : location.told)
    if (!directory.extension(number))
      return fmt::format("There is no extension {} to be told; expected ones that there are", number.value());
  for (const std::string& callback : location.callbacks)
    for (const auto& [name, other] : directory.all<Location>())
      if (name != location.name &&
          std::find(other.callbacks.begin(), other.callbacks.end(), callback) != other.callbacks.end())
        return fmt::format(
            "{} is the location {}'s to be called back at; expected another number, since one place alone rings",
            callback, name);
  // A person logs in anywhere, so that no extension is called as an emergency number of one location.
  for (const std::string& number : routing::emergency_numbers(codes, &location)) {
    if (directory.extension(ExtensionNumber{number}))
      return fmt::format("{} is an emergency number there, and the extension {} is called so; expected another number",
                         number, number);
    for (const auto& [name, rule] : directory.all<OutboundRule>())
      if (rule.strip > 0 && rule.pattern.size() > rule.strip)
        if (const std::string dialled = rule.pattern.substr(0, rule.strip) + number;
            directory.extension(ExtensionNumber{dialled}))
          return fmt::format(
              "Under the outbound rule \"{}\" {} is the emergency number {}, and the extension {} is called so; "
              "expected "
              "another number",
              name, dialled, number, dialled);
  }
  return std::nullopt;
}

Fault still_used(const Location& location, const Directory& directory, const Settings& settings) {
  const auto used_by = [&](const std::string& who) {
    return fmt::format("{} has the location {}; give it another one first", who, location.name);
  };
  for (const auto& [id, desk] : directory.desks())
    if (desk.emergency_location == location.name) return used_by("The hot desk " + id.value());
  for (const auto& [mac, phone] : directory.phones())
    if (phone.emergency_location == location.name) return used_by("The phone " + mac.text());
  for (const auto& [name, sbc] : directory.sbcs())
    if (sbc.emergency_location == location.name) return used_by("The SBC " + name);
  if (settings.local_emergency_location == location.name) return used_by("The site local (in the settings)");
  if (settings.emergency_location == location.name) return used_by("What has none of its own (in the settings)");
  return std::nullopt;
}

}  // namespace roamdesk::api
