#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/time.hpp"
#include "common/tunnel/media_keys.hpp"
#include "common/tunnel/media_stats.hpp"

namespace roamdesk::tunnel::link {

// One other end of the media path: at the SBC there is one (the core), at the core one for each SBC, given by
// Server::media_peer and good while the program runs.
using MediaPeer = Strong<struct MediaPeerTag, std::uint32_t>;
inline constexpr std::uint32_t max_media_peers = 4096;

// Takes what arrives, in the media thread. `bytes` live until the call returns. The tunnel has proven that `peer` sent
// it; that the stream is one of this peer's is for the sink to check.
class PacketSink {
 public:
  virtual ~PacketSink() = default;
  virtual void on_packet(MediaPeer peer, std::uint32_t stream, bool rtcp, std::span<const std::uint8_t> bytes,
                         TimePoint now) = 0;
};

// What the media thread tells the signalling thread; drained there by Client and Server.
struct MediaNotice {
  enum class Kind { datagram, epoch_wanted, path_changed } kind{};
  MediaPeer peer;
  crypto::Bytes datagram;  // sealed, for the stream (UDP doesn't pass)
  bool udp = false;        // path_changed
};

// The sealed media path's sockets. Lives in one media thread, whose loop waits for its descriptors:
//
//   for (int fd : link.descriptors()) poll it for input, and call link.handle_readable(now);
//   at link.deadline(now) call link.handle_timeout(now);
//   after each turn of the loop call link.flush(now).
//
// send, flush and handle_readable neither allocate nor lock for a packet on the UDP path. Everything named post_* may
// be called from any thread; it wakes the loop through one of the descriptors.
class MediaLink {
 public:
  struct Settings {
    // Core: the tunnel's addresses (throws std::system_error where one can't be bound). SBC: empty, any address and
    // port.
    std::vector<Endpoint> listen;
    bool offload = true;  // GSO and GRO where the kernel has them
    bool use_udp = true;  // false: everything takes the stream (tests, and networks known to block UDP)
    bool shared = false;  // others may listen there too (MediaLinks)
  };
  MediaLink(Side side, Settings settings);
  ~MediaLink();
  MediaLink(const MediaLink&) = delete;
  MediaLink& operator=(const MediaLink&) = delete;

  // ---- media thread
  void set_sink(PacketSink* sink);
  std::vector<int> descriptors() const;
  // Reads what is there, at most a bounded number of datagrams, so that other sockets get their turn.
  void handle_readable(TimePoint now);
  void handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  // Queues one RTP or RTCP packet of 1..1500 bytes; sealed and sent with its like at the next flush, or earlier when a
  // batch is full. False: this peer has no session now, or the packet is too long; it is counted and dropped.
  bool send(MediaPeer peer, std::uint32_t stream, bool rtcp, std::span<const std::uint8_t> bytes, TimePoint now);
  void flush(TimePoint now);

  // ---- any thread
  struct Session {
    std::uint32_t id = 0;  // Welcome::media_session
    crypto::Cipher cipher = crypto::Cipher::aes_128_gcm;
    std::optional<Endpoint> remote;  // SBC: the core's address; core: learned from the first sealed packet
  };
  // A new session replaces the peer's old one, keys and all.
  void post_session(MediaPeer peer, Session session);
  // The other end's address after a reconnect (SBC only).
  void post_remote(MediaPeer peer, Endpoint remote);
  void post_keys(MediaPeer peer, std::uint16_t epoch, EpochKeys keys);
  void post_remove(MediaPeer peer);
  // A sealed datagram that came by the stream.
  void post_datagram(MediaPeer peer, crypto::Bytes datagram);
  // Called in the media thread when notices begin to wait; the callee arranges for poll_notice in its own thread.
  void set_notify(std::function<void()> notify);
  std::optional<MediaNotice> poll_notice();
  // As of the last second.
  MediaStats stats(MediaPeer peer) const;
  // Datagrams that the kernel had no room for, since the start.
  std::uint64_t unsent() const;
  Endpoint local_endpoint(std::size_t index = 0) const;
  // DatagramSocket::steer(), of all its sockets.
  bool steer(std::size_t threads) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace roamdesk::tunnel::link
