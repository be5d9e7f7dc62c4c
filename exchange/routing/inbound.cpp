#include "exchange/routing/inbound.hpp"

#include <charconv>
#include <iterator>

#include "exchange/numbers/number.hpp"

namespace roamdesk::routing {
namespace {

// What stands there; "" where it doesn't.
std::string user_in(CalledIn where, const sip::Message& invite) {
  const auto of_header = [&](std::string_view name) -> std::string {
    const auto value = invite.header(name);
    const auto address = value ? sip::parse_name_addr(*value) : std::nullopt;
    return address ? address->uri.user : "";
  };
  switch (where) {
    case CalledIn::request_uri:
      return invite.request_uri.user;
    case CalledIn::to:
      return invite.to.uri.user;
    case CalledIn::p_called_party_id:
      return of_header("P-Called-Party-ID");
    case CalledIn::diversion:
      return of_header("Diversion");
  }
  return {};
}

// How far `number` is behind `first`; both have one length.
std::optional<unsigned long long> distance(std::string_view first, std::string_view number) {
  unsigned long long from = 0, to = 0;
  std::from_chars(first.data() + 1, first.data() + first.size(), from);
  const auto read = std::from_chars(number.data() + 1, number.data() + number.size(), to);
  if (read.ptr != number.data() + number.size() || to < from) return std::nullopt;
  return to - from;
}

std::optional<std::string> extension_in(const InboundNumber& range, std::string_view number) {
  if (range.last_digits > 0) {
    if (range.last_digits >= number.size()) return std::nullopt;
    return std::string(number.substr(number.size() - range.last_digits));
  }
  const auto behind = distance(range.first, number);
  unsigned long long first = 0;
  const std::string& text = range.extension.value();
  const auto read = std::from_chars(text.data(), text.data() + text.size(), first);
  if (!behind || read.ec != std::errc{}) return std::nullopt;
  std::string counted = std::to_string(first + *behind);
  // 099 and the next one is 100, 009 and the next one is 010.
  if (counted.size() < text.size()) counted.insert(0, text.size() - counted.size(), '0');
  return counted;
}

}  // namespace

std::optional<ExtensionNumber> extension_at(std::string_view e164, const Directory& directory) {
  const auto& all = directory.all<InboundNumber>();
  // Ranges of one length don't overlap: the last that begins at or before the number is the only one that can have it.
  for (auto at = all.upper_bound(std::string{e164}); at != all.begin();) {
    const InboundNumber& range = (--at)->second;
    if (range.first.size() != e164.size()) continue;
    if (e164 > range.last) return std::nullopt;
    const auto found = extension_in(range, e164);
    if (!found) return std::nullopt;
    ExtensionNumber extension{*found};
    return directory.extension(extension) ? std::optional{std::move(extension)} : std::nullopt;
  }
  return std::nullopt;
}

Called called_by(const Trunk& trunk, const sip::Message& invite, const Directory& directory) {
  Called called;
  for (const CalledIn where : trunk.called_in) {
    const std::string user = numbers::cleaned(user_in(where, invite));
    if (called.asked.empty()) called.asked = user;
    const auto number = numbers::read(user, numbers::origin_of(trunk), numbers::Writer::provider);
    if (number.e164.empty()) continue;
    if (auto extension = extension_at(number.e164, directory)) {
      called.e164 = number.e164;
      called.extension = std::move(extension);
      return called;
    }
  }
  return called;
}

std::vector<std::string> numbers_called(const Trunk& trunk, const sip::Message& invite) {
  std::vector<std::string> found;
  for (const CalledIn where : trunk.called_in) {
    auto number =
        numbers::read(numbers::cleaned(user_in(where, invite)), numbers::origin_of(trunk), numbers::Writer::provider);
    if (!number.e164.empty()) found.push_back(std::move(number.e164));
  }
  return found;
}

}  // namespace roamdesk::routing
