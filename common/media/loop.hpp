#pragma once
#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "common/media/engine.hpp"
#include "common/media/pace.hpp"
#include "common/media/packet_io.hpp"
#include "common/media/stream.hpp"
#include "common/net/socket_address.hpp"

namespace roamdesk::media {

// Of RTP sockets from now on.
struct Mark {
  int dscp = 0;
};

struct Look {
  std::vector<StreamId> streams;
  Engine::Looked done;
};

// The media thread. Everything but post() runs in it; it shares the mailbox, and what it hands to the recorder.
class Engine::Loop : private tunnel::link::PacketSink, private PacketTaker {
 public:
  Loop(Settings settings, const PromptLibrary& prompts, tunnel::link::MediaLink* link, Report report);
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  using Told = std::variant<Order, Join, Keep, Mark, Look>;
  void put(Told what, std::optional<tunnel::link::MediaPeer> trunk);
  void wake();
  Counts counts() const;
  const Loops& loops() const { return loops_; }

 private:
  using Trunk = std::optional<tunnel::link::MediaPeer>;
  struct Posted {
    Told what;
    Trunk trunk;
  };
  static constexpr std::size_t most_bytes = PacketIo::most_bytes;
  // Of what is watched. Of sockets: tag_of().
  static constexpr std::uint64_t tag_wake = 0, tag_link = 1, tag_crossing = 2;
  static std::uint64_t tag_of(const Ports& ports, bool rtcp) {
    return ((std::uint64_t{ports.serial} + 2) << 1) | std::uint64_t{rtcp};
  }
  static std::uint32_t serial_of(std::uint64_t tag) { return static_cast<std::uint32_t>((tag >> 1) - 2); }
  static bool is_rtcp_socket(std::uint64_t tag) { return tag & 1; }

  void ring() const;
  void begin();
  void run();
  void count_turn(bool paused);
  void tell(Event event) { to_tell_.push_back(std::move(event)); }
  TimePoint deadline() const;
  Stream* find(StreamId id);
  Ports* ports_of(std::uint64_t tag);

  // loop_packets.cpp
  int socket_of(std::uint64_t tag) override;
  void on_datagram(std::uint64_t tag, std::span<std::uint8_t> bytes, bool whole, const net::SocketAddress& from,
                   TimePoint now) override;
  void on_error(std::uint64_t tag, TimePoint now) override;
  void on_ready(std::uint64_t tag, TimePoint now) override;
  void on_packet(tunnel::link::MediaPeer peer, std::uint32_t id, bool rtcp, std::span<const std::uint8_t> bytes,
                 TimePoint now) override;
  void heard(Stream& stream, bool rtcp, Packet packet, const RtpView* rtp, TimePoint now);
  void listen(Stream& stream, const RtpView& rtp, TimePoint now);
  void take_crossed(TimePoint now);
  void deliver(Stream& stream, bool rtcp, Packet packet, TimePoint now);
  void send(Stream& stream, bool rtcp, Packet packet, TimePoint now);

  // loop_orders.cpp
  void take_orders(TimePoint now);
  void perform(const OpenStream& order, const Trunk& trunk);
  void perform(const SetRemote& order, TimePoint now);
  void perform(const Connect& order, TimePoint now);
  void perform(const Join& join, TimePoint now);
  void perform(const Keep& keep, TimePoint now);
  void perform(const Mark& mark, TimePoint now);
  void perform(const Look& look, TimePoint now);
  void perform(const Disconnect& order, TimePoint now);
  void perform(const CloseStream& order, TimePoint now);
  Ports* ready_ports(Endpoint local, std::string& why);
  Ports* open_ports(Endpoint local, std::string& why);
  void close_ports(Ports& ports);
  void end(Stream& stream);
  void perform(const Play& order, TimePoint now);
  void perform(const StopPlaying& order, TimePoint now);
  void perform(const Collect& order, TimePoint now);
  void play_due(TimePoint now);
  void stop_playing(Stream& stream);

  // loop_recordings.cpp
  void perform(const Record& order, TimePoint now);
  void perform(const StopRecording& order, TimePoint now);
  void record(Stream& stream, const RtpView& rtp, TimePoint now);
  void end_recording(Stream& stream, RecordingEnd why);
  void abandon_recording(Stream& stream);
  void forget_recording(Stream& stream);
  void record_due(TimePoint now);
  void take_recorded();

  Settings settings_;
  const PromptLibrary& prompts_;
  tunnel::link::MediaLink* link_;
  Report report_;
  // Of the turn under way.
  std::vector<Event> to_tell_;
  Loops loops_;
  int wake_ = -1;
  std::unique_ptr<PacketIo> io_;
  Pace pace_;
  // Of the turn under way.
  unsigned packets_ = 0, crossed_ = 0, lost_crossing_ = 0;
  bool link_ready_ = false, crossing_ready_ = false;
  // Since the start; written by the media thread once a turn.
  std::atomic<std::uint64_t> turns_ = 0, pauses_ = 0, carried_ = 0, came_across_ = 0, missed_crossing_ = 0;
  std::atomic<std::uint64_t> opened_ = 0;
  // Of the mailbox: orders, never packets.
  std::mutex mutex_;
  std::vector<Posted> mailbox_, taken_;
  std::unordered_map<StreamId, std::unique_ptr<Stream>> streams_;
  // Found last: a turn asks for the same one several times.
  Stream* recent_ = nullptr;
  // Of streams, and kept: by their serial; those that are kept by their port as well.
  std::unordered_map<std::uint32_t, std::unique_ptr<Ports>> ports_;
  std::unordered_map<Endpoint, Ports*> kept_;
  std::uint32_t last_serial_ = 0;
  Ports* recent_ports_ = nullptr;
  std::vector<Stream*> playing_, recording_;
  std::unique_ptr<Recorder> recorder_;
  // A packet on its way to a phone by SRTP.
  std::array<std::uint8_t, most_bytes + srtp::most_added> sealed_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

// RTCP has the port behind RTP's (RFC 3550 §11).
inline Endpoint rtcp_of(Endpoint rtp) {
  if (rtp.port != 0 && rtp.port != 65535) ++rtp.port;
  return rtp;
}

inline bool is_g711(Codec codec) { return codec == Codec::pcmu || codec == Codec::pcma; }

}  // namespace roamdesk::media
