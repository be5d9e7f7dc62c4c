#include "exchange/trunks/requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/base/text.hpp"
#include "common/crypto/hash.hpp"

namespace roamdesk::trunks {
namespace {

constexpr std::uint32_t longest_registration = 86'400;

std::optional<std::uint32_t> read_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) return ~std::uint32_t{0};
  return error == std::errc{} && end != text.data() ? std::optional{number} : std::nullopt;
}

sip::Message begin(const Trunk& trunk, const char* method, std::string call_id, const std::string& tag,
                   std::uint32_t cseq) {
  sip::Message request;
  request.method = method;
  request.request_uri.host = trunk.domain;  // no user, RFC 3261 §10.2
  request.from.uri = account_of(trunk);
  request.from.params.set("tag", tag);
  request.call_id = std::move(call_id);
  request.cseq = {cseq, method, {}};
  if (auto route = route_of(trunk)) request.route.push_back(std::move(*route));
  return request;
}

}  // namespace

std::string contact_token(const Trunk& trunk) {
  const auto text =
      fmt::format("Contact\n{}\n{}\n{}\n{}", trunk.name, trunk.domain, trunk.user, trunk.password.reveal());
  return "t" + crypto::sha256_hex(text).substr(0, 24);
}

std::string contact_user(const Trunk& trunk) {
  return trunk.contact_user.empty() ? contact_token(trunk) : trunk.contact_user;
}

sip::Uri contact_of(const Trunk& trunk, const sip::Flow& flow, const Endpoint& seen, bool bulk) {
  sip::Uri uri;
  if (!bulk) uri.user = contact_user(trunk);
  uri.host = host_of(seen.address);
  uri.port = seen.port;
  if (flow.reliable()) uri.params.set("transport", std::string{word_of(flow.address.transport)});
  if (bulk) uri.params.set("bnc");
  return uri;
}

sip::Uri account_of(const Trunk& trunk) {
  sip::Uri uri;
  uri.user = trunk.user;
  uri.host = trunk.domain;
  return uri;
}

std::optional<sip::NameAddr> route_of(const Trunk& trunk) {
  if (trunk.server.empty()) return std::nullopt;
  auto uri = sip::parse_uri("sip:" + trunk.server);
  if (!uri || equal_ignoring_case(uri->host, trunk.domain)) return std::nullopt;
  sip::NameAddr route;
  route.uri = std::move(*uri);
  if (trunk.transport && trunk.transport != sip::Transport::udp)
    route.uri.params.set("transport", std::string{word_of(*trunk.transport)});
  route.uri.params.set("lr");
  return route;
}

sip::Message make_register(const Trunk& trunk, Series& series, const Registration& what, const std::string& software) {
  auto request = begin(trunk, "REGISTER", series.call_id, series.tag, ++series.cseq);
  request.to.uri = account_of(trunk);
  sip::NameAddr contact;
  contact.uri = what.contact;
  request.contact.push_back(std::move(contact));
  request.expires = static_cast<std::uint32_t>(what.expires.count());
  if (what.bulk) {
    request.set_header("Require", "gin");
    request.set_header("Proxy-Require", "gin");
    request.set_header("Supported", "path");
  }
  request.set_header("User-Agent", software);
  return request;
}

sip::Message make_options(const Trunk& trunk, const std::string& call_id, const std::string& tag,
                          const sip::Uri& contact, const std::string& software) {
  auto request = begin(trunk, "OPTIONS", call_id, tag, 1);
  request.to.uri.host = trunk.domain;
  sip::NameAddr self;
  self.uri = contact;
  request.contact.push_back(std::move(self));
  request.set_header("Accept", "application/sdp");
  request.set_header("User-Agent", software);
  return request;
}

std::chrono::seconds granted(const sip::Message& ok, const Registration& asked) {
  const auto bounded = [](std::uint32_t seconds) {
    return std::chrono::seconds{std::min(seconds, longest_registration)};
  };
  const auto of = [](const sip::NameAddr& contact) -> std::optional<std::uint32_t> {
    const auto value = contact.params.find("expires");
    return value ? read_number(*value) : std::nullopt;
  };
  const sip::NameAddr* ours = nullptr;
  for (const auto& contact : ok.contact) {
    const bool same_user = contact.uri.user == asked.contact.user;
    const bool same_place = contact.uri.host == asked.contact.host && contact.uri.port == asked.contact.port;
    if (same_user && same_place) {
      ours = &contact;
      break;
    }
    // Rewritten by something on the way: the user is still ours.
    if (same_user && !ours) ours = &contact;
  }
  if (!ours && ok.contact.size() == 1) ours = &ok.contact.front();
  if (const auto seconds = ours ? of(*ours) : std::nullopt) return bounded(*seconds);
  if (ok.expires) return bounded(*ok.expires);
  return asked.expires;
}

std::optional<Endpoint> seen_as(const sip::Message& response) {
  if (response.via.empty()) return std::nullopt;
  const auto& via = response.via.front();
  const auto received = via.params.find("received"), rport = via.params.find("rport");
  const auto address = parse_ip_host(received ? *received : std::string_view{via.host});
  const auto port = rport ? read_number(*rport) : std::nullopt;
  if (!address || (!received && !port)) return std::nullopt;
  const std::uint32_t at = port.value_or(via.port);
  if (at == 0 || at > 65535) return std::nullopt;
  return Endpoint{*address, static_cast<std::uint16_t>(at)};
}

std::string answer_of(const sip::Message& response) {
  std::string words;
  for (const char c : response.reason.substr(0, 64)) words += c >= ' ' && c < 127 ? c : '?';
  if (words.empty()) words = sip::default_reason(response.status);
  return fmt::format("{} {}", response.status, words);
}

}  // namespace roamdesk::trunks
