#include "bench/load/words.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <charconv>
#include <fstream>
#include <random>
#include <stdexcept>

#include "tests/support/phone/digest.hpp"

namespace roamdesk::load {
namespace {

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// Calls `take` with each header's name, value and whole line; ends where it gives false.
template <class Take>
void each_header(std::string_view message, const Take& take) {
  auto at = message.find("\r\n");
  while (at != std::string_view::npos) {
    at += 2;
    const auto end = message.find("\r\n", at);
    if (end == std::string_view::npos || end == at) return;
    const auto line = message.substr(at, end - at);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) {
      auto value = line.substr(colon + 1);
      while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
      if (!take(line.substr(0, colon), value, message.substr(at, end + 2 - at))) return;
    }
    at = end;
  }
}

}  // namespace

std::vector<Account> read_accounts(const std::string& file) {
  std::ifstream in{file};
  std::vector<Account> accounts;
  for (Account a; in >> a.user >> a.password >> a.number;) accounts.push_back(a);
  if (accounts.empty()) throw std::runtime_error("no accounts in " + file);
  return accounts;
}

int status_of(std::string_view message) {
  int status = 0;
  if (message.starts_with("SIP/2.0 ") && message.size() > 11)
    std::from_chars(message.data() + 8, message.data() + 11, status);
  return status;
}

std::string_view method_of(std::string_view message) { return message.substr(0, message.find(' ')); }

std::string_view header(std::string_view message, std::string_view name, std::string_view brief) {
  std::string_view found;
  each_header(message, [&](std::string_view n, std::string_view value, std::string_view) {
    if (!same(n, name) && !(brief.size() && same(n, brief))) return true;
    found = value;
    return false;
  });
  return found;
}

std::string headers(std::string_view message, std::string_view name, std::string_view brief) {
  std::string all;
  each_header(message, [&](std::string_view n, std::string_view, std::string_view line) {
    if (same(n, name) || (brief.size() && same(n, brief))) all += line;
    return true;
  });
  return all;
}

std::string_view parameter(std::string_view value, std::string_view name) {
  for (auto at = value.find(name); at != std::string_view::npos; at = value.find(name, at + 1)) {
    const auto equals = at + name.size();
    const bool begins = at == 0 || value[at - 1] == ' ' || value[at - 1] == ',' || value[at - 1] == ';';
    if (!begins || equals >= value.size() || value[equals] != '=') continue;
    auto rest = value.substr(equals + 1);
    if (rest.starts_with('"')) return rest.substr(1, rest.find('"', 1) - 1);
    return rest.substr(0, rest.find_first_of(",; >"));
  }
  return {};
}

std::string_view uri_of(std::string_view name_addr) {
  const auto open = name_addr.find('<');
  if (open == std::string_view::npos) return name_addr.substr(0, name_addr.find(';'));
  return name_addr.substr(open + 1, name_addr.find('>', open) - open - 1);
}

std::string_view body_of(std::string_view message) {
  const auto end = message.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view{} : message.substr(end + 4);
}

std::string answer(const Account& account, std::string_view challenge, std::string_view method, std::string_view uri) {
  const auto realm = parameter(challenge, "realm"), nonce = parameter(challenge, "nonce");
  const auto algorithm = parameter(challenge, "algorithm");
  if (realm.empty() || nonce.empty() || parameter(challenge, "qop").find("auth") == std::string_view::npos ||
      !(algorithm.empty() || same(algorithm, "MD5")))
    return {};
  return phone::authorization({account.user, account.password}, {realm, nonce}, method, uri, token(), 1);
}

std::string dotted(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, (address >> 16) & 255, (address >> 8) & 255, address & 255);
}

std::string token() {
  static std::mt19937_64 random{std::random_device{}()};
  return fmt::format("{:016x}", random());
}

}  // namespace roamdesk::load
