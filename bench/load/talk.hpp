#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/load/fan.hpp"

namespace roamdesk::load {

// RTP of many phones: G.711, 20 ms, 172 bytes a packet. Each has its own phase: their packets are spread evenly over
// the 20 ms. The audio begins with the time at which it leaves, so that its way can be measured, also by another
// process on this machine.
class Talk {
 public:
  explicit Talk(std::uint16_t port);  // of all phones, as their descriptions say

  void add(std::uint32_t from, const sockaddr_in& to);
  void add(std::uint32_t from, std::string_view sdp);  // to where a description says
  std::size_t size() const { return streams_.size(); }

  struct Count {
    std::uint64_t sent = 0, received = 0;
    // Of packets that arrive as they left (sealed ones don't): from one phone's sendmsg to the other's kernel.
    std::vector<std::chrono::nanoseconds> delays;
    // The longest time in which a phone heard nothing.
    std::chrono::nanoseconds gap{};
  };
  // The first `phones` of them talk.
  Count run(int seconds, std::size_t phones, const std::function<void()>& meanwhile = {});
  // Carries out orders of standard input, one a line: a number of seconds to talk, and of phones that do (all, where it
  // is missing), answered by a line of JSON with packets sent and received, their delay and the longest gap in
  // microseconds, and how many took longer than 20 ms; else ends. `meanwhile` is called
  // every 20 ms while they talk.
  void obey(const std::function<void()>& meanwhile = {});

 private:
  struct Stream {
    std::uint32_t from;
    sockaddr_in to;
    std::uint16_t sequence;
  };
  Fan fan_;
  std::vector<Stream> streams_;
};

}  // namespace roamdesk::load
