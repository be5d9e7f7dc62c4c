#include "common/sip/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/sip/text.hpp"

namespace roamdesk::sip {

std::optional<std::string_view> Params::find(std::string_view name) const {
  for (const auto& param : params_)
    if (equal_ignoring_case(param.name, name)) return param.value ? std::string_view{*param.value} : std::string_view{};
  return std::nullopt;
}

void Params::set(std::string_view name, std::optional<std::string> value) {
  for (auto& param : params_)
    if (equal_ignoring_case(param.name, name)) {
      param.value = std::move(value);
      return;
    }
  params_.push_back({std::string{name}, std::move(value)});
}

void Params::remove(std::string_view name) {
  std::erase_if(params_, [&](const Param& param) { return equal_ignoring_case(param.name, name); });
}

std::optional<std::string_view> Message::header(std::string_view name) const {
  for (const auto& h : headers)
    if (equal_ignoring_case(h.name, name)) return h.value;
  return std::nullopt;
}

std::vector<std::string_view> Message::headers_named(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& h : headers)
    if (equal_ignoring_case(h.name, name)) values.push_back(h.value);
  return values;
}

void Message::set_header(std::string_view name, std::string value) {
  remove_header(name);
  add_header(name, std::move(value));
}

void Message::add_header(std::string_view name, std::string value) {
  headers.push_back({std::string{name}, std::move(value)});
}

void Message::remove_header(std::string_view name) {
  std::erase_if(headers, [&](const Header& h) { return equal_ignoring_case(h.name, name); });
}

bool Message::lists(std::string_view header_name, std::string_view token) const {
  for (const auto& h : headers) {
    if (!equal_ignoring_case(h.name, header_name)) continue;
    std::string_view rest = h.value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      auto item = trim(rest.substr(0, comma));
      item = trim(item.substr(0, item.find(';')));
      if (equal_ignoring_case(item, token)) return true;
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return false;
}

Message make_response(const Message& request, int status, std::string_view reason, std::string_view to_tag) {
  Message response;
  response.status = status;
  response.reason = reason.empty() ? default_reason(status) : reason;
  response.via = request.via;
  response.from = request.from;
  response.to = request.to;
  // RFC 3261 §8.2.6.2: 100 may go without a tag, everything else has one.
  if (!to_tag.empty() && !response.to.params.has("tag")) response.to.params.set("tag", std::string{to_tag});
  response.call_id = request.call_id;
  response.cseq = request.cseq;
  if (status < 300) response.record_route = request.record_route;
  return response;
}

std::string_view default_reason(int status) {
  struct Phrase {
    int status;
    std::string_view reason;
  };
  static constexpr std::array phrases = std::to_array<Phrase>({
      {100, "Trying"},
      {180, "Ringing"},
      {181, "Call Is Being Forwarded"},
      {182, "Queued"},
      {183, "Session Progress"},
      {199, "Early Dialog Terminated"},
      {200, "OK"},
      {202, "Accepted"},
      {204, "No Notification"},
      {300, "Multiple Choices"},
      {301, "Moved Permanently"},
      {302, "Moved Temporarily"},
      {305, "Use Proxy"},
      {380, "Alternative Service"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {407, "Proxy Authentication Required"},
      {408, "Request Timeout"},
      {410, "Gone"},
      {412, "Conditional Request Failed"},
      {413, "Request Entity Too Large"},
      {414, "Request-URI Too Long"},
      {415, "Unsupported Media Type"},
      {416, "Unsupported URI Scheme"},
      {420, "Bad Extension"},
      {421, "Extension Required"},
      {422, "Session Interval Too Small"},
      {423, "Interval Too Brief"},
      {480, "Temporarily Unavailable"},
      {481, "Call/Transaction Does Not Exist"},
      {482, "Loop Detected"},
      {483, "Too Many Hops"},
      {484, "Address Incomplete"},
      {485, "Ambiguous"},
      {486, "Busy Here"},
      {487, "Request Terminated"},
      {488, "Not Acceptable Here"},
      {489, "Bad Event"},
      {491, "Request Pending"},
      {493, "Undecipherable"},
      {500, "Server Internal Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Server Time-out"},
      {505, "Version Not Supported"},
      {513, "Message Too Large"},
      {580, "Precondition Failure"},
      {600, "Busy Everywhere"},
      {603, "Decline"},
      {604, "Does Not Exist Anywhere"},
      {606, "Not Acceptable"},
  });
  const auto found = std::lower_bound(phrases.begin(), phrases.end(), status,
                                      [](const Phrase& phrase, int wanted) { return phrase.status < wanted; });
  return found != phrases.end() && found->status == status ? found->reason : "Unknown";
}

}  // namespace roamdesk::sip
