#include "tests/support/phone/agent.hpp"

#include <array>
#include <utility>

#include "tests/support/phone/text.hpp"

namespace roamdesk::phone {
namespace {

std::string_view reason_of(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 16> reasons{{{180, "Ringing"},
                                                                             {183, "Session Progress"},
                                                                             {200, "OK"},
                                                                             {202, "Accepted"},
                                                                             {302, "Moved Temporarily"},
                                                                             {401, "Unauthorized"},
                                                                             {404, "Not Found"},
                                                                             {407, "Proxy Authentication Required"},
                                                                             {480, "Temporarily Unavailable"},
                                                                             {481, "Call/Transaction Does Not Exist"},
                                                                             {486, "Busy Here"},
                                                                             {487, "Request Terminated"},
                                                                             {488, "Not Acceptable Here"},
                                                                             {489, "Bad Event"},
                                                                             {491, "Request Pending"},
                                                                             {603, "Decline"}}};
  for (const auto& [number, words] : reasons)
    if (number == status) return words;
  return "Status";
}

}  // namespace

Writer Agent::begin(std::string_view method, std::string_view uri) const {
  Writer writer{std::string{method}.append(" ").append(uri).append(" SIP/2.0")};
  std::string via = "SIP/2.0/";
  via.append(self.transport).append(" ").append(self.here).append(";branch=z9hG4bK").append(unique_());
  writer.add("Via", via, ";rport").add("Max-Forwards", "70");
  if (!self.user_agent.empty()) writer.add("User-Agent", self.user_agent);
  return writer;
}

Writer Agent::begin(std::string_view method, Dialog& dialog) const { return begin(method, dialog, ++dialog.cseq); }

Writer Agent::begin(std::string_view method, const Dialog& dialog, std::uint32_t cseq) const {
  auto writer = begin(method, dialog.target);
  writer.lines(dialog.routes).add("From", dialog.local).add("To", dialog.remote).add("Call-ID", dialog.call_id);
  writer.add("CSeq", std::to_string(cseq) + " ", method).add("Contact", contact());
  return writer;
}

void Agent::ask_with_credentials(std::function<std::string()> write, Transactions::Heard heard, Time now) {
  ask_with_credentials(std::move(write), std::move(heard), false, now);
}

void Agent::ask_with_credentials(std::function<std::string()> write, Transactions::Heard heard, bool again, Time now) {
  auto request = write();
  auto take = [this, write = std::move(write), heard = std::move(heard), again](std::string_view response, Time at) {
    const int status = status_of(response);
    if (!response.empty() && status < 200) return;
    if (!again && (status == 401 || status == 407) && credentials.take(response))
      return ask_with_credentials(write, heard, true, at);
    if (heard) heard(response, at);
  };
  ask(std::move(request), std::move(take), now);
}

void Agent::answer(std::string_view request, int status, const Words& words, Time now) {
  Writer writer{"SIP/2.0 " + std::to_string(status).append(" ").append(reason_of(status))};
  for (const auto via : headers(request, "Via")) writer.add("Via", via);
  for (const auto route : headers(request, "Record-Route")) writer.add("Record-Route", route);
  writer.add("From", header(request, "From"));
  const auto to = header(request, "To");
  const bool needs_tag = !words.tag.empty() && tag_of(to).empty();
  writer.add("To", to, needs_tag ? ";tag=" + std::string{words.tag} : std::string{});
  writer.add("Call-ID", header(request, "Call-ID")).add("CSeq", header(request, "CSeq"));
  if (!self.user_agent.empty()) writer.add("User-Agent", self.user_agent);
  const auto method = method_of(request);
  if (status < 300 && (method == "INVITE" || method == "UPDATE" || method == "SUBSCRIBE")) {
    writer.add("Contact", contact());
    if (!self.allow.empty()) writer.add("Allow", self.allow);
  }
  auto response = writer.lines(words.lines).finish(words.body);
  if (words.edit && *words.edit) (*words.edit)(response);
  transactions_.respond(request, std::move(response), now, words.lost);
}

std::string Agent::contact() const {
  if (!self.contact.empty()) return self.contact;
  return "<sip:" + self.user + "@" + self.here + (self.transport == "UDP" ? "" : ";transport=tcp") + ">";
}

std::string Agent::identity() const {
  const auto uri = "<sip:" + self.user + "@" + self.domain + ">";
  return self.display.empty() ? uri : "\"" + self.display + "\" " + uri;
}

}  // namespace roamdesk::phone
