#include "exchange/emergency/pidf_lo.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/utf8.hpp"

namespace roamdesk::emergency {
namespace {

// RFC 5139 §5: the elements' names are in capitals, that of the country isn't.
std::string element_of(std::string_view field) {
  std::string name{field};
  if (name == "country") return name;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

// RFC 3339.
std::string time_of(WallTime at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{seconds - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int{date.year()}, unsigned{date.month()},
                     unsigned{date.day()}, clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

struct Writer {
  std::string xml{};
  void operator()(const Field& field, const std::string& value) {
    if (value.empty()) return;
    const auto name = element_of(field.column);
    xml += fmt::format("            <ca:{}>{}</ca:{}>\n", name, escape_xml(value), name);
  }
};

struct Looking {
  bool found = false;
  void operator()(const Field&, const std::string& value) { found = found || !value.empty(); }
};

}  // namespace

bool is_empty(const CivicAddress& address) {
  Looking looking;
  fields(looking, address);
  return !looking.found;
}

std::string pidf_lo(const Whereabouts& where) {
  Writer civic;
  fields(civic, where.address);
  // RFC 4119 §2.2.2: usage-rules has to be there. The address was entered by hand (§2.2.1: method).
  const auto geopriv = fmt::format(
      "      <gp:geopriv>\n        <gp:location-info>\n          <ca:civicAddress>\n{}          </ca:civicAddress>\n"
      "        </gp:location-info>\n        <gp:usage-rules/>\n        <gp:method>Manual</gp:method>\n"
      "      </gp:geopriv>\n",
      civic.xml);
  const auto time = time_of(where.at);
  std::string described;
  if (where.device)
    described = fmt::format(
        "  <dm:device id=\"place\">\n{}    <dm:deviceID>mac:{}</dm:deviceID>\n"
        "    <dm:timestamp>{}</dm:timestamp>\n  </dm:device>\n",
        geopriv, where.device->text(), time);
  else
    described = fmt::format(
        "  <tuple id=\"place\">\n    <status>\n{}    </status>\n    <timestamp>{}</timestamp>\n  </tuple>\n", geopriv,
        time);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\"\n"
      "    xmlns:gp=\"urn:ietf:params:xml:ns:pidf:geopriv10\"\n"
      "    xmlns:ca=\"urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr\" entity=\"{}\">\n{}</presence>\n",
      escape_xml(where.entity), described);
}

}  // namespace roamdesk::emergency
