#include "pbx-core/api/outside_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/base/endpoint.hpp"
#include "exchange/numbers/number.hpp"
#include "exchange/routing/pattern.hpp"

namespace roamdesk::api {
namespace {

bool made_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

Fault out_of_range(std::uint64_t value, std::uint64_t least, std::uint64_t most) {
  if (value >= least && value <= most) return std::nullopt;
  return fmt::format("is out of range; expected {} to {}", least, most);
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 &&
         made_of(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") && text.front() != '.' &&
         text.front() != '-';
}
bool is_ipv6(std::string_view text) { return text.starts_with('[') && parse_ip_host(text); }
Fault check_host(std::string_view text) {
  if (is_host(text) || is_ipv6(text)) return std::nullopt;
  return "is not a host name; expected one like \"sip.example.org\", or an address, IPv6 in brackets";
}
Fault check_server(std::string_view text) {
  const auto colon = text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
  const std::string_view port = colon == std::string_view::npos ? "5060" : text.substr(colon + 1);
  unsigned number = 0;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  const auto host = text.substr(0, colon);
  if ((is_host(host) || is_ipv6(host)) && read.ec == std::errc{} && read.ptr == port.data() + port.size() &&
      number > 0 && number < 65'536)
    return std::nullopt;
  return "is not a server; expected a name or address, with a port or without, like \"proxy.example.org:5060\" or "
         "\"[2001:db8::1]:5060\"";
}
// As SIP has user names without escapes (RFC 3261 §25.1), and an e-mail address as an authentication user.
Fault check_user(std::string_view text) {
  if (text.size() <= 128 &&
      made_of(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,?/@"))
    return std::nullopt;
  return "can't be a user name; expected up to 128 characters without blanks and quotation marks";
}
Fault check_network(std::string_view text) {
  const auto slash = text.find('/');
  unsigned length = 32;
  const auto address = parse_ip(text.substr(0, slash));
  bool fine = address.has_value();
  if (slash != std::string_view::npos) {
    const std::string_view said = text.substr(slash + 1);
    const auto read = std::from_chars(said.data(), said.data() + said.size(), length);
    fine = fine && read.ec == std::errc{} && read.ptr == said.data() + said.size() &&
           (address->is_v4() ? length >= 8 && length <= 32 : length >= 32 && length <= 128);
  }
  if (fine) return std::nullopt;
  return "has an entry that is no address; expected ones like \"192.0.2.1\", \"192.0.2.0/24\" (from /8 on), "
         "\"2001:db8::1\" "
         "or \"2001:db8::/48\" (from /32 on)";
}
Fault check_countries(const std::vector<std::string>& all) {
  for (const std::string& country : all)
    if (!numbers::is_country(country))
      return "has an entry that is no country; expected two letters of ISO 3166, like \"DE\"";
  return std::nullopt;
}
Fault check_authority(std::string_view text) {
  if (text.empty() || (text.size() <= 65'536 && text.starts_with("-----BEGIN CERTIFICATE-----"))) return std::nullopt;
  return "is not a certificate; expected PEM that begins with -----BEGIN CERTIFICATE-----";
}

// Its keys stand in the signalling (RFC 4568): over anything but TLS everybody on the way has them.
Fault check_srtp(const Trunk& t) {
  if (t.srtp == Srtp::off) return std::nullopt;
  if (t.site != local_site()) return "needs SIP over TLS, which a trunk at a branch can't have; expected \"off\"";
  if (t.transport == sip::Transport::tls) return std::nullopt;
  return "needs the transport \"tls\"; expected \"off\" with another one";
}

bool site_exists(const SiteId& site, const Directory& directory) {
  return site == local_site() || directory.sbc(site.value());
}
Fault no_site(const SiteId& site) {
  return fmt::format("There is no site {}; expected \"local\" or an SBC's name", site.value());
}

// One of the accounts there; nullptr where there are none.
const UpstreamAccount* account_at(const std::string& trunk, const Directory& directory) {
  for (const auto& [extension, account] : directory.all<UpstreamAccount>())
    if (account.trunk == trunk) return &account;
  return nullptr;
}

}  // namespace

Fault check_e164(std::string_view text) {
  if (numbers::is_e164(text)) return std::nullopt;
  return "is not a number; expected one with its country code, like \"+4930123456\"";
}

Fault check_country(std::string_view name) {
  if (numbers::is_country(name)) return std::nullopt;
  return "is no country; expected two letters of ISO 3166, like \"DE\"";
}

void check_record(Reader& reader, const Trunk& t) {
  const bool name_fine =
      !t.name.empty() && t.name.size() <= 40 && made_of(t.name, "abcdefghijklmnopqrstuvwxyz0123456789-");
  if (!name_fine) reader.refuse("name", "is not a trunk's name; expected 1 to 40 of a-z, 0-9 and \"-\"");
  reader.refuse("preset", check_label(t.preset, 64));
  reader.refuse("domain", check_host(t.domain));
  if (!t.server.empty()) reader.refuse("server", check_server(t.server));
  for (const auto& [member, user] :
       {std::pair{"user", &t.user}, {"auth_user", &t.auth_user}, {"contact_user", &t.contact_user}})
    reader.refuse(member, check_user(*user));
  if (t.password.reveal().size() > 128) reader.refuse("password", "is too long; 128 bytes at most are expected");
  reader.refuse("password", check_label(t.password.reveal(), 128));
  if (t.kind == TrunkKind::registration && t.user.empty())
    reader.refuse("user", "is missing; a trunk that registers has an account");
  if (t.from_is_account && t.user.empty()) reader.refuse("user", "is missing; from_is_account puts it into From");
  reader.refuse("expires_s", out_of_range(static_cast<std::uint64_t>(t.expires.count()), 60, 86'400));
  if (t.ping.count() != 0) reader.refuse("ping_s", out_of_range(static_cast<std::uint64_t>(t.ping.count()), 10, 3'600));
  if (!t.tls_name.empty()) reader.refuse("tls_name", check_host(t.tls_name));
  reader.refuse("tls_authority", check_authority(t.tls_authority));
  reader.refuse("srtp", check_srtp(t));
  for (const std::string& source : t.sources) reader.refuse("sources", check_network(source));
  if (!t.country.empty()) reader.refuse("country", check_countries({t.country}));
  if (t.area_code.size() > 6 || !made_of(t.area_code, "0123456789"))
    reader.refuse("area_code", "is not an area code; expected up to 6 digits without the 0 in front, like \"30\"");
  if (!t.main_number.empty()) reader.refuse("main_number", check_e164(t.main_number));
  if (t.called_in.empty()) reader.refuse("called_in", "is empty; expected at least one");
  reader.refuse("calls", out_of_range(t.calls, 0, 10'000));
  if (t.calls > 0 && t.calls_reserved_in > t.calls)
    reader.refuse("calls_reserved_in", fmt::format("is more than calls; expected 0 to {}", t.calls));
  reader.refuse("countries", check_countries(t.countries));
}

void check_record(Reader& reader, const OutboundRule& r) {
  const bool name_fine = !r.name.empty() && r.name.find_first_of("/?#%") == std::string::npos;
  if (!name_fine) reader.refuse("name", "can't be a rule's name; expected 1 to 64 characters without / ? # %");
  reader.refuse("name", check_label(r.name, 64));
  reader.refuse("position", out_of_range(r.position, 0, 100'000));
  reader.refuse("pattern", routing::pattern_fault(r.pattern));
  if (r.trunks.empty()) reader.refuse("trunks", "is empty; expected at least one trunk");
  reader.refuse("strip", out_of_range(r.strip, 0, 20));
  const std::string_view behind = r.prepend.starts_with('+') ? std::string_view{r.prepend}.substr(1) : r.prepend;
  if (r.prepend.size() > 20 || !made_of(behind, "0123456789*#"))
    reader.refuse("prepend", "can't be put in front; expected up to 20 of 0-9, *, #, with + in front or without");
}

void check_record(Reader& reader, const InboundNumber& n) {
  reader.refuse("first", check_e164(n.first));
  reader.refuse("last", check_e164(n.last));
  if (n.last.size() != n.first.size() || n.last < n.first)
    reader.refuse("last", "isn't behind first; expected a number of the same length that isn't before it");
  if (n.last_digits > 0 && !n.extension.value().empty())
    reader.refuse("extension", "stands beside last_digits; expected one of both");
  if (n.last_digits == 0) reader.refuse("extension", check_number(n.extension.value()));
  reader.refuse("last_digits", out_of_range(n.last_digits, 0, std::min<std::size_t>(15, n.first.size() - 1)));
}

void check_record(Reader& reader, const UpstreamAccount& a) {
  reader.refuse("extension", check_number(a.extension));
  if (a.trunk.empty()) reader.refuse("trunk", "is missing; expected the name of a trunk of kind accounts");
  if (a.user.empty()) reader.refuse("user", "is missing; expected the account's name at the upstream");
  for (const auto& [member, user] : {std::pair{"user", &a.user}, {"auth_user", &a.auth_user}})
    reader.refuse(member, check_user(*user));
  if (a.password.reveal().size() > 128) reader.refuse("password", "is too long; 128 bytes at most are expected");
  reader.refuse("password", check_label(a.password.reveal(), 128));
}

Fault clash(const Trunk& trunk, const Directory& directory, const routing::Codes&) {
  if (!site_exists(trunk.site, directory)) return no_site(trunk.site);
  if (trunk.kind != TrunkKind::accounts)
    if (const auto* account = account_at(trunk.name, directory))
      return fmt::format("The extension {} has an account at {}; expected kind accounts as long as there are any",
                         account->extension, trunk.name);
  return std::nullopt;
}

Fault clash(const OutboundRule& rule, const Directory& directory, const routing::Codes& codes) {
  for (const SiteId& site : rule.sites)
    if (!site_exists(site, directory)) return no_site(site);
  for (const std::string& trunk : rule.trunks)
    if (!directory.all<Trunk>().contains(trunk))
      return fmt::format("There is no trunk {}; expected trunks that there are", trunk);
  // Behind the rule's prefix an emergency number stays one, so that no extension can be called so.
  for (const std::string& emergency : codes.emergency) {
    const std::string dialled = rule.pattern.substr(0, rule.strip) + emergency;
    if (rule.strip > 0 && rule.pattern.size() > rule.strip && directory.extension(ExtensionNumber{dialled}))
      return fmt::format(
          "Under this rule {} is the emergency number {}, and the extension {} is called so; expected another "
          "prefix or another extension",
          dialled, emergency, dialled);
  }
  return std::nullopt;
}

Fault clash(const InboundNumber& number, const Directory& directory, const routing::Codes&) {
  for (const auto& [first, other] : directory.all<InboundNumber>())
    if (first != number.first && first.size() == number.first.size() && first <= number.last &&
        number.first <= other.last)
      return fmt::format("{} to {} is there already; expected numbers that aren't in it", first, other.last);
  if (number.first == number.last && number.last_digits == 0 && !directory.extension(number.extension))
    return fmt::format("There is no extension {}; expected one that there is", number.extension.value());
  return std::nullopt;
}

Fault no_place_for(const UpstreamAccount& account, const Directory& directory) {
  if (!directory.extension(ExtensionNumber{account.extension}))
    return fmt::format("There is no extension {}; expected one that there is", account.extension);
  const auto trunk = directory.all<Trunk>().find(account.trunk);
  if (trunk == directory.all<Trunk>().end() || trunk->second.kind != TrunkKind::accounts)
    return fmt::format("{} is no trunk of kind accounts; expected the name of one", account.trunk);
  return std::nullopt;
}

Fault taken_by(const UpstreamAccount& account, const std::string& other) {
  return fmt::format("The account {} at {} is the extension {}'s already; expected another one", account.user,
                     account.trunk, other);
}

Fault clash(const UpstreamAccount& account, const Directory& directory, const routing::Codes&) {
  if (const Fault fault = no_place_for(account, directory)) return fault;
  for (const auto& [extension, other] : directory.all<UpstreamAccount>())
    if (extension != account.extension && other.trunk == account.trunk && other.user == account.user)
      return taken_by(account, extension);
  return std::nullopt;
}

Fault still_used(const Trunk& trunk, const Directory& directory, const Settings&) {
  if (const auto* account = account_at(trunk.name, directory))
    return fmt::format("The extension {} has an account at {}; delete it first", account->extension, trunk.name);
  for (const auto& [name, rule] : directory.all<OutboundRule>())
    if (std::find(rule.trunks.begin(), rule.trunks.end(), trunk.name) != rule.trunks.end())
      return fmt::format("The outbound rule \"{}\" calls by the trunk {}; change or delete the rule first", name,
                         trunk.name);
  for (const auto& [name, location] : directory.all<Location>())
    if (std::find(location.trunks.begin(), location.trunks.end(), trunk.name) != location.trunks.end())
      return fmt::format("Calls for help from the location {} leave by the trunk {}; change the location first", name,
                         trunk.name);
  return std::nullopt;
}

Changes goes_with(const Trunk& trunk, const Directory& directory) {
  Changes changes;
  for (const auto& [name, location] : directory.all<Location>()) {
    if (!reference_at(location, trunk.name)) continue;
    Location without = location;
    std::erase_if(without.references, [&](const auto& reference) { return reference.trunk == trunk.name; });
    changes.push_back(Put<Location>{std::move(without)});
  }
  return changes;
}

}  // namespace roamdesk::api
