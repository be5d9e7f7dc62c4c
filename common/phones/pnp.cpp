#include "common/phones/pnp.hpp"

#include <algorithm>

#include "common/phones/user_agent.hpp"
#include "common/phones/vendor_facts.hpp"
#include "common/sip/parse.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::phones {
namespace {

constexpr std::size_t longest_agent = 128, longest_word = 64;

// User parts of reference §2.2 and their like: "MAC", or nothing, then 12 digits, escaped or not, with ':', '-', '=' or
// '_' before them or between each two. A ':' makes a URI's password of what follows.
std::optional<Mac> mac_in(std::string_view text) {
  const auto plain = sip::unescape(text);
  std::string_view rest = plain;
  if (sip::starts_ignoring_case(rest, "mac")) rest.remove_prefix(3);
  const auto is_separator = [](char c) { return std::string_view{":-=_"}.find(c) != std::string_view::npos; };
  if (!rest.empty() && is_separator(rest.front())) rest.remove_prefix(1);
  std::string digits;
  if (rest.size() == 17) {
    for (std::size_t i = 0; i < rest.size(); ++i) {
      if (i % 3 != 2)
        digits += rest[i];
      else if (!is_separator(rest[i]))
        return std::nullopt;
    }
    rest = digits;
  }
  return Mac::parse(rest);
}

std::optional<Mac> mac_in(const sip::Uri& uri) {
  return mac_in(uri.password.empty() ? uri.user : uri.user + ':' + uri.password);
}

std::string printable(std::string_view text, std::size_t most) {
  std::string clean;
  for (const char c : text.substr(0, most))
    if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) <= 0x7e) clean += c;
  return clean;
}

// The value of one of the Event's parameters; quotes, blanks and case don't matter, nor does a broken one beside it.
std::string_view parameter(std::string_view event, std::string_view name) {
  while (!event.empty()) {
    std::size_t end = 0;
    bool quoted = false;
    while (end < event.size() && (quoted || event[end] != ';')) {
      if (event[end] == '"') quoted = !quoted;
      ++end;
    }
    const auto part = event.substr(0, end);
    event.remove_prefix(std::min(end + 1, event.size()));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    if (!sip::equal_ignoring_case(sip::trim(part.substr(0, equals)), name)) continue;
    auto value = sip::trim(part.substr(equals + 1));
    if (!value.empty() && value.front() == '"') value.remove_prefix(1);
    if (!value.empty() && value.back() == '"') value.remove_suffix(1);
    return value;
  }
  return {};
}

bool names_no_model(std::string_view model) {
  for (const auto* facts : all_vendors())
    for (const auto none : *facts->no_models)
      if (sip::equal_ignoring_case(model, none)) return true;
  return false;
}

sip::NameAddr face_contact(const Endpoint& face) {
  sip::NameAddr contact;
  contact.uri.host = host_of(face.address);
  contact.uri.port = face.port;
  return contact;
}

sip::Uri target_of(const sip::Message& subscribe, const Endpoint& peer) {
  if (!subscribe.contact.empty() && !subscribe.contact.front().uri.host.empty()) return subscribe.contact.front().uri;
  sip::Uri uri;
  uri.host = host_of(peer.address);
  uri.port = peer.port;
  return uri;
}

}  // namespace

