#include "common/phones/user_agent.hpp"

#include <algorithm>
#include <vector>

#include "common/sip/text.hpp"

// Hand-written and linear: a User-Agent comes from anybody, and a regular expression's time is the sender's to choose.
namespace roamdesk::phones {
namespace {

using sip::equal_ignoring_case;

constexpr std::size_t longest = 256;
using Words = std::vector<std::string_view>;

bool is_printable(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) return false;
  return true;
}

Words words_of(std::string_view text) {
  Words words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// "28.72.0.1": digits and dots, at least one dot.
bool is_version(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  bool dot = false;
  for (const char c : text) {
    if (c == '.')
      dot = true;
    else if (c < '0' || c > '9')
      return false;
  }
  return dot && text.front() != '.' && text.back() != '.';
}

// Twelve digits with or without a colon between each two.
std::optional<Mac> read_mac(std::string_view text) {
  if (text.size() == 12) return Mac::parse(text);
  if (text.size() != 17) return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 3 == 2) {
      if (text[i] != ':') return std::nullopt;
    } else {
      digits.push_back(text[i]);
    }
  }
  return Mac::parse(digits);
}

std::string join(const Words& words, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) {
    if (i > from) text += ' ';
    text += words[i];
  }
  return text;
}

// "Vendor model[ more] version [mac]": Yealink, Fanvil, Htek, and the SIP form of Grandstream.
std::optional<UserAgent> plain(Vendor vendor, const Words& words) {
  UserAgent agent;
  agent.vendor = vendor;
  auto end = words.size();
  if (end > 1) {
    agent.mac = read_mac(words[end - 1]);
    if (agent.mac) --end;
  }
  if (end > 2 && is_version(words[end - 1])) agent.firmware = words[--end];
  if (end < 2) return std::nullopt;
  agent.model = join(words, 1, end);
  // "SIP-T46G", "SIP VP-T49G"
  if (vendor == Vendor::yealink) {
    if (starts_with(agent.model, "SIP VP-") || starts_with(agent.model, "SIP-")) agent.model.erase(0, 4);
  }
  return agent;
}

// "Grandstream Model HW GXV3240 V1.6B SW 1.0.1.27 DevId 000b82112233"
std::optional<UserAgent> grandstream(const Words& words) {
  if (words.size() < 3 || words[1] != "Model" || words[2] != "HW") return plain(Vendor::grandstream, words);
  if (words.size() < 4) return std::nullopt;
  UserAgent agent;
  agent.vendor = Vendor::grandstream;
  agent.model = words[3];
  for (std::size_t i = 4; i + 1 < words.size(); ++i) {
    if (words[i] == "SW") agent.firmware = words[i + 1];
    if (words[i] == "DevId") agent.mac = read_mac(words[i + 1]);
  }
  return agent;
}

// "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 … 000413112233 SXM:0 UXM:0)", "snom370/8.7.5.48"
std::optional<UserAgent> snom(std::string_view text, std::size_t at) {
  const auto words = words_of(text.substr(at));
  if (words.empty()) return std::nullopt;
  UserAgent agent;
  agent.vendor = Vendor::snom;
  // "(compatible; snom720 8.7.5.35)": nothing need follow the version.
  const auto word = [&](std::size_t i) { return words[i].substr(0, words[i].find_first_of(");")); };
  std::string_view model = word(0).substr(4);
  if (const auto slash = model.find('/'); slash != std::string_view::npos) {
    if (is_version(model.substr(slash + 1))) agent.firmware = model.substr(slash + 1);
    model = model.substr(0, slash);
  } else {
    if (const auto dash = model.find("-SIP"); dash != std::string_view::npos) model = model.substr(0, dash);
    if (words.size() > 1 && is_version(word(1))) agent.firmware = word(1);
  }
  for (const char c : model)
    if (!((c >= '0' && c <= '9') || (sip::lower(c) >= 'a' && sip::lower(c) <= 'z'))) return std::nullopt;
  if (model.empty()) return std::nullopt;
  agent.model = model;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (const auto mac = read_mac(word(i))) {
      agent.mac = mac;
      break;
    }
  }
  return agent;
}

// "Cisco-CP-7832-3PCC/11.0.1 (00562b112233)"
std::optional<UserAgent> cisco(const Words& words) {
  const auto slash = words[0].find('/');
  UserAgent agent;
  agent.vendor = Vendor::cisco;
  std::string_view model = words[0].substr(9, slash == std::string_view::npos ? slash : slash - 9);
  if (model.ends_with("-3PCC")) model.remove_suffix(5);
  agent.model = model;
  if (agent.model.empty()) return std::nullopt;
  if (slash != std::string_view::npos) agent.firmware = words[0].substr(slash + 1);
  if (words.size() > 1 && words[1].size() == 14) agent.mac = read_mac(words[1].substr(1, 12));
  return agent;
}

// "FileTransport PolycomVVX-VVX_101-UA/5.4.3.1014 Type/Application", "PolyEdge-Edge_E350-UA/8.1.0.12034_64167f112233"
std::optional<UserAgent> poly(std::string_view word) {
  const auto dash = word.find('-');
  const auto tail = word.find("-UA/");
  if (dash == std::string_view::npos || tail == std::string_view::npos || tail <= dash) return std::nullopt;
  UserAgent agent;
  agent.vendor = Vendor::poly;
  agent.model = word.substr(dash + 1, tail - dash - 1);
  const auto version = word.substr(tail + 4);
  const auto serial = std::min(version.find('_'), version.size());
  agent.firmware = version.substr(0, serial);
  if (serial < version.size()) agent.mac = read_mac(version.substr(serial + 1));
  return agent;
}

}  // namespace

std::optional<UserAgent> parse_user_agent(std::string_view text) {
  if (text.empty() || text.size() > longest || !is_printable(text)) return std::nullopt;
  const auto words = words_of(text);
  if (words.empty()) return std::nullopt;
  if (equal_ignoring_case(words[0], "yealink")) return plain(Vendor::yealink, words);
  if (equal_ignoring_case(words[0], "fanvil")) return plain(Vendor::fanvil, words);
  if (equal_ignoring_case(words[0], "htek")) return plain(Vendor::htek, words);
  if (equal_ignoring_case(words[0], "grandstream")) return grandstream(words);
  if (starts_with(words[0], "Cisco-CP-")) return cisco(words);
  for (const auto word : words) {
    if (starts_with(word, "snom")) return snom(text, static_cast<std::size_t>(word.data() - text.data()));
    if (starts_with(word, "Poly")) return poly(word);
  }
  return std::nullopt;
}

}  // namespace roamdesk::phones
