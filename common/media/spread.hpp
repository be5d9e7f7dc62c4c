#pragma once
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "common/media_orders/orders.hpp"

namespace roamdesk::media {

// One half of a connection between two streams of different media threads: `stream` of this one exchanges its packets
// with `peer` of `thread`. Undone as a Connect is; nobody tells the other half.
struct Join {
  StreamId stream;
  std::size_t thread = 0;
  StreamId peer;
};

// What a media thread is told.
struct Step {
  std::size_t thread = 0;
  std::variant<Order, Join> what;
};

// Which media thread has which stream. Computes; the signalling thread's.
//
// A trunk stream is where its peer's packets come in, on the thread that has the peer. Any other one goes to the thread
// of the leg that it will be connected with, where there is one (OpenStream::beside); else to the one that has fewest.
// A stream stays where it is: of a call that has its legs on two threads each half is told of the other, and the
// packets cross.
class Spread {
 public:
  explicit Spread(std::size_t threads) : streams_(threads) {}

  // `trunk`: the thread of the peer of a trunk stream; goes with OpenStream.
  std::vector<Step> handle(const Order& order, std::optional<std::size_t> trunk);
  // How many streams this thread has.
  std::size_t streams(std::size_t thread) const { return streams_[thread]; }

 private:
  struct Place {
    std::size_t thread = 0;
    // Of another thread, connected with it.
    std::optional<StreamId> far;
  };
  Place* find(StreamId id);
  std::size_t choose(const OpenStream& open, std::optional<std::size_t> trunk);
  void part(Place& place, std::vector<Step>& steps);
  void connect(const Connect& order, std::vector<Step>& steps);

  std::vector<std::size_t> streams_;
  std::unordered_map<StreamId, Place> places_;
};

}  // namespace roamdesk::media
