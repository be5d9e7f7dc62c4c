#include "common/media/engine.hpp"

#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "common/media/epoll_io.hpp"
#include "common/media/loop.hpp"
#include "common/media/sockets.hpp"
#include "common/media/uring_io.hpp"

namespace roamdesk::media {
namespace {

std::unique_ptr<PacketIo> choose_io(LoopKind wanted, Engine::Loops& chosen) {
  if (wanted != LoopKind::epoll) {
    try {
      auto io = std::make_unique<UringIo>();
      chosen.kind = LoopKind::io_uring;
      return io;
    } catch (const std::runtime_error& error) {
      chosen.why_not = error.what();
    }
  }
  return std::make_unique<EpollIo>();
}

TimePoint steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace

Engine::Engine(Settings settings, const PromptLibrary& prompts, tunnel::link::MediaLink* link, Report report)
    : loop_(std::make_unique<Loop>(std::move(settings), prompts, link, std::move(report))) {}
Engine::~Engine() = default;

Engine::Counts Engine::counts() const { return loop_->counts(); }

const Engine::Loops& Engine::loops() const { return loop_->loops(); }

void Engine::post(Order order, std::optional<tunnel::link::MediaPeer> trunk) {
  put(std::move(order), trunk);
  wake();
}
void Engine::put(Order order, std::optional<tunnel::link::MediaPeer> trunk) { loop_->put(std::move(order), trunk); }
void Engine::put(const Join& join) { loop_->put(join, std::nullopt); }
void Engine::put(const Keep& keep) { loop_->put(keep, std::nullopt); }
void Engine::wake() { loop_->wake(); }
void Engine::mark(int dscp) {
  loop_->put(Mark{dscp}, std::nullopt);
  loop_->wake();
}

void Engine::look(std::vector<StreamId> streams, Looked done) {
  loop_->put(Look{std::move(streams), std::move(done)}, std::nullopt);
  loop_->wake();
}

Engine::Loop::Loop(Settings settings, const PromptLibrary& prompts, tunnel::link::MediaLink* link, Report report)
    : settings_(std::move(settings)), prompts_(prompts), link_(link), report_(std::move(report)) {
  srtp::check_suites();
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake_ < 0) throw std::system_error(errno, std::system_category(), "media thread");
  if (link_) link_->set_sink(this);
  if (settings_.recordings)
    recorder_ = std::make_unique<Recorder>(settings_.recordings, settings_.recorded_waiting, [this] { ring(); });
  std::promise<void> promise;
  auto begun = promise.get_future();
  thread_ = std::thread([this, promise = std::move(promise)]() mutable {
    // A pause ends when it should; by itself the kernel takes 50 µs more.
    prctl(PR_SET_TIMERSLACK, 1UL);
    try {
      begin();
    } catch (...) {
      return promise.set_exception(std::current_exception());
    }
    promise.set_value();
    run();
    io_.reset();
  });
  try {
    begun.get();
  } catch (...) {
    thread_.join();
    close(wake_);
    throw;
  }
}

Engine::Loop::~Loop() {
  stopping_ = true;
  ring();
  thread_.join();
  // Complete what is recorded; its end isn't reported any more.
  while (!recording_.empty()) end_recording(*recording_.back(), RecordingEnd::stream_closed);
  recorder_.reset();
  for (auto& [serial, ports] : ports_) {
    close_udp(ports->rtp);
    close_udp(ports->rtcp);
  }
  if (link_) link_->set_sink(nullptr);
  close(wake_);
}

void Engine::Loop::put(Told what, Trunk trunk) {
  const std::lock_guard lock{mutex_};
  mailbox_.push_back({std::move(what), trunk});
}

void Engine::Loop::wake() {
  {
    // Nothing waits: it came by and took it all, or has been woken already.
    const std::lock_guard lock{mutex_};
    if (mailbox_.empty()) return;
  }
  ring();
}

Engine::Counts Engine::Loop::counts() const {
  return {carried_, turns_, pauses_, came_across_, missed_crossing_, opened_, loops_.kind == LoopKind::io_uring};
}

void Engine::Loop::ring() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
}

Stream* Engine::Loop::find(StreamId id) {
  if (recent_ && recent_->id == id) return recent_;
  const auto found = streams_.find(id);
  if (found == streams_.end()) return nullptr;
  return recent_ = found->second.get();
}

Ports* Engine::Loop::ports_of(std::uint64_t tag) {
  const auto serial = serial_of(tag);
  if (recent_ports_ && recent_ports_->serial == serial) return recent_ports_;
  const auto found = ports_.find(serial);
  if (found == ports_.end()) return nullptr;
  return recent_ports_ = found->second.get();
}

// In the media thread: a ring is its maker's alone.
void Engine::Loop::begin() {
  io_ = choose_io(settings_.loop, loops_);
  io_->listen(wake_, tag_wake);
  if (link_)
    for (const int fd : link_->descriptors()) io_->watch(fd, tag_link);
  if (settings_.crossing) io_->watch(settings_.crossing->descriptor(settings_.thread), tag_crossing);
}

void Engine::Loop::run() {
  auto now = steady_now();
  while (!stopping_) {
    const auto pause = pace_.next(now, packets_ + crossed_);
    count_turn(pause.has_value());
    io_->wait(pause, deadline());
    now = steady_now();
    io_->dispatch(*this, now);
    if (std::exchange(link_ready_, false)) link_->handle_readable(now);
    if (std::exchange(crossing_ready_, false)) take_crossed(now);
    play_due(now);
    record_due(now);
    if (settings_.crossing) settings_.crossing->flush(settings_.thread);
    if (!to_tell_.empty()) report_(std::exchange(to_tell_, {}));
    if (link_) {
      if (const auto due = link_->deadline(); due && *due <= now) link_->handle_timeout(now);
      // What this turn put aside for the tunnel leaves in as few system calls as it can.
      link_->flush(now);
    }
  }
}

void Engine::Loop::count_turn(bool paused) {
  // The only writer: no read-modify-write is needed.
  const auto add = [](std::atomic<std::uint64_t>& count, std::uint64_t more) {
    if (more > 0) count.store(count.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  };
  add(carried_, packets_);
  add(turns_, packets_ > 0);
  add(pauses_, paused);
  add(came_across_, crossed_);
  add(missed_crossing_, lost_crossing_);
  packets_ = crossed_ = lost_crossing_ = 0;
}

// Of what is due without a packet.
TimePoint Engine::Loop::deadline() const {
  auto earliest = TimePoint::max();
  if (link_) earliest = link_->deadline().value_or(earliest);
  for (const Stream* stream : playing_) earliest = std::min(earliest, stream->playout.due());
  for (const Stream* stream : recording_) earliest = std::min(earliest, stream->recording->until);
  return earliest;
}

}  // namespace roamdesk::media
