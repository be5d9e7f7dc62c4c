#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/rtp/digits.hpp"
#include "common/rtp/g711.hpp"

namespace roamdesk::media {

inline constexpr std::uint8_t event_payload = 101;

struct Sent {
  RtpView view;
  std::vector<std::uint8_t> bytes;
  TimePoint at{};
};

// A phone that types: each key as a named event with three end packets, and as a tone in the audio beside it.
class Typist {
 public:
  enum class Clock : std::uint8_t {
    sound,         // a timestamp for each press
    stands,        // that of the first press, always
    runs,          // on within a press
    runs_in_ends,  // on in its end packets
  };
  struct Habit {
    bool alaw = true, events = true, tones = true;
    int press = 8, pause = 5;  // frames of 20 ms
    Clock clock = Clock::sound;
    bool marker = true, beginning = true;  // sends M; sends packets before the end
    int ends = 3;                          // end packets
    bool ends_apart = false;               // one a frame instead of all at once
    bool new_source = false;               // another SSRC for each press
    std::uint8_t payload_type = event_payload;
  };
  explicit Typist(Habit habit) : habit_(habit) {}

  std::vector<Sent> type(std::string_view digits) {
    std::vector<Sent> sent;
    for (const char digit : digits) {
      const auto key = static_cast<std::uint8_t>(std::string_view{"0123456789*#ABCD"}.find(digit));
      if (habit_.new_source) ssrc_ += 12345;
      start_ = timestamp_;
      if (!first_start_) first_start_ = start_;
      told_ = 0;
      for (int frame = 0; frame < habit_.press; ++frame) {
        if (habit_.tones) audio(sent, digit);
        const bool last = frame + 1 == habit_.press;
        if (habit_.events && habit_.beginning && !(last && habit_.ends > 0)) event(sent, key, frame + 1, false);
        for (int copy = 0; habit_.events && last && copy < habit_.ends; ++copy) {
          if (copy > 0 && habit_.ends_apart) next_frame();
          event(sent, key, frame + 1, true);
        }
        next_frame();
      }
      for (int frame = 0; frame < habit_.pause; ++frame) {
        audio(sent, 0);
        next_frame();
      }
    }
    // The line goes on: a receiver may still be waiting for something better than the tone of the last key.
    for (int frame = 0; frame < 10; ++frame) {
      audio(sent, 0);
      next_frame();
    }
    return sent;
  }

 private:
  void next_frame() {
    timestamp_ += 160;
    now_ += std::chrono::milliseconds{20};
  }
  void push(std::vector<Sent>& sent, std::uint8_t payload_type, std::uint32_t timestamp,
            std::vector<std::uint8_t> bytes, bool marker = false) {
    Sent packet;
    packet.view.payload_type = payload_type;
    packet.view.marker = marker;
    packet.view.sequence = sequence_++;
    packet.view.timestamp = timestamp;
    packet.view.ssrc = ssrc_;
    packet.bytes = std::move(bytes);
    packet.at = now_;
    sent.push_back(std::move(packet));
  }
  void event(std::vector<Sent>& sent, std::uint8_t key, int frames, bool end) {
    const int duration = frames * 160;
    const auto told = told_++;
    auto timestamp = start_;
    if (habit_.clock == Clock::stands) timestamp = *first_start_;
    if (habit_.clock == Clock::runs) timestamp += 160 * told;
    if (habit_.clock == Clock::runs_in_ends && end) timestamp += 320 * told;
    push(sent, habit_.payload_type, timestamp,
         {key, static_cast<std::uint8_t>(end ? 0x8a : 0x0a), static_cast<std::uint8_t>(duration >> 8),
          static_cast<std::uint8_t>(duration)},
         habit_.marker && told == 0);
  }
  void audio(std::vector<Sent>& sent, char digit) {
    static constexpr int low[] = {697, 770, 852, 941}, high[] = {1209, 1336, 1477, 1633};
    static constexpr std::string_view grid = "123A456B789C*0#D";
    std::vector<std::uint8_t> bytes(160);
    for (auto& byte : bytes) {
      double value = 0;
      if (digit != 0) {
        const auto at = grid.find(digit);
        const double t = 2 * std::numbers::pi * static_cast<double>(clock_) / 8000;
        value = 6000 * (std::sin(t * low[at / 4]) + std::sin(t * high[at % 4]));
      }
      ++clock_;
      byte = habit_.alaw ? to_alaw(static_cast<std::int16_t>(value)) : to_ulaw(static_cast<std::int16_t>(value));
    }
    push(sent, habit_.alaw ? 8 : 0, timestamp_, std::move(bytes));
  }

  Habit habit_;
  std::uint16_t sequence_ = 65500;        // wraps soon
  std::uint32_t timestamp_ = 0xffff0000;  // so does this
  std::uint64_t clock_ = 0;
  std::uint32_t ssrc_ = 0, start_ = 0, told_ = 0;
  std::optional<std::uint32_t> first_start_;
  TimePoint now_{std::chrono::hours{1}};
};

struct Network {
  double loss = 0, doubling = 0, reordering = 0;
  double stalling = 0;  // nothing arrives for up to `stall`, then all that was sent meanwhile
  std::chrono::milliseconds stall{350};
};

// What the packets look like behind `network`.
inline std::vector<Sent> carried(std::vector<Sent> packets, const Network& network, std::mt19937& random) {
  std::vector<Sent> out;
  std::bernoulli_distribution lost{network.loss}, doubled{network.doubling}, swapped{network.reordering},
      stalls{network.stalling};
  std::uniform_int_distribution<int> stall{50, static_cast<int>(network.stall.count())};
  TimePoint open{};
  for (auto& packet : packets) {
    if (stalls(random)) open = std::max(open, packet.at + std::chrono::milliseconds{stall(random)});
    packet.at = std::max(open, packet.at);
    if (lost(random)) continue;
    out.push_back(packet);
    if (doubled(random)) out.push_back(std::move(packet));
    if (out.size() > 1 && swapped(random)) {
      std::swap(out[out.size() - 1], out[out.size() - 2]);
      std::swap(out[out.size() - 1].at, out[out.size() - 2].at);
    }
  }
  return out;
}

inline std::string heard(const std::vector<Sent>& packets, const PayloadTypes& types) {
  DigitCollector collector;
  std::string digits;
  for (const auto& packet : packets) {
    RtpView view = packet.view;
    view.payload = packet.bytes;
    if (const auto digit = collector.received(view, types, packet.at)) digits += *digit;
  }
  return digits;
}

}  // namespace roamdesk::media
