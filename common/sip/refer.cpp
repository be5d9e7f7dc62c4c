#include "common/sip/refer.hpp"

#include <fmt/format.h>
#include <utility>

#include "common/sip/address_parser.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {

std::optional<Replaces> parse_replaces(std::string_view value) {
  value = trim(value);
  const auto semicolon = value.find(';');
  if (semicolon == std::string_view::npos) return std::nullopt;
  Replaces replaces;
  Params params;
  replaces.call_id = trim(value.substr(0, semicolon));
  if (replaces.call_id.empty() || replaces.call_id.find_first_of(" \t,") != std::string::npos ||
      !parse_params(value.substr(semicolon), params))
    return std::nullopt;
  replaces.to_tag = params.find("to-tag").value_or("");
  replaces.from_tag = params.find("from-tag").value_or("");
  replaces.early_only = params.has("early-only");
  if (replaces.to_tag.empty() || replaces.from_tag.empty()) return std::nullopt;
  return replaces;
}

std::string to_string(const Replaces& replaces) {
  return fmt::format("{};to-tag={};from-tag={}{}", replaces.call_id, replaces.to_tag, replaces.from_tag,
                     replaces.early_only ? ";early-only" : "");
}

std::optional<ReferTo> refer_to(const Message& refer) {
  const auto values = refer.headers_named("Refer-To");
  if (values.size() != 1) return std::nullopt;
  auto address = parse_name_addr(values.front());
  if (!address) return std::nullopt;
  ReferTo target;
  const auto headers = std::exchange(address->uri.headers, {});
  for (std::string_view rest = headers; !rest.empty();) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = field.find('=');
    if (equals == std::string_view::npos || !equal_ignoring_case(field.substr(0, equals), "Replaces")) continue;
    target.replaces = parse_replaces(unescape(field.substr(equals + 1)));
    if (!target.replaces) return std::nullopt;
  }
  if (const auto method = address->uri.params.find("method")) target.method = *method;
  address->uri.params.remove("method");
  target.address = std::move(*address);
  return target;
}

std::string sipfrag(int status, std::string_view reason) {
  return fmt::format("SIP/2.0 {} {}\r\n", status, reason.empty() ? default_reason(status) : reason);
}

}  // namespace roamdesk::sip
