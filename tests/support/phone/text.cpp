#include "tests/support/phone/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace roamdesk::phone {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// RFC 3261 §20; RFC 6665 §8.4.1 for Event.
std::string_view short_form_of(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> forms{{{"Via", "v"},
                                                                                        {"From", "f"},
                                                                                        {"To", "t"},
                                                                                        {"Call-ID", "i"},
                                                                                        {"Contact", "m"},
                                                                                        {"Content-Type", "c"},
                                                                                        {"Content-Length", "l"},
                                                                                        {"Supported", "k"},
                                                                                        {"Event", "o"},
                                                                                        {"Refer-To", "r"}}};
  for (const auto& [full, form] : forms)
    if (same(full, name)) return form;
  return {};
}

// Calls `take` with the value of each header of this name; ends where it gives false.
template <class Take>
void each(std::string_view message, std::string_view name, const Take& take) {
  const auto form = short_form_of(name);
  auto at = message.find("\r\n");
  while (at != std::string_view::npos) {
    at += 2;
    const auto end = message.find("\r\n", at);
    if (end == std::string_view::npos || end == at) return;
    const auto line = message.substr(at, end - at);
    at = end;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    auto found = line.substr(0, colon);
    while (found.ends_with(' ')) found.remove_suffix(1);
    if (!same(found, name) && (form.empty() || !same(found, form))) continue;
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    if (!take(value)) return;
  }
}

std::string_view up_to(std::string_view text, std::string_view any) { return text.substr(0, text.find_first_of(any)); }

}  // namespace

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

int status_of(std::string_view message) {
  int status = 0;
  if (message.starts_with("SIP/2.0 ") && message.size() >= 11)
    std::from_chars(message.data() + 8, message.data() + 11, status);
  return status;
}

std::string_view method_of(std::string_view message) {
  if (status_of(message) == 0) return up_to(message, " ");
  const auto cseq = header(message, "CSeq");
  const auto blank = cseq.rfind(' ');
  return blank == std::string_view::npos ? std::string_view{} : cseq.substr(blank + 1);
}

std::string_view request_uri_of(std::string_view message) {
  const auto blank = message.find(' ');
  return blank == std::string_view::npos ? std::string_view{} : up_to(message.substr(blank + 1), " \r");
}

std::string_view header(std::string_view message, std::string_view name) {
  std::string_view first;
  each(message, name, [&](std::string_view value) {
    first = value;
    return false;
  });
  return first;
}

std::vector<std::string_view> headers(std::string_view message, std::string_view name) {
  std::vector<std::string_view> values;
  each(message, name, [&](std::string_view value) {
    values.push_back(value);
    return true;
  });
  return values;
}

bool lists(std::string_view message, std::string_view name, std::string_view token) {
  bool there = false;
  each(message, name, [&](std::string_view value) {
    for (std::size_t at = 0; !there && at < value.size();) {
      at = std::min(value.find_first_not_of(", ", at), value.size());
      const auto one = up_to(value.substr(at), ", ");
      there = same(one, token);
      at += one.size();
    }
    return !there;
  });
  return there;
}

std::string_view body_of(std::string_view message) {
  const auto end = message.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view{} : message.substr(end + 4);
}

std::string_view branch_of(std::string_view message) { return parameter(header(message, "Via"), "branch"); }

std::string_view cseq_of(std::string_view message) { return up_to(header(message, "CSeq"), " "); }

std::string_view parameter(std::string_view value, std::string_view name) {
  for (std::size_t at = 0; at + name.size() < value.size(); ++at) {
    const bool begins = at == 0 || value[at - 1] == ' ' || value[at - 1] == ',' || value[at - 1] == ';';
    if (!begins || value[at + name.size()] != '=' || !same(value.substr(at, name.size()), name)) continue;
    const auto rest = value.substr(at + name.size() + 1);
    return rest.starts_with('"') ? up_to(rest.substr(1), "\"") : up_to(rest, ",; >");
  }
  return {};
}

std::string_view tag_of(std::string_view name_addr) {
  const auto close = name_addr.rfind('>');
  return parameter(name_addr.substr(close == std::string_view::npos ? 0 : close + 1), "tag");
}

std::string_view uri_of(std::string_view name_addr) {
  const auto open = name_addr.find('<');
  return open == std::string_view::npos ? up_to(name_addr, ";") : up_to(name_addr.substr(open + 1), ">");
}

std::string_view user_of(std::string_view uri_or_header) {
  const auto uri = uri_of(uri_or_header);
  const auto colon = uri.find(':'), at = uri.find('@');
  if (colon == std::string_view::npos || at == std::string_view::npos || at < colon) return {};
  return uri.substr(colon + 1, at - colon - 1);
}

}  // namespace roamdesk::phone
