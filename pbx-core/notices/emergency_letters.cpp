#include "pbx-core/notices/emergency_letters.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "common/post/mail_text.hpp"
#include "common/post/receivers.hpp"
#include "pbx-core/notices/texts.hpp"

namespace roamdesk::notices {
namespace {
namespace json = boost::json;

std::string joined(std::initializer_list<std::string_view> parts, std::string_view between) {
  std::string text;
  for (const auto part : parts)
    if (!part.empty()) text.append(text.empty() ? "" : between).append(part);
  return text;
}

std::string who(const EmergencyPlace& place) {
  return place.extension.empty() ? "" : joined({place.extension, place.name}, " ");
}

// "HD0001 (Room 5)", "101 Alice", or the address that a stranger calls from.
std::string from_where(const EmergencyPlace& place) {
  if (!place.desk.empty()) return place.desk + (place.location.empty() ? "" : " (" + place.location + ")");
  return place.extension.empty() ? place.address : who(place);
}

std::string headline(const Emergency& emergency) {
  return fmt::format("{}: {} from {}, site {}", emergency.test ? "TEST of an emergency call" : "Emergency call",
                     emergency.place.number, from_where(emergency.place), emergency.place.site.value());
}

std::string letter_text(const Emergency& emergency, const Location& location) {
  const auto& place = emergency.place;
  std::string text = emergency.test ? "This is a test: nobody is in danger.\n\n" : "";
  text += fmt::format("Somebody has dialled {} at {}.\n\n", place.number, moment_text(emergency.at));
  const auto line = [&text](std::string_view name, std::string_view value) {
    if (!value.empty()) text += fmt::format("{:<10}{}\n", std::string(name) + ":", value);
  };
  line("Desk", place.desk.empty() ? "" : from_where(place));
  line("Person", who(place));
  line("Site", place.site.value());
  line("Location", emergency.location);
  line("Address", address_text(location.address));
  line("Note", location.note);
  line("Callback", emergency.callback);
  line("Phone", joined({place.phone ? place.phone->text() : "", place.address}, ", "));
  text += emergency.routed ? "\nThe call is being put through.\n"
                           : "\nThe call could NOT be put through: no trunk for emergency calls is configured. "
                             "The caller has heard an announcement.\n";
  return text + "\nPlease acknowledge it in the console.\n";
}

std::string web_hook_body(const Emergency& emergency, const Location& location) {
  const auto& place = emergency.place;
  return json::serialize(json::object{{"event", emergency.test ? "emergency.test" : "emergency.called"},
                                      {"id", emergency.id},
                                      {"at", moment_text(emergency.at)},
                                      {"text", headline(emergency)},
                                      {"number", place.number},
                                      {"test", emergency.test},
                                      {"routed", emergency.routed},
                                      {"site", place.site.value()},
                                      {"address", place.address},
                                      {"mac", text_or_null(place.phone ? place.phone->text() : "")},
                                      {"hot_desk", text_or_null(place.desk)},
                                      {"desk_location", text_or_null(place.location)},
                                      {"extension", text_or_null(place.extension)},
                                      {"name", text_or_null(place.name)},
                                      {"location", text_or_null(emergency.location)},
                                      {"civic_address", text_or_null(address_text(location.address))},
                                      {"note", text_or_null(location.note)},
                                      {"callback", text_or_null(emergency.callback)}});
}

}  // namespace

std::string address_text(const CivicAddress& a) {
  const auto street = joined({a.hno + a.hns, a.prd, a.prm, a.rd, a.sts, a.pod, a.pom}, " ");
  const auto town = joined({a.pc, joined({a.a4, a.a3}, ", ")}, " ");
  const auto outside = joined({a.nam, street, town, a.a1, a.country}, ", ");
  const auto inside = joined({a.bld.empty() ? "" : "building " + a.bld, a.unit.empty() ? "" : "unit " + a.unit,
                              a.flr.empty() ? "" : "floor " + a.flr, a.room.empty() ? "" : "room " + a.room,
                              a.seat.empty() ? "" : "seat " + a.seat, a.lmk, a.loc},
                             ", ");
  return joined({outside, inside}, "; ");
}

std::vector<post::Letter> letters_of(const Emergency& emergency, const Location& location, const Sender& sender,
                                     const std::string& unique) {
  const unsigned weight = emergency.test ? 0 : emergency.place.phone ? 2 : 1;
  std::vector<post::Letter> letters;
  if (!location.web_hook.empty())
    letters.push_back(
        {post::Way::web_hook, location.web_hook, web_hook_body(emergency, location), emergency.id, weight});
  for (std::size_t at = 0; at < location.mails.size(); ++at) {
    const auto& to = location.mails[at];
    if (!post::is_mail_address(to)) continue;
    post::Mail mail{.from_name = sender.name, .from = sender.from, .to = to, .id = unique + std::to_string(at)};
    mail.subject = headline(emergency);
    mail.text = letter_text(emergency, location);
    mail.date = emergency.at;
    mail.urgent = !emergency.test;
    letters.push_back({post::Way::mail, to, post::to_message(mail), emergency.id, weight});
  }
  return letters;
}

}  // namespace roamdesk::notices
