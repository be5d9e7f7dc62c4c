#include "common/sip/diversion.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace roamdesk::sip {
namespace {

constexpr std::size_t most = 32;

// The members of a list header: commas in quotes and in <> are no ends.
std::vector<std::string_view> members(std::string_view list) {
  std::vector<std::string_view> found;
  bool quoted = false, bracketed = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= list.size() && found.size() < most; ++i) {
    const char c = i < list.size() ? list[i] : ',';
    if (i == list.size()) quoted = bracketed = false;
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '<' || c == '>')) {
      bracketed = c == '<';
    } else if (c == ',' && !quoted && !bracketed) {
      found.push_back(list.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  return found;
}

std::vector<NameAddr> addresses(const Message& request, std::string_view header) {
  std::vector<NameAddr> found;
  for (const auto value : request.headers_named(header))
    for (const auto member : members(value))
      if (auto address = parse_name_addr(member); address && found.size() < most) found.push_back(std::move(*address));
  return found;
}

std::vector<Diversion> from_diversion(const Message& request) {
  std::vector<Diversion> found;
  for (auto& address : addresses(request, "Diversion")) {
    const auto reason = std::string{address.params.find("reason").value_or("")};
    address.params = {};
    found.push_back({std::move(address), reason});
  }
  std::reverse(found.begin(), found.end());
  return found;
}

// RFC 7544 §4: an entry that came of a retargeting (it has `mp`, or the cause of RFC 4458) has been sent on by the one
// that it names, else by the one before it.
std::vector<Diversion> from_history(const Message& request) {
  const auto entries = addresses(request, "History-Info");
  std::vector<Diversion> found;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const auto mp = entries[i].params.find("mp");
    if (!mp && !entries[i].uri.params.has("cause")) continue;
    auto by = std::find_if(entries.begin(), entries.end(),
                           [&](const NameAddr& entry) { return mp && entry.params.find("index") == mp; });
    NameAddr address = by == entries.end() ? entries[i - 1] : *by;
    address.params = {};
    address.uri.params.remove("cause");
    address.uri.headers.clear();
    found.push_back({std::move(address), {}});
  }
  return found;
}

}  // namespace

std::vector<Diversion> diversions(const Message& request) {
  auto one = from_diversion(request), other = from_history(request);
  return one.size() >= other.size() ? one : other;
}

std::vector<Header> diversion_headers(const std::vector<Diversion>& by) {
  std::vector<Header> headers;
  for (auto it = by.rbegin(); it != by.rend(); ++it) {
    auto address = it->address;
    address.params = {};
    if (!it->reason.empty()) address.params.set("reason", it->reason);
    headers.push_back({"Diversion", to_string(address)});
  }
  return headers;
}

Header history_info_header(const std::vector<Diversion>& by, const Uri& to) {
  std::string value, index, before;
  const auto add = [&](NameAddr entry) {
    before = std::exchange(index, index.empty() ? "1" : index + ".1");
    entry.params = {};
    entry.params.set("index", index);
    if (!before.empty()) {
      entry.params.set("mp", before);
      entry.uri.params.set("cause", "302");
    }
    value.append(value.empty() ? "" : ", ").append(to_string(entry));
  };
  for (const auto& one : by) add(one.address);
  NameAddr target;
  target.uri = to;
  add(std::move(target));
  return {"History-Info", std::move(value)};
}

}  // namespace roamdesk::sip
