#include "common/media/engine.hpp"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/media/sockets.hpp"
#include "common/media/stream.hpp"

namespace roamdesk::media {
namespace {

constexpr unsigned batch = 32;
constexpr std::size_t most_bytes = 1500;

TimePoint steady_now() { return std::chrono::steady_clock::now(); }

// In 8 kHz timestamp units, for the jitter.
std::uint32_t arrival_of(TimePoint now) {
  using Tick = std::chrono::duration<std::uint64_t, std::ratio<1, 8000>>;
  return static_cast<std::uint32_t>(std::chrono::duration_cast<Tick>(now.time_since_epoch()).count());
}

}  // namespace

class Engine::Loop : private tunnel::link::PacketSink {
 public:
  Loop(Settings settings, const PromptLibrary& prompts, tunnel::link::MediaLink* link, Report report)
      : settings_(settings), prompts_(prompts), link_(link), report_(std::move(report)) {
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
      messages_[i].msg_hdr.msg_name = &sources_[i];
    }
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    stopping_ = true;
    ring();
    thread_.join();
    for (auto& [id, stream] : streams_) close_sockets(*stream);
    if (link_) link_->set_sink(nullptr);
    close(wake_);
    close(epoll_);
  }

  void post(Order order, std::optional<tunnel::link::MediaPeer> trunk) {
    {
      const std::lock_guard lock{mutex_};
      mailbox_.push_back({std::move(order), trunk});
    }
    ring();
  }

 private:
  struct Posted {
    Order order;
    std::optional<tunnel::link::MediaPeer> trunk;
  };
  static constexpr std::uint64_t tag_wake = 0, tag_link = 1;