std::optional<Discovery> discover(const sip::Message& subscribe) {
  if (!subscribe.is_request() || subscribe.method != "SUBSCRIBE") return std::nullopt;
  const auto event = subscribe.header("Event");
  if (!event) return std::nullopt;
  const auto package = sip::trim(event->substr(0, event->find(';')));
  if (!sip::equal_ignoring_case(package, "ua-profile")) return std::nullopt;

  const auto agent_text = subscribe.header("User-Agent").value_or("");
  const auto agent = parse_user_agent(agent_text);
  std::optional<Mac> mac = mac_in(subscribe.request_uri);
  if (!mac) mac = mac_in(subscribe.from.uri);
  if (!mac) mac = mac_in(subscribe.to.uri);
  if (!mac) mac = mac_in(parameter(*event, "mac"));
  if (!mac && agent) mac = agent->mac;
  if (!mac) return std::nullopt;

  Discovery found{.mac = *mac, .vendor = vendor_of(*mac), .model = {}, .firmware = {}, .user_agent = {}};
  found.user_agent = printable(agent_text, longest_agent);
  auto vendor_word = parameter(*event, "vendor");
  if (vendor_word.empty()) vendor_word = parameter(*event, "vender");  // Panasonic's spelling
  if (found.vendor == Vendor::unknown && agent) found.vendor = agent->vendor;
  if (found.vendor == Vendor::unknown) found.vendor = parse_vendor(vendor_word);

  if (agent) {
    found.model = printable(agent->model, longest_word);
    found.firmware = printable(agent->firmware, longest_word);
  }
  if (found.model.empty()) {
    found.model = printable(parameter(*event, "model"), longest_word);
    if (names_no_model(found.model)) found.model.clear();
    if (const auto* facts = facts_of(found.vendor);
        facts != nullptr && found.model.starts_with(*facts->event_model_prefix))
      found.model.erase(0, facts->event_model_prefix->size());
  }
  if (found.firmware.empty()) found.firmware = printable(parameter(*event, "version"), longest_word);
  return found;
}

bool is_discovery(std::string_view datagram) {
  // Most of what comes to the group is for others: it isn't taken apart.
  constexpr std::string_view method = "SUBSCRIBE ";
  datagram.remove_prefix(std::min(datagram.find_first_not_of("\r\n"), datagram.size()));
  if (!datagram.starts_with(method)) return false;
  const auto message = sip::parse(datagram);
  return message && discover(*message);
}

sip::Message make_pnp_ok(const sip::Message& subscribe, const std::string& to_tag, const Endpoint& face) {
  auto ok = sip::make_response(subscribe, 200, "OK", to_tag);
  ok.contact = {face_contact(face)};
  ok.expires = 0;
  return ok;
}

sip::Message make_pnp_notify(const sip::Message& subscribe, const std::string& to_tag, const Endpoint& face,
                             const Endpoint& peer, const std::string& url, std::uint32_t cseq) {
  sip::Message notify;
  notify.method = "NOTIFY";
  notify.request_uri = target_of(subscribe, peer);
  notify.from = subscribe.to;
  if (notify.from.tag().empty()) notify.from.params.set("tag", to_tag);
  notify.to = subscribe.from;
  notify.call_id = subscribe.call_id;
  notify.cseq = {cseq, "NOTIFY"};
  notify.contact = {face_contact(face)};
  notify.set_header("Event", "ua-profile");
  notify.set_header("Subscription-State", "terminated;reason=timeout");
  notify.content_type = "application/url";
  notify.body = url;
  return notify;
}

sip::Message make_restart_notify(const sip::Message& subscribe, const std::string& call_id, const std::string& tag,
                                 const Endpoint& face, const Endpoint& peer, const std::string& event) {
  sip::Message notify;
  notify.method = "NOTIFY";
  notify.request_uri = target_of(subscribe, peer);
  notify.from = face_contact(face);
  notify.from.params.set("tag", tag);
  notify.to.uri = notify.request_uri;
  notify.to.uri.params = {};
  notify.call_id = call_id;
  notify.cseq = {1, "NOTIFY"};
  notify.contact = {face_contact(face)};
  notify.set_header("Event", event);
  notify.set_header("Subscription-State", "terminated;reason=noresource");
  return notify;
}

std::string resync_event(Vendor vendor, bool reboot) {
  const auto* facts = facts_of(vendor);
  const auto& words = facts != nullptr ? facts->resync : bare_check_sync;
  return std::string{reboot ? words.reboot : words.fetch};
}

bool can_be_restarted(Vendor vendor) { return resync_event(vendor, true) != resync_event(vendor, false); }

}  // namespace roamdesk::phones
