#include "common/sip/call_headers.hpp"

#include <fmt/format.h>

#include "common/sip/address_parser.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

struct DeltaSeconds {
  std::chrono::seconds seconds;
  Params params;
};

std::optional<DeltaSeconds> delta_seconds(std::optional<std::string_view> value) {
  if (!value) return std::nullopt;
  const auto semicolon = std::min(value->find(';'), value->size());
  const auto number = parse_number(trim(value->substr(0, semicolon)), UINT32_MAX);
  Params params;
  if (!number || !parse_params(value->substr(semicolon), params)) return std::nullopt;
  return DeltaSeconds{std::chrono::seconds{*number}, std::move(params)};
}

}  // namespace

std::optional<SessionExpires> session_expires(const Message& message) {
  const auto found = delta_seconds(message.header("Session-Expires"));
  if (!found) return std::nullopt;
  SessionExpires value{found->seconds, SessionExpires::Refresher::unspecified};
  const auto refresher = found->params.find("refresher");
  if (refresher && equal_ignoring_case(*refresher, "uac")) value.refresher = SessionExpires::Refresher::uac;
  if (refresher && equal_ignoring_case(*refresher, "uas")) value.refresher = SessionExpires::Refresher::uas;
  return value;
}

std::optional<std::chrono::seconds> min_se(const Message& message) {
  const auto found = delta_seconds(message.header("Min-SE"));
  return found ? std::optional{found->seconds} : std::nullopt;
}

std::string to_string(const SessionExpires& value) {
  static constexpr const char* refreshers[] = {"", ";refresher=uac", ";refresher=uas"};
  return fmt::format("{}{}", value.interval.count(), refreshers[static_cast<std::size_t>(value.refresher)]);
}

std::optional<RAck> rack(const Message& prack) {
  const auto value = prack.header("RAck");
  if (!value) return std::nullopt;
  std::string_view rest = trim(*value);
  const auto word = [&rest] {
    const auto end = std::min(rest.find_first_of(" \t"), rest.size());
    const auto found = rest.substr(0, end);
    rest = trim(rest.substr(end));
    return found;
  };
  const auto rseq = parse_number(word(), UINT32_MAX);
  const auto cseq = parse_number(word(), UINT32_MAX);
  if (!rseq || !cseq || !is_token(rest)) return std::nullopt;
  return RAck{static_cast<std::uint32_t>(*rseq), {static_cast<std::uint32_t>(*cseq), std::string{rest}}};
}

std::optional<std::uint32_t> rseq(const Message& response) {
  const auto value = response.header("RSeq");
  const auto number = value ? parse_number(*value, UINT32_MAX) : std::nullopt;
  return number && *number != 0 ? std::optional{static_cast<std::uint32_t>(*number)} : std::nullopt;
}

std::string to_string(const RAck& value) {
  return fmt::format("{} {} {}", value.rseq, value.cseq.number, value.cseq.method);
}

}  // namespace roamdesk::sip
