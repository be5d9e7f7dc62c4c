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

// Closes the stream, but leaves its sockets open for the next one at its port.
struct Keep {
  StreamId stream;
};

// What a media thread is told.
struct Step {
  std::size_t thread = 0;
  std::variant<Order, Join, Keep> what;
};

// Which media thread has which stream. Computes; the signalling thread's.
//
// A trunk stream is where its peer's packets come in, on the thread that has the peer. Any other one goes to the thread
// of the leg that it will be connected with, where there is one (OpenStream::beside); else to the one that has fewest.
// A stream stays where it is: of a call that has its legs on two threads each half is told of the other, and the
// packets cross.
//
// A thread keeps the sockets of streams that have ended, so that the next one at such a port finds them ready: it goes
// to that thread then, wherever its other leg is. Where that isn't the other leg's, they aren't kept a second time.
class Spread {
 public:
  // `most_kept`: pairs of sockets that all threads together keep for streams to come.
  explicit Spread(std::size_t threads, std::size_t most_kept = 0) : most_kept_(most_kept), streams_(threads) {}

  // `trunk`: the thread of the peer of a trunk stream; goes with OpenStream.
  std::vector<Step> handle(const Order& order, std::optional<std::size_t> trunk);
  // How many streams this thread has.
  std::size_t streams(std::size_t thread) const { return streams_[thread]; }
  // Pairs of sockets that are kept.
  std::size_t kept() const { return kept_.size(); }

 private:
  struct Place {
    std::size_t thread = 0;
    // Of another thread, connected with it.
    std::optional<StreamId> far;
    // Of sockets that are worth keeping.
    std::optional<Endpoint> local;
  };
  Place* find(StreamId id);
  Place choose(const OpenStream& open, std::optional<std::size_t> trunk);
  void open(const OpenStream& order, std::optional<std::size_t> trunk);
  void close(const CloseStream& order, std::vector<Step>& steps);
  void part(Place& place, std::vector<Step>& steps);
  void connect(const Connect& order, std::vector<Step>& steps);

  std::size_t most_kept_;
  std::vector<std::size_t> streams_;
  std::unordered_map<StreamId, Place> places_;
  // Which thread has them.
  std::unordered_map<Endpoint, std::size_t> kept_;
};

}  // namespace roamdesk::media
