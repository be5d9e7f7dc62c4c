#pragma once
#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "common/media/packet_ring.hpp"

namespace roamdesk::media {

// Where packets cross from one media thread to another: a ring for each pair and direction, and a bell for each thread.
// It is all that media threads have in common. Two legs of a call are on one thread where they can be (Spread); packets
// of the others come by here.
class Crossing {
 public:
  // Throws std::system_error.
  explicit Crossing(std::size_t threads);
  ~Crossing();
  Crossing(const Crossing&) = delete;
  Crossing& operator=(const Crossing&) = delete;

  // ---- in the thread `from`
  // False: `to` has no room for it.
  bool put(std::size_t from, std::size_t to, const PacketRing::Entry& entry);
  // Once a turn: wakes those that it has put something for and that aren't awake to it already.
  void flush(std::size_t from);

  // ---- in the thread itself
  // Readable while something may wait for it.
  int descriptor(std::size_t thread) const { return bells_[thread]->descriptor; }
  // `take(thread from which, entry)`.
  template <class Take>
  void take(std::size_t thread, Take&& take) {
    answer(thread);
    for (std::size_t from = 0; from < bells_.size(); ++from)
      if (from != thread) ring(from, thread).take([&](const PacketRing::Entry& entry) { take(from, entry); });
  }

 private:
  struct Bell {
    int descriptor = -1;
    // It was rung, and its thread hasn't come yet. Whoever sets it rings.
    std::atomic<bool> rung = false;
    // By thread: this one has put something for it in this turn. Its own thread's.
    std::vector<char> touched;
  };
  PacketRing& ring(std::size_t from, std::size_t to) { return *rings_[from * bells_.size() + to]; }
  void answer(std::size_t thread);

  std::vector<std::unique_ptr<Bell>> bells_;
  std::vector<std::unique_ptr<PacketRing>> rings_;
};

}  // namespace roamdesk::media
