#include "tests/support/phone/dialog.hpp"

#include <algorithm>

#include "tests/support/phone/text.hpp"

namespace roamdesk::phone {
namespace {

// Route lines of the Record-Routes: in their order for the called side, turned round for the calling one.
std::string routes_of(std::string_view message, bool turned) {
  auto recorded = headers(message, "Record-Route");
  if (turned) std::reverse(recorded.begin(), recorded.end());
  std::string lines;
  for (const auto route : recorded) lines.append("Route: ").append(route).append("\r\n");
  return lines;
}

}  // namespace

Dialog Dialog::answering(std::string_view request, std::string_view own_tag) {
  Dialog dialog;
  dialog.call_id = header(request, "Call-ID");
  dialog.local = header(request, "To");
  dialog.local.append(";tag=").append(own_tag);
  dialog.remote = header(request, "From");
  dialog.target = uri_of(header(request, "Contact"));
  dialog.routes = routes_of(request, false);
  return dialog;
}

void Dialog::learn(std::string_view response) {
  const auto to = header(response, "To");
  if (tag_of(to).empty()) return;
  remote = to;
  routes = routes_of(response, true);
  aim(response);
}

void Dialog::aim(std::string_view message) {
  if (const auto contact = header(message, "Contact"); !contact.empty()) target = uri_of(contact);
}

bool Dialog::has(std::string_view request) const {
  const auto theirs = tag_of(remote);
  return header(request, "Call-ID") == call_id && tag_of(header(request, "To")) == tag_of(local) &&
         (theirs.empty() || theirs == tag_of(header(request, "From")));
}

std::string Dialog::local_tag() const { return std::string{tag_of(local)}; }
std::string Dialog::remote_tag() const { return std::string{tag_of(remote)}; }

}  // namespace roamdesk::phone
