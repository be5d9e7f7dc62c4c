#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bench/load/load.hpp"
#include "tests/support/phone/agent.hpp"

namespace roamdesk::load {

// One of the phones: its user agent over the fan and the agenda. It stays where it was made.
class Line {
 public:
  Line(const Options& options, const Account& account, std::uint32_t address, Fan& fan, Agenda& agenda);
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // True for a request that is the phone's to answer. OPTIONS it answers by itself: a server may ask its phones for a
  // sign of life, and repeats itself to those that give none.
  bool take(std::string_view bytes);
  // After anything that it was told or has said: looks at it, and wakes it in time.
  void touched();

  const std::uint32_t address;
  phone::Agent agent;
  sockaddr_in server;          // that it speaks to
  std::function<void()> look;  // may be empty

 private:
  Agenda& agenda_;
  std::optional<Clock::time_point> waking_;
};

std::string dotted(std::uint32_t address);
std::string token();  // 16 hexadecimal digits, never twice the same in a run

}  // namespace roamdesk::load
