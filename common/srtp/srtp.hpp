#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"

struct srtp_ctx_t_;

// SRTP and SRTCP (RFC 3711, RFC 7714) of one direction of one stream: libsrtp2, which only this folder knows.
namespace roamdesk::srtp {

// What sealing adds at most, in bytes: a tag, and SRTCP's index.
inline constexpr std::size_t most_added = 32;

// The sources (SSRC) under one master key. Each has a packet index of its own, which must never begin again under the
// same key; so they are remembered as long as the key, and no more are taken than these.
class Sources {
 public:
  static constexpr std::size_t most = 64;
  bool may_speak(std::uint32_t source) const { return source == last_ || count_ < most || knows(source); }
  bool empty() const { return count_ == 0; }
  void spoke(std::uint32_t source) {
    if (source == last_ && count_ > 0) return;
    if (!knows(source)) sources_[count_++] = source;
    last_ = source;
  }

 private:
  bool knows(std::uint32_t source) const {
    for (std::size_t i = 0; i < count_; ++i)
      if (sources_[i] == source) return true;
    return false;
  }
  std::array<std::uint32_t, most> sources_{};
  std::size_t count_ = 0;
  std::uint32_t last_ = 0;
};

// Makes the library ready, once in a process; std::runtime_error if it hasn't one of our suites. For the start of a
// program, so that no call finds out.
void check_suites();

// A master key in one direction. `key` has srtp_key_size(suite) bytes: std::invalid_argument otherwise. Not for two
// threads at once.
class Context {
 public:
  enum class Direction : std::uint8_t { seal, open };
  Context(Direction direction, SrtpSuite suite, const Secret& key);

  // Seals the first `size` bytes of `room` in place; `room` has most_added bytes more at least. The sealed size;
  // nullopt if it is no packet, the same again (its index was used), or of one source too many.
  std::optional<std::size_t> seal(bool rtcp, std::span<std::uint8_t> room, std::size_t size);
  // Opens `packet` in place; the size of what was in it. nullopt if the sender hasn't the key, something was changed,
  // or it came before; `packet` is spoilt then.
  //
  // The first source that is heard under a key may be in the middle of its stream: past 2^16 packets, which
  // descriptions don't tell (RFC 4568 §6.4). So until one has opened, each packet is tried with the next rollover count
  // as well.
  std::optional<std::size_t> open(bool rtcp, std::span<std::uint8_t> packet);

 private:
  std::optional<std::size_t> join(std::uint32_t source, std::span<std::uint8_t> packet);

  SrtpSuite suite_;
  Secret key_;
  std::uint32_t rollovers_ = 0;
  struct Free {
    void operator()(srtp_ctx_t_* context) const;
  };
  std::unique_ptr<srtp_ctx_t_, Free> context_;
  Sources sources_;
};

}  // namespace roamdesk::srtp
