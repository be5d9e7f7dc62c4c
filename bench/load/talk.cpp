#include "bench/load/talk.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "tests/support/phone/sdp.hpp"

namespace roamdesk::load {
namespace {

constexpr std::size_t packet_size = 172, sealed_size = packet_size + 10;  // AES_CM_128_HMAC_SHA1_80's tag
constexpr std::size_t header_size = 12;
using Wall = std::chrono::system_clock;

std::int64_t since_1970(Wall::time_point at) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
}

// The value below which `share` of them are, in microseconds; 0 if there are none.
double quantile(std::vector<std::chrono::nanoseconds>& values, double share) {
  if (values.empty()) return 0;
  const auto at = std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), nth, values.end());
  return std::chrono::duration<double, std::micro>(*nth).count();
}

}  // namespace

Talk::Talk(std::uint16_t port) : fan_(port) { fan_.stamp(); }

void Talk::add(std::uint32_t from, const sockaddr_in& to) {
  streams_.push_back({from, to, static_cast<std::uint16_t>(streams_.size())});
}

void Talk::add(std::uint32_t from, std::string_view sdp) {
  const auto there = phone::media_of(sdp);
  const auto colon = there.find(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  if (colon == std::string::npos || inet_pton(AF_INET, there.substr(0, colon).c_str(), &to.sin_addr) != 1)
    throw std::runtime_error("a description without an address");
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(there.substr(colon + 1))));
  add(from, to);
}

Talk::Count Talk::run(int seconds, std::size_t phones, const std::function<void()>& meanwhile) {
  Count count;
  std::unordered_map<std::uint32_t, std::int64_t> heard;  // by each phone, last
  const auto began = since_1970(Wall::now());
  for (std::size_t i = 0; i < phones; ++i) heard.emplace(streams_[i].from, began);
  const auto note_gap = [&count](std::int64_t since, std::int64_t until) {
    count.gap = std::max(count.gap, std::chrono::nanoseconds{until - since});
  };
  count.delays.reserve(static_cast<std::size_t>(seconds) * 50 * phones);
  const auto take = [&](std::uint32_t to, const sockaddr_in&, std::string_view bytes) {
    count.received += bytes.size() == packet_size || bytes.size() == sealed_size;
    auto& last_heard = heard[to];
    const auto arrived = since_1970(fan_.arrived());
    note_gap(last_heard, arrived);
    last_heard = arrived;
    if (bytes.size() != packet_size) return;
    std::int64_t left = 0;
    std::memcpy(&left, bytes.data() + header_size, sizeof left);
    count.delays.emplace_back(arrived - left);
  };
  std::array<char, packet_size> packet{};
  packet.fill('\xd5');
  packet[0] = '\x80';
  packet[1] = 8;
  using Steady = std::chrono::steady_clock;
  prctl(PR_SET_TIMERSLACK, 1UL);  // by default a wait may be 50 us longer, half the time between two packets
  constexpr std::chrono::nanoseconds pace = std::chrono::milliseconds{20};
  const auto begun = Steady::now();
  for (std::uint64_t round = 0; round < static_cast<std::uint64_t>(seconds) * 50; ++round) {
    if (meanwhile) meanwhile();
    for (std::size_t i = 0; i < phones; ++i) {
      const auto due = begun + pace * round + pace * i / phones;
      for (auto now = Steady::now(); now < due; now = Steady::now()) fan_.receive(due - now, take);
      auto& stream = streams_[i];
      const auto sequence = ++stream.sequence;
      const std::uint32_t stamp = sequence * 160U, source = static_cast<std::uint32_t>(i) + 1;
      packet[2] = static_cast<char>(sequence >> 8);
      packet[3] = static_cast<char>(sequence);
      for (int byte = 0; byte < 4; ++byte) {
        packet[static_cast<std::size_t>(4 + byte)] = static_cast<char>(stamp >> (24 - 8 * byte));
        packet[static_cast<std::size_t>(8 + byte)] = static_cast<char>(source >> (24 - 8 * byte));
      }
      const auto leaves = since_1970(Wall::now());
      std::memcpy(packet.data() + header_size, &leaves, sizeof leaves);
      fan_.send(stream.from, stream.to, {packet.data(), packet.size()});
      ++count.sent;
    }
  }
  const auto silent = since_1970(Wall::now());
  for (const auto& [phone, last] : heard) note_gap(last, silent);
  const auto end = Steady::now() + std::chrono::milliseconds{1000};
  while (count.received < count.sent && Steady::now() < end) fan_.receive(std::chrono::milliseconds{10}, take);
  return count;
}

void Talk::obey(const std::function<void()>& meanwhile) {
  for (std::string line; std::getline(std::cin, line) && !line.empty() && line != "end";) {
    const auto blank = line.find(' ');
    const auto phones = blank == std::string::npos ? streams_.size() : std::stoul(line.substr(blank));
    auto count = run(std::stoi(line), std::min(phones, streams_.size()), meanwhile);
    constexpr std::chrono::milliseconds packet_time{20};
    const auto late = std::count_if(count.delays.begin(), count.delays.end(),
                                    [&](std::chrono::nanoseconds delay) { return delay > packet_time; });
    fmt::print(
        "{{\"sent\":{},\"received\":{},\"p50\":{:.0f},\"p99\":{:.0f},\"worst\":{:.0f},\"gap\":{:.0f},\"late\":{}}}\n",
        count.sent, count.received, quantile(count.delays, 0.5), quantile(count.delays, 0.99),
        quantile(count.delays, 1), std::chrono::duration<double, std::micro>(count.gap).count(), late);
    std::fflush(stdout);
  }
}

}  // namespace roamdesk::load
