#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

#include "common/media_orders/orders.hpp"

namespace roamdesk::media {

// Packets on their way from one media thread to another: one writes, one reads, neither waits. Nothing is allocated, no
// lock taken. What finds no room is dropped: audio doesn't wait.
class PacketRing {
 public:
  struct Entry {
    StreamId from, to;
    bool rtcp = false;
    // A fax: no RTP.
    bool image = false;
    std::span<const std::uint8_t> bytes;
  };
  // Some 1,000 packets of G.711: at 50,000 packets/s those of 20 ms.
  static constexpr std::size_t size = std::size_t{1} << 18;

  // The writer. False: no room.
  bool put(const Entry& entry) {
    const Head head{entry.from.value(), entry.to.value(), static_cast<std::uint16_t>(entry.bytes.size()), entry.rtcp,
                    entry.image};
    const auto needed = length_of(entry.bytes.size());
    auto at = written_.load(std::memory_order_relaxed);
    // An entry lies in one piece: what is left before the end is skipped where it is too short.
    const auto left = size - at % size, skipped = left < needed ? left : 0;
    if (at + skipped + needed - taken_.load(std::memory_order_acquire) > size) return false;
    if (skipped > 0) {
      const Head skip{0, 0, skip_to_end, 0, 0};
      std::memcpy(place(at), &skip, sizeof skip);
      at += skipped;
    }
    std::memcpy(place(at), &head, sizeof head);
    if (!entry.bytes.empty()) std::memcpy(place(at) + sizeof head, entry.bytes.data(), entry.bytes.size());
    written_.store(at + needed, std::memory_order_release);
    return true;
  }

  // The reader: `take(entry)` for each that is there; its bytes live until the call returns.
  template <class Take>
  void take(Take&& take) {
    const auto end = written_.load(std::memory_order_acquire);
    for (auto at = taken_.load(std::memory_order_relaxed); at != end;) {
      Head head;
      std::memcpy(&head, place(at), sizeof head);
      if (head.bytes == skip_to_end) {
        at += size - at % size;
        continue;
      }
      take(Entry{StreamId{head.from},
                 StreamId{head.to},
                 head.rtcp != 0,
                 head.image != 0,
                 {place(at) + sizeof head, head.bytes}});
      at += length_of(head.bytes);
      taken_.store(at, std::memory_order_release);
    }
  }

 private:
  struct Head {
    std::uint32_t from, to;
    std::uint16_t bytes;
    std::uint8_t rtcp, image;
    std::uint32_t unused = 0;
  };
  // So that a Head has room wherever something ends.
  static constexpr std::size_t step = sizeof(Head);
  static constexpr std::uint16_t skip_to_end = 0xffff;
  static std::size_t length_of(std::size_t bytes) { return sizeof(Head) + (bytes + step - 1) / step * step; }
  std::uint8_t* place(std::size_t at) { return bytes_.get() + at % size; }

  // Not touched before it is used: it costs no memory until then.
  std::unique_ptr<std::uint8_t[]> bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(size);
  // Bytes since the start; each has one writer, and a cache line of its own.
  alignas(64) std::atomic<std::size_t> written_ = 0;
  alignas(64) std::atomic<std::size_t> taken_ = 0;
};

}  // namespace roamdesk::media
