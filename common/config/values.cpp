#include <fmt/format.h>

#include <charconv>

#include "common/config/section.hpp"

namespace roamdesk::config {
namespace {

// A scalar's text; a list, mapping or null is a fault.
const std::string* scalar(const Node& node, std::string_view expected) {
  if (node.tree().kind == Tree::Kind::scalar) return &node.tree().text;
  node.refuse(std::string{expected});
  return nullptr;
}

template <class T, class Parse>
bool read_parsed(const Node& node, T& out, std::string_view expected, Parse parse) {
  const std::string* text = scalar(node, expected);
  if (!text) return false;
  if (auto value = parse(*text)) {
    out = std::move(*value);
    return true;
  }
  node.refuse(std::string{expected});
  return false;
}

}  // namespace

bool read_value(const Node& node, std::string& out) {
  const std::string* text = scalar(node, "expected text");
  if (!text) return false;
  out = *text;
  return true;
}

bool read_value(const Node& node, bool& out) {
  return read_parsed(node, out, "expected true or false", [](const std::string& text) -> std::optional<bool> {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
  });
}

bool read_value(const Node& node, std::uint16_t& out) {
  return read_parsed(node, out, "expected a whole number, 1 to 65535", [](const std::string& text) {
    std::optional<std::uint16_t> port;
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size() && value != 0) port = value;
    return port;
  });
}

bool read_value(const Node& node, std::filesystem::path& out) {
  return read_parsed(node, out, "expected a path", [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::filesystem::path>{text};
  });
}

bool read_value(const Node& node, Secret& out) {
  if (node.tree().kind != Tree::Kind::scalar || node.tree().text.empty()) {
    node.fault(node.name() + ": no text", "expected the secret's text");  // never with what stands there
    return false;
  }
  out = Secret{node.tree().text};
  return true;
}

bool read_value(const Node& node, IpAddress& out) {
  return read_parsed(node, out, "expected an address, as 192.168.1.5 or 2001:db8::5",
                     [](const std::string& text) { return parse_ip(text); });
}

bool read_value(const Node& node, Endpoint& out) {
  return read_parsed(node, out, "expected an address and a port, as 0.0.0.0:5060 or \"[::]:5060\"",
                     [](const std::string& text) { return parse_endpoint(text); });
}

bool read_value(const Node& node, PortRange& out) {
  return read_parsed(node, out, "expected a range of ports, as 20000-29999", parse_port_range);
}

bool read_value(const Node& node, TimeOfDay& out) {
  return read_parsed(node, out, "expected a time of day in quotes, as \"18:30\"", parse_time_of_day);
}

bool read_value(const Node& node, TimeZone& out) {
  return read_parsed(
      node, out, "expected a time zone of the tz database, as Europe/Nicosia",
      [](const std::string& text) { return is_time_zone(text) ? std::optional{TimeZone{text}} : std::nullopt; });
}

bool read_value(const Node& node, HostPort& out) {
  return read_parsed(node, out,
                     "expected a name or address and a port, as pbx.example.com:5090 or \"[2001:db8::1]:5090\"",
                     parse_host_port);
}

bool read_value(const Node& node, std::chrono::seconds& out) {
  return read_parsed(node, out, "expected a duration of whole seconds, as \"10h\", \"30m\" or \"45s\"",
                     [](const std::string& text) -> std::optional<std::chrono::seconds> {
                       const auto value = parse_duration(text);
                       if (!value || value->count() <= 0 || value->count() % 1000 != 0) return std::nullopt;
                       return std::chrono::duration_cast<std::chrono::seconds>(*value);
                     });
}

bool read_value(const Node& node, log::Settings& out) {
  Section section{node};
  section.read_choice<log::Level>("level", out.level,
                                  {{"debug", log::Level::debug},
                                   {"info", log::Level::info},
                                   {"warning", log::Level::warning},
                                   {"error", log::Level::error}});
  section.read_choice<log::Format>("format", out.format, {{"text", log::Format::text}, {"json", log::Format::json}});
  section.finish();
  return true;
}

}  // namespace roamdesk::config
