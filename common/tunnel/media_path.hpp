#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"
#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::tunnel {

// Where the other end of the media path is, and whether UDP gets there. Pure; allocates nothing.
//
// Records (packets of stream 0): u8 kind, then for probe (1) and reply (2) u32 number, for challenge (3) and answer (4)
// u64 token. The core's peer moves only when the answer to its challenge comes from the new address itself; the SBC
// takes datagrams from the core's address only. A path is alive while probes are answered.
class MediaPath {
 public:
  struct Settings {
    Duration probe_every = std::chrono::milliseconds{300};
    Duration alive_for = std::chrono::milliseconds{1600};  // after the last answer: five probes unanswered
    int replies_to_return = 2;                             // in a row, after it was dead
    Duration challenge_again = std::chrono::milliseconds{100};
    Duration candidate_for = std::chrono::seconds{3};
  };
  struct Record {
    Endpoint to;
    std::array<std::uint8_t, 9> bytes{};
    std::uint8_t size = 0;
    std::span<const std::uint8_t> view() const { return {bytes.data(), size}; }
  };
  // `secret`: 32 random bytes, from which challenges are drawn.
  MediaPath(Side side, const std::array<std::uint8_t, 32>& secret) : MediaPath(side, secret, Settings{}) {}
  MediaPath(Side side, const std::array<std::uint8_t, 32>& secret, Settings settings)
      : side_(side), secret_(secret), settings_(settings) {}

  // SBC: the core's address, at each connection. Probing starts over; a path that was alive stays so until its time.
  void set_peer(Endpoint peer, TimePoint now);
  // SBC: false for what isn't from the core's address; it needn't be opened.
  bool accepts(Endpoint from) const { return side_ == Side::core || from == peer_; }
  // A datagram from there was opened and is fresh.
  void handle_authentic(Endpoint from, TimePoint now);
  // One of its records. What is malformed or out of place is ignored.
  void handle_record(std::span<const std::uint8_t> record, Endpoint from, TimePoint now);
  void handle_timeout(TimePoint now);
  // Records to be sealed and sent by UDP, whatever is alive.
  std::optional<Record> poll_record();

  const std::optional<Endpoint>& peer() const { return peer_; }
  // Media may go by UDP; else it takes the stream.
  bool alive() const { return alive_; }
  Duration rtt() const { return rtt_; }
  // The mean deviation of the round trip (RFC 6298 §2: RTTVAR); 0 until it is known.
  Duration jitter() const { return jitter_; }
  std::uint32_t moves() const { return moves_; }

 private:
  struct Candidate {
    Endpoint address;
    std::uint64_t token = 0;
    TimePoint since{}, challenged{};
    bool used = false;
  };
  void push(Endpoint to, std::uint8_t kind, std::uint64_t value, bool wide);
  void challenge(Endpoint from, TimePoint now);
  void handle_answer(std::uint64_t token, Endpoint from, TimePoint now);
  void handle_reply(std::uint32_t number, TimePoint now);
  void probe(TimePoint now);
  std::uint64_t draw();

  Side side_;
  std::array<std::uint8_t, 32> secret_;
  Settings settings_;
  std::optional<Endpoint> peer_;
  std::array<Candidate, 4> candidates_;
  std::uint64_t drawn_ = 0;
  std::uint32_t moves_ = 0;

  bool alive_ = false, was_alive_ = false;
  TimePoint alive_until_{};
  int replies_ = 0;
  std::uint32_t probe_number_ = 0, answered_ = 0;
  std::array<TimePoint, 8> probe_sent_{};  // by number modulo 8
  std::optional<TimePoint> next_probe_;
  Duration rtt_{}, jitter_{};

  std::array<Record, 8> out_;
  std::size_t out_first_ = 0, out_count_ = 0;
};

}  // namespace roamdesk::tunnel
