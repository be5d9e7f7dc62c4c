#include "tests/sim/element/sip_text.hpp"

#include <algorithm>
#include <cstdlib>

#include "tests/support/phone/digest.hpp"

namespace roamdesk::sim {
namespace {

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return std::string{text};
}

std::string long_name(const std::string& name) {
  const std::string low = lower(name);
  if (low == "v") return "via";
  if (low == "f") return "from";
  if (low == "t") return "to";
  if (low == "i") return "call-id";
  if (low == "m") return "contact";
  if (low == "o") return "event";
  if (low == "c") return "content-type";
  return low;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string low{text};
  for (char& c : low)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return low;
}

SipText SipText::read(std::string_view bytes) {
  SipText text;
  const auto end = bytes.find("\r\n\r\n");
  if (end != std::string_view::npos) text.body = bytes.substr(end + 4);
  auto head = bytes.substr(0, end);
  bool first = true;
  while (!head.empty()) {
    const auto stop = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, stop);
    head.remove_prefix(std::min(stop + 2, head.size()));
    if (first) {
      text.start = line;
      first = false;
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    text.add(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  }
  return text;
}

std::string SipText::write() const {
  std::string out = start + "\r\n";
  for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

int SipText::status() const { return is_request() ? 0 : std::atoi(start.c_str() + 8); }

std::string SipText::method() const {
  if (is_request()) return start.substr(0, start.find(' '));
  const auto cseq = header("CSeq");
  return cseq.substr(cseq.find(' ') + 1);
}

std::string SipText::uri_user() const {
  const auto from = start.find(' ') + 1;
  return user_of(start.substr(from, start.find(' ', from) - from));
}

std::string SipText::header(std::string_view name) const {
  for (const auto& [n, value] : headers)
    if (long_name(n) == lower(name)) return value;
  return {};
}

std::vector<std::string> SipText::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [n, value] : headers)
    if (long_name(n) == lower(name)) values.push_back(value);
  return values;
}

std::string parameter(std::string_view header, std::string_view name) {
  const std::string low = lower(header), wanted = ";" + std::string{name} + "=";
  auto at = low.rfind(wanted);
  if (at == std::string::npos) return {};
  at += wanted.size();
  const auto end = header.find_first_of(";,> ", at);
  return std::string{header.substr(at, end == std::string_view::npos ? end : end - at)};
}

std::string uri_of(std::string_view header) {
  const auto open = header.find('<');
  if (open == std::string_view::npos) return std::string{header.substr(0, header.find(';'))};
  return std::string{header.substr(open + 1, header.find('>', open) - open - 1)};
}

std::string user_of(std::string_view text) {
  const auto uri = text.find('<') == std::string_view::npos ? std::string{text} : uri_of(text);
  const auto colon = uri.find(':'), at = uri.find('@');
  if (colon == std::string::npos || at == std::string::npos) return {};
  return uri.substr(colon + 1, at - colon - 1);
}

Challenge read_challenge(std::string_view header) {
  const auto quoted = [&](std::string_view name) {
    const auto at = header.find(std::string{name} + "=\"");
    if (at == std::string_view::npos) return std::string{};
    const auto begin = at + name.size() + 2;
    return std::string{header.substr(begin, header.find('"', begin) - begin)};
  };
  return {quoted("realm"), quoted("nonce")};
}

std::string answer(const Challenge& challenge, const std::string& user, const std::string& password,
                   const std::string& method, const std::string& uri, unsigned count) {
  return phone::authorization({user, password}, {challenge.realm, challenge.nonce}, method, uri, "0a4f113b", count);
}

}  // namespace roamdesk::sim
