#include "common/media/engine.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "common/media/loop.hpp"
#include "common/media/sockets.hpp"

namespace roamdesk::media {
namespace {

TimePoint steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace

Engine::Engine(Settings settings, const PromptLibrary& prompts, tunnel::link::MediaLink* link, Report report)
    : loop_(std::make_unique<Loop>(std::move(settings), prompts, link, std::move(report))) {}
Engine::~Engine() = default;

void Engine::post(Order order, std::optional<tunnel::link::MediaPeer> trunk) { loop_->post(std::move(order), trunk); }

Engine::Loop::Loop(Settings settings, const PromptLibrary& prompts, tunnel::link::MediaLink* link, Report report)
    : settings_(std::move(settings)), prompts_(prompts), link_(link), report_(std::move(report)) {
  srtp::check_suites();
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (epoll_ < 0 || wake_ < 0) throw std::system_error(errno, std::system_category(), "media thread");
  watch(wake_, tag_wake);
  if (link_) {
    link_->set_sink(this);
    for (const int fd : link_->descriptors()) watch(fd, tag_link);
  }
  for (unsigned i = 0; i < batch; ++i) {
    vectors_[i] = {buffers_[i].data(), buffers_[i].size()};
    messages_[i].msg_hdr.msg_iov = &vectors_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
    messages_[i].msg_hdr.msg_name = &sources_[i].any;
    messages_[i].msg_hdr.msg_namelen = sizeof(sockaddr_in6);
  }
  if (settings_.recordings)
    recorder_ = std::make_unique<Recorder>(settings_.recordings, settings_.recorded_waiting, [this] { ring(); });
  thread_ = std::thread([this] { run(); });
}

Engine::Loop::~Loop() {
  stopping_ = true;
  ring();
  thread_.join();
  // Complete what is recorded; its end isn't reported any more.
  while (!recording_.empty()) end_recording(*recording_.back(), RecordingEnd::stream_closed);
  recorder_.reset();
  for (auto& [id, stream] : streams_) {
    close_udp(stream->rtp_fd);
    close_udp(stream->rtcp_fd);
  }
  if (link_) link_->set_sink(nullptr);
  close(wake_);
  close(epoll_);
}

void Engine::Loop::post(Order order, Trunk trunk) {
  {
    const std::lock_guard lock{mutex_};
    mailbox_.push_back({std::move(order), trunk});
  }
  ring();
}

void Engine::Loop::ring() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
}

void Engine::Loop::watch(int fd, std::uint64_t tag) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

Stream* Engine::Loop::find(StreamId id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second.get();
}

void Engine::Loop::run() {
  std::array<epoll_event, 64> ready;
  while (!stopping_) {
    const int count = epoll_wait(epoll_, ready.data(), ready.size(), timeout_ms(steady_now()));
    const auto now = steady_now();
    bool link_ready = false;
    for (int i = 0; i < count; ++i) {
      const auto tag = ready[static_cast<std::size_t>(i)].data.u64;
      if (tag == tag_wake)
        take_orders(now);
      else if (tag == tag_link)
        link_ready = true;
      else {
        if (ready[static_cast<std::size_t>(i)].events & EPOLLERR) take_errors(tag, now);
        receive(tag, now);
      }
    }
    if (link_ready) link_->handle_readable(now);
    play_due(now);
    record_due(now);
    if (link_) {
      if (const auto due = link_->deadline(); due && *due <= now) link_->handle_timeout(now);
      // What this turn put aside for the tunnel leaves in as few system calls as it can.
      link_->flush(now);
    }
  }
}

int Engine::Loop::timeout_ms(TimePoint now) const {
  auto earliest = TimePoint::max();
  if (link_) earliest = link_->deadline().value_or(earliest);
  for (const Stream* stream : playing_) earliest = std::min(earliest, stream->playout.due());
  for (const Stream* stream : recording_) earliest = std::min(earliest, stream->recording->until);
  if (earliest == TimePoint::max()) return -1;
  // Rounded up: a frame leaves less than a millisecond late, and that doesn't add up.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(earliest - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
}

}  // namespace roamdesk::media
