#include "common/sip/request_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/sip/text.hpp"

namespace roamdesk::sip {
namespace {

constexpr std::array<std::string_view, 6> only_in_dialogs{"BYE", "UPDATE", "INFO", "PRACK", "REFER", "NOTIFY"};

// Takes the first value off a comma-separated list.
std::string_view take_first(std::string_view& list) {
  const auto comma = std::min(list.find(','), list.size());
  const auto value = trim(list.substr(0, comma));
  list.remove_prefix(std::min(comma + 1, list.size()));
  return value;
}

bool is_ours(std::string_view option) {
  for (std::string_view rest = supported_options; !rest.empty();)
    if (equal_ignoring_case(take_first(rest), option)) return true;
  return equal_ignoring_case(option, "privacy");
}

}  // namespace

std::string unsupported(const Message& request) {
  std::string unknown;
  for (std::string_view rest : request.headers_named("Require")) {
    while (!rest.empty()) {
      const auto option = take_first(rest);
      if (option.empty() || is_ours(option)) continue;
      if (!unknown.empty()) unknown += ", ";
      unknown += option;
    }
  }
  return unknown;
}

std::optional<Message> refuse_if_not_understood(const Message& request) {
  const auto& scheme = request.request_uri.scheme;
  if (scheme != "sip" && scheme != "sips" && scheme != "tel") return make_response(request, 416, "", "");
  if (auto unknown = unsupported(request); !unknown.empty()) {
    auto refusal = make_response(request, 420, "", "");
    refusal.add_header("Unsupported", std::move(unknown));
    return refusal;
  }
  return std::nullopt;
}

Message answer_out_of_dialog(const Message& request) {
  if (request.method == "OPTIONS") {
    // §16.3 item 3: the last hop answers; for a number of another party we would only be on the way.
    if (request.max_forwards == 0 && !request.request_uri.user.empty()) return make_response(request, 483, "", "");
    auto answer = make_response(request, 200, "OK", "");
    answer.add_header("Allow", allowed_methods);
    answer.add_header("Accept", accepted_bodies);
    answer.add_header("Supported", supported_options);
    return answer;
  }
  const bool in_dialog_only =
      std::find(only_in_dialogs.begin(), only_in_dialogs.end(), request.method) != only_in_dialogs.end();
  auto refusal = make_response(request, in_dialog_only ? 481 : 405, "", "");
  if (!in_dialog_only) refusal.add_header("Allow", allowed_methods);
  return refusal;
}

}  // namespace roamdesk::sip
