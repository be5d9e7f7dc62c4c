#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/media/crossing.hpp"
#include "common/media/prompts.hpp"
#include "common/media/recordings.hpp"
#include "common/media/spread.hpp"
#include "common/media_orders/loop_kind.hpp"
#include "common/media_orders/orders.hpp"
#include "common/tunnel/link/media_link.hpp"

namespace roamdesk::media {

// The media plane of a program, or of a part of its streams (Engines): one thread that owns its sockets and streams and
// shares nothing. Signalling posts orders; what is heard comes back through `report`, on the media thread.
//
// In pbx-core a stream of the core's own networks is a pair of sockets, one of an SBC's site a trunk stream, whose
// packets travel through the tunnel; Connect relays whatever their kinds. In sbc every stream is a pair of sockets that
// exchanges its packets with the core (`home`), unless it is connected with another one.
class Engine {
 public:
  struct Settings {
    // sbc: where packets of unconnected streams go.
    std::optional<tunnel::link::MediaPeer> home{};
    // On RTP sockets: EF (RFC 3246).
    int dscp = 46;
    // Where recordings are kept; null: Record is refused.
    std::shared_ptr<Recordings> recordings{};
    // Half-second pieces of all recordings that may wait for the disk: about 3 MB.
    std::size_t recorded_waiting = 512;
    // Where io_uring can't be had it is epoll, and loop() says why.
    LoopKind loop = LoopKind::automatic;
    // Of several media threads: where packets cross from one to another, and which this one is. Null: it is the only
    // one.
    std::shared_ptr<Crossing> crossing{};
    std::size_t thread = 0;
  };
  // What a turn of the media thread has to tell, in its order; never nothing.
  using Report = std::function<void(std::vector<Event>)>;

  // `link` may be null (no tunnel). `prompts` and `link` outlive the engine. Throws std::system_error, and
  // std::runtime_error if a suite of SRTP is missing.
  Engine(Settings settings, const PromptLibrary& prompts, tunnel::link::MediaLink* link, Report report);
  // Ends the thread and closes everything.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Any thread. Orders are carried out in their order. `trunk` goes with OpenStream: the peer of a trunk stream.
  void post(Order order, std::optional<tunnel::link::MediaPeer> trunk = std::nullopt);
  // As post(), but the media thread may not look before wake(): many orders wake it once.
  void put(Order order, std::optional<tunnel::link::MediaPeer> trunk = std::nullopt);
  void put(const Join& join);
  void put(const Keep& keep);
  void wake();
  // DSCP of RTP sockets, those that are open and those that come, 0..63. Any thread.
  void mark(int dscp);

  // What has been heard until now on those of `streams` that are here: `done` is called once, on the media thread. Any
  // thread.
  using Looked = std::function<void(std::vector<StreamQuality>)>;
  void look(std::vector<StreamId> streams, Looked done);

  // What the media thread uses: never `automatic`. `why_not`: what keeps it from io_uring; empty where it has it, or
  // wasn't to try.
  struct Loops {
    LoopKind kind = LoopKind::epoll;
    std::string why_not;
    // "io_uring", "epoll", or "epoll: " and why it isn't io_uring.
    std::string text() const { return std::string{word_of(kind)} + (why_not.empty() ? std::string{} : ": " + why_not); }
  };
  const Loops& loops() const;

  // Since the start: packets heard, the turns that found them, and how often it paused for more (Pace); packets that
  // came from another media thread, and those for one that had no room for them; pairs of sockets that were opened.
  struct Counts {
    std::uint64_t packets = 0, turns = 0, pauses = 0, crossed = 0, lost_crossing = 0, opened = 0;
    // By what they came (loops()).
    bool io_uring = false;
  };
  // Any thread.
  Counts counts() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace roamdesk::media
