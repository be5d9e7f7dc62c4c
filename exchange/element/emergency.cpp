#include "exchange/element/emergency.hpp"

#include <algorithm>
#include <cctype>

#include "exchange/numbers/emergency.hpp"

namespace roamdesk::element {

std::string emergency_service(const sip::Uri& uri) {
  if (uri.scheme != "urn") return {};
  constexpr std::string_view sos = "service:sos";
  auto name = sip::unescape(uri.user);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (!name.starts_with(sos)) return {};
  const char behind = name.size() == sos.size() ? '.' : name[sos.size()];
  if (behind != '.' && behind != ';' && behind != '?' && behind != '#') return {};
  constexpr std::size_t longest = 64;
  name.resize(std::min({name.size(), name.find_first_of(";?#"), longest}));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c <= ' ' || c > '~'; }, '?');
  return "urn:" + name;
}

std::string number_of_service(const std::string& number, std::string_view country) {
  if (!number.starts_with("urn:")) return number;
  return numbers::is_emergency("911", country) ? "911" : "112";
}

std::string to_string(const EmergencyPlace& place) {
  std::string text = "site " + place.site.value();
  if (!place.desk.empty()) text += ", desk " + place.desk + (place.location.empty() ? "" : " (" + place.location + ")");
  if (place.phone) text += ", phone " + place.phone->text();
  if (!place.extension.empty()) text += ", person " + place.extension + (place.name.empty() ? "" : " " + place.name);
  return text + ", address " + place.address;
}

}  // namespace roamdesk::element
