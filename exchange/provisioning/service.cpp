#include "exchange/provisioning/service.hpp"

#include "common/sip/text.hpp"
#include "exchange/provisioning/fetch_policy.hpp"
#include "exchange/provisioning/own_names.hpp"
#include "exchange/provisioning/tokens.hpp"

namespace roamdesk::provisioning {
namespace {

constexpr std::string_view prefix = "/provision/";
constexpr std::size_t longest_path = 512;

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

// "/provision/TOKEN/FILE" -> {"TOKEN", "FILE"}; "/provision/FILE" -> {"FILE"}. Doubled slashes are one: phones add
// theirs to a directory's. nullopt for all that isn't such a path.
std::optional<std::vector<std::string>> parts_of(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  if (path.size() > longest_path || !path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  std::vector<std::string> parts{""};
  for (std::size_t i = 0; i < path.size(); ++i) {
    char c = path[i];
    if (c == '/') {
      if (!parts.back().empty()) parts.emplace_back();
      continue;
    }
    if (c == '%') {
      const auto high = i + 2 < path.size() ? hex_digit(path[i + 1]) : std::nullopt;
      const auto low = i + 2 < path.size() ? hex_digit(path[i + 2]) : std::nullopt;
      if (!high || !low) return std::nullopt;
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    }
    if (c <= 0x20 || c > 0x7e || c == '/' || c == '\\') return std::nullopt;
    parts.back() += c;
  }
  if (parts.back().empty()) parts.pop_back();
  if (parts.empty() || parts.size() > 2) return std::nullopt;
  for (const auto& part : parts)
    if (part == "." || part == "..") return std::nullopt;
  return parts;
}

HttpOutcome not_found() { return {HttpAnswer{}, {}}; }

HttpOutcome suspicious(const HttpRequest& request, Suspicion why, std::optional<Mac> mac = std::nullopt) {
  return {HttpAnswer{}, {SuspiciousFetch{why, mac, request.site, request.peer}}};
}

HttpAnswer answer(ConfigFile file) { return {200, std::move(file.content_type), std::move(file.body)}; }

// A phone that names another MAC than the one it asks for. Only the vendor's own form is believed to be a name at all.
bool is_foreign(const std::optional<phones::UserAgent>& agent, const Mac& mac) {
  return agent && agent->mac && *agent->mac != mac;
}

// nullopt if it may have its file.
std::optional<Suspicion> objection(const AssignedPhone& phone, const HttpRequest& request, bool by_mac, WallTime wall) {
  FetchFacts facts;
  facts.from = request.peer.address;
  facts.registered_at = phone.registered_at;
  facts.known_at = phone.known_at;
  facts.in_window = in_window(phone.window_until, wall);
  facts.window_taken = phone.window_taken;
  facts.by_mac = by_mac;
  facts.in_the_clear = !request.tls;
  facts.only_by_tls = phone.only_by_tls;
  switch (decide_fetch(facts)) {
    case FetchDecision::serve:
      return std::nullopt;
    case FetchDecision::outside_window:
      return Suspicion::outside_window;
    case FetchDecision::foreign_address:
      return Suspicion::foreign_address;
    case FetchDecision::in_the_clear:
      return Suspicion::in_the_clear;
  }
  return Suspicion::foreign_address;
}

}  // namespace

std::string_view to_string(Suspicion why) {
  switch (why) {
    case Suspicion::wrong_token:
      return "wrong_token";
    case Suspicion::wrong_site:
      return "wrong_site";
    case Suspicion::foreign_file:
      return "foreign_file";
    case Suspicion::foreign_device:
      return "foreign_device";
    case Suspicion::outside_window:
      return "outside_window";
    case Suspicion::foreign_address:
      return "foreign_address";
    case Suspicion::in_the_clear:
      return "in_the_clear";
    case Suspicion::malformed:
      return "malformed";
  }
  return "";
}

HttpOutcome ProvisioningService::handle(const HttpRequest& request, WallTime wall) const {
  if (request.method != "GET" && request.method != "HEAD") return {HttpAnswer{405, "", ""}, {}};
  if (request.path == authority_path && !authority_.empty()) return {authority(), {}};
  const auto parts = parts_of(request.path);
  if (!parts) return suspicious(request, Suspicion::malformed);
  if (parts->size() == 2) return by_token(request, parts->at(0), parts->at(1), wall);
  return by_mac(request, parts->at(0), wall);
}

HttpOutcome ProvisioningService::by_token(const HttpRequest& request, std::string_view token, std::string_view file,
                                          WallTime wall) const {
  const auto agent = phones::parse_user_agent(request.user_agent);
  auto phone = phones_.by_token(token);
  if (!phone) {
    // One of earlier, then: whose, the phone says in the file's name or of itself.
    auto mac = resolve(file).mac;
    if (!mac && agent) mac = agent->mac;
    if (mac && phones_.is_token_of(*mac, token)) phone = phones_.by_mac(*mac);
  }
  if (!phone) return suspicious(request, Suspicion::wrong_token);
  if (phone->site != request.site) return suspicious(request, Suspicion::wrong_site, phone->mac);
  if (is_foreign(agent, phone->mac)) return suspicious(request, Suspicion::foreign_device, phone->mac);

  if (file == authority_file || file == reach_file) {
    if (const auto why = objection(*phone, request, false, wall)) return suspicious(request, *why, phone->mac);
    return own_file(request, *phone, file);
  }
  const auto name = resolve(phone->vendor, file);
  if (name.mac && *name.mac != phone->mac) return suspicious(request, Suspicion::foreign_file, phone->mac);
  if (const auto why = objection(*phone, request, false, wall)) return suspicious(request, *why, phone->mac);
  if (auto given = firmware(request, *phone, name.kind, file)) return std::move(*given);
  switch (name.kind) {
    case FileKind::device_config: {
      auto view = phones_.view(phone->mac, request.face);
      if (!view) return {HttpAnswer{503, "", ""}, {}};
      // It has it already.
      if (agent && agent->firmware == view->firmware_version) view->firmware_file.clear();
      // In a window: it was reset.
      if (!request.tls && view->step == HttpsStep::settled) view->step = HttpsStep::none;
      HttpOutcome outcome{answer(provisioner_.render(*view)), {}};
      // A HEAD carries nothing to the phone.
      if (request.method == "GET")
        outcome.events.emplace_back(
            Fetched{phone->mac, view->generation, std::string{token}, agent, request.peer, request.tls});
      return outcome;
    }
    case FileKind::common:
      return {answer(provisioner_.render_empty(phone->vendor)), {}};
    case FileKind::index:
      return {answer(index(*phone, request.face)), {}};
    case FileKind::first_contact:
    case FileKind::unknown:
    case FileKind::device_probe:
    case FileKind::boot:
    case FileKind::firmware:
    case FileKind::firmware_note:
    case FileKind::other:
      return not_found();
  }
  return not_found();
}

ConfigFile ProvisioningService::index(const AssignedPhone& phone, const Endpoint& face) const {
  const auto view = phone.firmware.empty() ? std::nullopt : phones_.view(phone.mac, face);
  return provisioner_.render_index(phone.vendor, phone.mac, view ? view->firmware_file : "");
}

std::optional<HttpOutcome> ProvisioningService::firmware(const HttpRequest& request, const AssignedPhone& phone,
                                                         FileKind kind, std::string_view file) const {
  if (phone.firmware.empty()) return std::nullopt;
  const HttpOutcome later{HttpAnswer{503, "", ""}, {}};
  if (kind == FileKind::firmware_note) {
    if (phone.in_call) return later;
    const auto view = phones_.view(phone.mac, request.face);
    const auto note = view ? provisioner_.render_firmware_note(*view) : std::nullopt;
    return note ? HttpOutcome{answer(*note), {}} : not_found();
  }
  for (const auto& one : phone.firmware) {
    if (!sip::equal_ignoring_case(one.name, file)) continue;
    if (phone.in_call) return later;
    HttpOutcome outcome{HttpAnswer{200, "application/octet-stream", ""}, {}};
    outcome.answer.content = door::Content{one.sha256, static_cast<std::uint64_t>(one.bytes)};
    if (request.method == "GET") outcome.events.emplace_back(FirmwareFetched{phone.mac, request.peer});
    return outcome;
  }
  return std::nullopt;
}

HttpAnswer ProvisioningService::authority() const { return {200, "application/x-pem-file", authority_}; }

HttpOutcome ProvisioningService::own_file(const HttpRequest& request, const AssignedPhone& phone,
                                          std::string_view file) const {
  const bool is_authority = file == authority_file;
  if (is_authority ? authority_.empty() : !request.tls) return not_found();
  HttpOutcome outcome{is_authority ? authority() : answer(provisioner_.render_empty(phone.vendor)), {}};
  if (request.method == "GET")
    outcome.events.emplace_back(Shown{phone.mac, is_authority ? Given::authority : Given::answer_by_tls});
  return outcome;
}

HttpOutcome ProvisioningService::by_mac(const HttpRequest& request, std::string_view file, WallTime wall) const {
  const auto agent = phones::parse_user_agent(request.user_agent);
  auto name = resolve(file);
  if (!name.mac && agent && agent->mac && resolve(agent->vendor, file).kind == FileKind::first_contact)
    name = {FileKind::first_contact, agent->mac};
  if (!name.mac) return not_found();
  const Mac mac = *name.mac;
  if (is_foreign(agent, mac)) return suspicious(request, Suspicion::foreign_device, mac);
  const auto phone = phones_.by_mac(mac);
  // Probes of the same MAC (cfg<mac>, <mac>.boot) go before its configuration: one event is enough.
  const bool is_config = name.kind == FileKind::device_config || name.kind == FileKind::first_contact;
  if (!phone) {
    HttpOutcome outcome = not_found();
    if (is_config) outcome.events.emplace_back(UnassignedAsked{mac, agent, request.peer});
    return outcome;
  }
  if (phone->site != request.site) return suspicious(request, Suspicion::wrong_site, mac);
  const auto kind = resolve(phone->vendor, file).kind;
  if (kind != FileKind::device_config && kind != FileKind::first_contact && kind != FileKind::index) return not_found();
  if (const auto why = objection(*phone, request, true, wall)) return suspicious(request, *why, mac);
  if (kind == FileKind::index) return {answer(index(*phone, request.face)), {}};
  const auto view = phones_.view(mac, request.face);
  if (!view) return {HttpAnswer{503, "", ""}, {}};
  return {answer(provisioner_.render_redirect(*view)), {RedirectFetched{mac, agent, request.peer}}};
}

void open_window(Phone& phone, const std::string& fresh, WallTime wall, const std::optional<Endpoint>& only_for) {
  draw_token(phone, fresh, wall);
  // It may have been reset, and know no authority of ours. One that fetches over TLS alone says so by how it comes.
  if (phone.https != HttpsStep::settled) phone.https = HttpsStep::none;
  phone.window_until = wall + window_length;
  phone.window_taken = only_for.has_value();
  if (only_for) phone.address = to_string(*only_for);
}

bool in_window(const std::optional<WallTime>& until, WallTime wall) { return until && wall < *until; }

}  // namespace roamdesk::provisioning