  void ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
  }

  void watch(int fd, std::uint64_t tag) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = tag;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void run() {
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
        else
          receive(tag, now);
      }
      if (link_ready) link_->handle_readable(now);
      play_due(now);
      if (link_) {
        if (const auto due = link_->deadline(); due && *due <= now) link_->handle_timeout(now);
        link_->flush(now);
      }
    }
  }

  int timeout_ms(TimePoint now) const {
    auto earliest = TimePoint::max();
    if (link_) earliest = link_->deadline().value_or(earliest);
    for (const Stream* stream : playing_) earliest = std::min(earliest, stream->playout.due());
    if (earliest == TimePoint::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(earliest - now).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
  }

  // ---- packets from phones
  void receive(std::uint64_t tag, TimePoint now) {
    const auto found = streams_.find(StreamId{static_cast<std::uint32_t>(tag >> 1) - 1});
    if (found == streams_.end()) return;
    Stream& stream = *found->second;
    const bool rtcp = tag & 1;
    const int fd = rtcp ? stream.rtcp_fd : stream.rtp_fd;
    for (auto& message : messages_) message.msg_hdr.msg_namelen = sizeof(sockaddr_in);
    const int count = recvmmsg(fd, messages_.data(), batch, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < count; ++i) {
      const auto index = static_cast<std::size_t>(i);
      const Packet packet{buffers_[index].data(), messages_[index].msg_len};
      auto& latch = rtcp ? stream.rtcp : stream.rtp;
      const bool sound = rtcp ? is_rtcp(packet) : parse_rtp(packet).has_value();
      if (!sound || !latch.accept(from_sockaddr(sources_[index]), now)) {
        ++stream.dropped;
        continue;
      }
      heard(stream, rtcp, packet, now);
    }
  }

  // ---- packets from the tunnel
  void on_packet(tunnel::link::MediaPeer peer, std::uint32_t id, bool rtcp, std::span<const std::uint8_t> bytes,
                 TimePoint now) override {
    const auto found = streams_.find(StreamId{id});
    if (found == streams_.end()) return;
    Stream& stream = *found->second;
    if (settings_.home) {
      // At an SBC the tunnel brings what the phone is to hear.
      if (peer == *settings_.home && !stream.trunk) deliver(stream, rtcp, bytes, now);
      return;
    }
    // At the core it brings what a phone there says; a stream is heard from its own SBC only.
    if (!stream.trunk || *stream.trunk != peer.value()) return;
    if (rtcp ? is_rtcp(bytes) : parse_rtp(bytes).has_value())
      heard(stream, rtcp, bytes, now);
    else
      ++stream.dropped;
  }

  // A phone has said this.
  void heard(Stream& stream, bool rtcp, Packet packet, TimePoint now) {
    if (!rtcp) {
      const auto view = *parse_rtp(packet);
      stream.reception.received(view.sequence, view.timestamp, view.ssrc, arrival_of(now));
      if (stream.collecting) listen(stream, view);
    }
    if (stream.peer)
      deliver(*stream.peer, rtcp, packet, now);
    else if (settings_.home && link_)
      link_->send(*settings_.home, stream.id.value(), rtcp, packet, now);
  }

  void listen(Stream& stream, const RtpView& view) {
    const auto digit = stream.digits->received(view, stream.remote.event_payload);
    if (!digit) return;
    if (stream.barge_in) stop_playing(stream);
    report_(DigitHeard{stream.id, *digit});
  }

  // A phone is to hear this.
  void deliver(Stream& stream, bool rtcp, Packet packet, TimePoint now) {
    if (stream.playout.playing() && !rtcp) return;
    send(stream, rtcp, packet, now);
  }

  void send(Stream& stream, bool rtcp, Packet packet, TimePoint now) {
    if (stream.trunk) {
      if (link_) link_->send(tunnel::link::MediaPeer{*stream.trunk}, stream.id.value(), rtcp, packet, now);
      return;
    }
    if (!stream.remote.send && !rtcp) return;
    const auto target = (rtcp ? stream.rtcp : stream.rtp).target();
    if (!target) return;
    const auto address = to_sockaddr(*target);
    // A full socket buffer drops the packet, as a network would.
    sendto(rtcp ? stream.rtcp_fd : stream.rtp_fd, packet.data(), packet.size(), MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }

  // ---- prompts
  void play_due(TimePoint now) {
    for (std::size_t i = 0; i < playing_.size();) {
      Stream& stream = *playing_[i];
      std::array<std::uint8_t, 12 + Playout::frame> packet;
      bool ended = false;
      // After a stall at most a few frames are made up for; the rest comes late, as it would from anybody.
      for (int burst = 0; burst < 4 && !ended && stream.playout.due() <= now; ++burst) {
        const bool alaw = stream.remote.codec == Codec::pcma;
        const auto size = stream.playout.next(packet, alaw, stream.remote.codec_payload);
        if (size == 0)
          ended = true;
        else
          send(stream, false, Packet{packet.data(), size}, now);
      }
      if (ended) {
        playing_.erase(playing_.begin() + static_cast<std::ptrdiff_t>(i));
        report_(PlayEnded{stream.id});
      } else {
        ++i;
      }
    }
  }

  void stop_playing(Stream& stream) {
    stream.playout.stop();
    std::erase(playing_, &stream);
  }

  // ---- orders
  void take_orders(TimePoint now) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = read(wake_, &count, sizeof count);
    {
      const std::lock_guard lock{mutex_};
      taken_.swap(mailbox_);
    }
    for (auto& posted : taken_) std::visit([&](const auto& order) { perform(order, posted.trunk, now); }, posted.order);
    taken_.clear();
  }

  using Trunk = std::optional<tunnel::link::MediaPeer>;
  Stream* find(StreamId id) {
    const auto found = streams_.find(id);
    return found == streams_.end() ? nullptr : found->second.get();
  }

  void perform(const OpenStream& order, const Trunk& trunk, TimePoint) {
    if (streams_.contains(order.stream)) return report_(StreamFailed{order.stream, "opened twice"});
    auto stream = std::make_unique<Stream>();
    stream->id = order.stream;
    if (trunk) {
      stream->trunk = trunk->value();
    } else {
      std::string why;
      stream->rtp_fd = open_udp(order.local, settings_.dscp, why);
      if (stream->rtp_fd >= 0)
        stream->rtcp_fd =
            open_udp({order.local.address, static_cast<std::uint16_t>(order.local.port + 1)}, settings_.dscp, why);
      if (stream->rtp_fd < 0 || stream->rtcp_fd < 0) {
        close_sockets(*stream);
        return report_(StreamFailed{order.stream, why});
      }
      const auto tag = (std::uint64_t{order.stream.value()} + 1) << 1;
      watch(stream->rtp_fd, tag);
      watch(stream->rtcp_fd, tag | 1);
    }
    streams_.emplace(order.stream, std::move(stream));
  }

  void perform(const SetRemote& order, const Trunk&, TimePoint) {
    Stream* stream = find(order.stream);
    if (!stream) return;
    stream->remote = order;
    stream->rtp.set_remote(order.rtp, order.signalling);
    const auto rtcp_port = order.rtp.port == 0 ? 0 : order.rtp.port + 1;
    stream->rtcp.set_remote({order.rtp.address, static_cast<std::uint16_t>(rtcp_port)}, order.signalling);
  }

  void unlink(Stream& stream) {
    if (stream.peer) stream.peer->peer = nullptr;
    stream.peer = nullptr;
  }

  void perform(const Connect& order, const Trunk&, TimePoint) {
    Stream *a = find(order.a), *b = find(order.b);
    if (!a || !b || a == b) return;
    unlink(*a);
    unlink(*b);
    a->peer = b;
    b->peer = a;
  }

  void perform(const Disconnect& order, const Trunk&, TimePoint) {
    if (Stream* stream = find(order.stream)) unlink(*stream);
  }

  void perform(const CloseStream& order, const Trunk&, TimePoint) {
    Stream* stream = find(order.stream);
    if (!stream) return;
    unlink(*stream);
    stop_playing(*stream);
    close_sockets(*stream);
    const auto& r = stream->reception;
    report_(StreamQuality{stream->id, r.packets(), r.lost(), stream->dropped, r.jitter_ms()});
    streams_.erase(order.stream);
  }

  void perform(const Play& order, const Trunk&, TimePoint now) {
    Stream* stream = find(order.stream);
    if (!stream) return;
    std::deque<const Prompt*> prompts;
    for (const auto& name : order.prompts)
      if (const Prompt* prompt = prompts_.find(name)) prompts.push_back(prompt);
    stop_playing(*stream);
    // A prompt that isn't there takes no time; whoever waits for its end must not wait for ever.
    if (prompts.empty()) return report_(PlayEnded{order.stream});
    std::uint32_t random = 0;
    [[maybe_unused]] const auto got = getrandom(&random, sizeof random, 0);
    stream->playout.begin(std::move(prompts), order.repeat, random, now);
    playing_.push_back(stream);
  }

  void perform(const StopPlaying& order, const Trunk&, TimePoint) {
    if (Stream* stream = find(order.stream)) stop_playing(*stream);
  }

  void perform(const Collect& order, const Trunk&, TimePoint) {
    Stream* stream = find(order.stream);
    if (!stream) return;
    stream->collecting = order.on;
    stream->barge_in = order.barge_in;
    // The source that delivered first stays the one that counts, for the whole call.
    if (order.on && !stream->digits) stream->digits.emplace();
  }

  static void close_sockets(Stream& stream) {
    for (int* fd : {&stream.rtp_fd, &stream.rtcp_fd})
      if (*fd >= 0) close(std::exchange(*fd, -1));
  }

  Settings settings_;
  const PromptLibrary& prompts_;
  tunnel::link::MediaLink* link_;
  Report report_;
  int epoll_ = -1, wake_ = -1;
  std::mutex mutex_;  // of the mailbox: orders, never packets
  std::vector<Posted> mailbox_, taken_;
  std::unordered_map<StreamId, std::unique_ptr<Stream>> streams_;
  std::vector<Stream*> playing_;
  std::array<std::array<std::uint8_t, most_bytes>, batch> buffers_;
  std::array<iovec, batch> vectors_{};
  std::array<mmsghdr, batch> messages_{};
  std::array<sockaddr_in, batch> sources_{};
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

Engine::Engine(Settings settings, const PromptLibrary& prompts, tunnel::link::MediaLink* link, Report report)
    : loop_(std::make_unique<Loop>(settings, prompts, link, std::move(report))) {}
Engine::~Engine() = default;

void Engine::post(Order order, std::optional<tunnel::link::MediaPeer> trunk) { loop_->post(std::move(order), trunk); }

}  // namespace roamdesk::media
