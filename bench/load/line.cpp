#include "bench/load/line.hpp"

#include <fmt/format.h>

#include <random>

namespace roamdesk::load {
namespace {

// Its headers and descriptions are a Yealink's.
phone::Self self_of(const Options& options, const Account& account, std::uint32_t address) {
  phone::Self self;
  self.user = self.display = account.number;
  self.domain = options.domain;
  self.here = fmt::format("{}:{}", dotted(address), options.port);
  self.user_agent = "Yealink SIP-T46S 66.85.0.5";
  self.media.address = dotted(address);
  self.media.port = options.rtp;
  self.media.codecs = "0 8 18 9 101";
  self.media.more = "a=ptime:20\r\n";
  return self;
}

}  // namespace

Line::Line(const Options& options, const Account& account, std::uint32_t at, Fan& fan, Agenda& agenda)
    : address(at),
      agent(self_of(options, account, at), token,
            [this, &fan](const std::string& bytes) { fan.send(address, server, bytes); }),
      server(options.server),
      agenda_(agenda) {
  agent.credentials.user = account.user;
  agent.credentials.password = account.password;
}

bool Line::take(std::string_view bytes) {
  const auto now = Clock::now();
  if (!agent.receive(bytes, now)) return false;
  if (!bytes.starts_with("OPTIONS ")) return true;
  const auto tag = token();
  agent.answer(bytes, 200, {.tag = tag}, now);
  return false;
}

void Line::touched() {
  if (look) look();
  const auto at = agent.deadline();
  if (!at || (waking_ && *waking_ <= *at)) return;
  waking_ = at;
  agenda_.at(*at, [this, at] {
    if (waking_ == at) waking_.reset();
    agent.handle_timeout(Clock::now());
    touched();
  });
}

std::string dotted(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, (address >> 16) & 255, (address >> 8) & 255, address & 255);
}

std::string token() {
  static std::mt19937_64 random{std::random_device{}()};
  return fmt::format("{:016x}", random());
}

}  // namespace roamdesk::load
