#include "common/tunnel/link/media_link.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <unordered_map>
#include <utility>
#include <variant>

#include "common/crypto/random.hpp"
#include "common/tunnel/link/datagram_batch.hpp"
#include "common/tunnel/link/datagram_socket.hpp"
#include "common/tunnel/link/media_mailbox.hpp"
#include "common/tunnel/media_packets.hpp"
#include "common/tunnel/media_path.hpp"
#include "common/tunnel/media_session.hpp"

namespace roamdesk::tunnel::link {
namespace {

constexpr auto tick = std::chrono::milliseconds{100};
constexpr auto counts_every = std::chrono::seconds{1};
constexpr int loss_reports = 5;  // loss is taken over so many reports

std::array<std::uint8_t, 32> fresh_secret() {
  std::array<std::uint8_t, 32> secret;
  crypto::fill_random(secret);
  return secret;
}

}  // namespace

struct MediaLink::Impl {
  // One other end. Its datagram under construction sits in a slot of the batch.
  struct Peer {
    Peer(MediaPeer id_, Side side, const MediaLink::Session& session)
        : id(id_), media(side, session.id, session.cipher), path(side, fresh_secret()) {}
    MediaPeer id;
    MediaSession media;
    MediaPath path;
    LocalAddress local;  // where its datagrams arrive: ours leave from there
    DatagramBatch::Slot* slot = nullptr;
    std::size_t filled = 0;  // plaintext in the slot
    bool dirty = false;      // in `dirty`
    MediaStats stats;
    int reports = 0;
  };

  Impl(Side side_, Settings settings_) : side(side_), settings(std::move(settings_)) {
    if (settings.listen.empty()) {
      sockets.emplace_back(Endpoint{every_address, 0}, settings.offload);
    } else {
      for (const auto& address : settings.listen) sockets.emplace_back(address, settings.offload, settings.shared);
    }
    dirty.reserve(max_media_peers);
    batch.set_offload(settings.offload);
  }

  Peer* find(MediaPeer peer) {
    return peer.value() < peers.size() && peers[peer.value()] ? peers[peer.value()].get() : nullptr;
  }

  // ---- out
  std::uint8_t* room(Peer& peer, std::size_t size) {
    if (peer.slot != nullptr && peer.filled + size > DatagramBatch::most_text) close_slot(peer);
    if (peer.slot == nullptr) {
      if (batch.full()) send_batch();
      peer.slot = batch.take();
      peer.filled = 0;
      if (!peer.dirty) {
        peer.dirty = true;
        dirty.push_back(&peer);
      }
    }
    return peer.slot->bytes.data() + media_header + peer.filled;
  }

  // Seals what the peer's slot holds and files it for sending.
  void close_slot(Peer& peer) {
    auto* slot = std::exchange(peer.slot, nullptr);
    if (slot == nullptr) return;
    slot->size = peer.media.seal(slot->bytes, peer.filled);
    if (slot->size == 0) {
      batch.discard(slot);
      ++peer.stats.dropped;
      return;
    }
    ++peer.stats.sent;
    peer.stats.bytes_sent += slot->size;
    if (peer.path.alive() && settings.use_udp) {
      slot->to = *peer.path.peer();
      slot->local = peer.local;
      batch.commit(slot);
    } else {
      notify_datagram(peer.id, {slot->bytes.data(), slot->size});
      batch.discard(slot);
    }
  }

  void send_batch() {
    for (auto* peer : dirty) {
      close_slot(*peer);
      peer->dirty = false;
    }
    dirty.clear();
    batch.send(sockets);
  }

  // The path's own records go by UDP whatever is alive, each in a datagram of its own.
  void send_records(Peer& peer) {
    while (const auto record = peer.path.poll_record()) {
      if (!settings.use_udp || !peer.media.can_seal()) continue;
      if (batch.full()) send_batch();
      auto* slot = batch.take();
      const auto text = write_packet(std::span{slot->bytes}.subspan(media_header, DatagramBatch::most_text), 0, false,
                                     record->view());
      slot->size = peer.media.seal(slot->bytes, text);
      slot->to = record->to;
      slot->local = peer.local;
      if (slot->size == 0) {
        batch.discard(slot);
      } else {
        batch.commit(slot);
      }
    }
  }

  // ---- in
  void handle_datagram(std::span<std::uint8_t> datagram, const Endpoint& from, const LocalAddress& local,
                       TimePoint now) {
    const auto id = peek_session(datagram);
    const auto at = id ? by_session.find(*id) : by_session.end();
    if (at == by_session.end()) return;
    auto& peer = *at->second;
    if (!settings.use_udp || !peer.path.accepts(from)) return;
    const auto run = open(peer, datagram, now);
    if (!run) return;
    peer.path.handle_authentic(from, now);
    if (from == peer.path.peer() || !peer.path.peer()) peer.local = local;
    deliver(peer, *run, &from, now);
    if (from == peer.path.peer()) peer.local = local;
    send_records(peer);
  }

  std::optional<std::span<std::uint8_t>> open(Peer& peer, std::span<std::uint8_t> datagram, TimePoint now) {
    const auto run = peer.media.open(datagram, now);
    if (!run) {
      ++(run.error() == OpenError::replayed ? peer.stats.replayed : peer.stats.unauthentic);
      return std::nullopt;
    }
    ++peer.stats.received;
    peer.stats.bytes_received += datagram.size();
    return *run;
  }

  void deliver(Peer& peer, std::span<const std::uint8_t> run, const Endpoint* from, TimePoint now) {
    PacketReader reader{run};
    while (const auto packet = reader.next()) {
      if (packet->stream == 0) {
        if (from != nullptr) peer.path.handle_record(packet->bytes, *from, now);
      } else {
        ++peer.stats.packets_received;
        if (sink != nullptr) sink->on_packet(peer.id, packet->stream, packet->rtcp, packet->bytes, now);
      }
    }
  }

  // ---- orders
  void handle_orders(TimePoint now) {
    for (auto& order : mailbox.take_orders()) {
      std::visit([&](auto& what) { apply(order.peer, what, now); }, order.what);
    }
  }

  void drop(MediaPeer id) {
    auto* peer = find(id);
    if (peer == nullptr) return;
    send_batch();  // nothing of the batch points to it any more
    by_session.erase(peer->media.id());
    peers[id.value()].reset();
    mailbox.withdraw(id);
  }

  void apply(MediaPeer id, const SetSession& what, TimePoint now) {
    drop(id);
    if (id.value() >= max_media_peers || by_session.contains(what.session.id)) return;
    if (peers.size() <= id.value()) peers.resize(id.value() + 1);
    auto& peer = peers[id.value()];
    peer = std::make_unique<Peer>(id, side, what.session);
    by_session.emplace(what.session.id, peer.get());
    if (what.session.remote) peer->path.set_peer(*what.session.remote, now);
    if (!next_tick) next_tick = now + tick;
  }
  void apply(MediaPeer id, const SetRemoteAddress& what, TimePoint now) {
    if (auto* peer = find(id)) {
      peer->path.set_peer(what.remote, now);
      send_records(*peer);
    }
  }
  void apply(MediaPeer id, const SetKeys& what, TimePoint now) {
    if (auto* peer = find(id)) {
      close_slot(*peer);
      peer->media.install(what.epoch, what.keys, now);
      send_records(*peer);  // the first probe proves the epoch
    }
  }
  void apply(MediaPeer id, const Remove&, TimePoint) { drop(id); }
  void apply(MediaPeer id, FromStream& what, TimePoint now) {
    auto* peer = find(id);
    if (peer == nullptr) return;
    if (const auto run = open(*peer, what.datagram, now)) deliver(*peer, *run, nullptr, now);
  }

  void notify_datagram(MediaPeer peer, std::span<const std::uint8_t> datagram) {
    MediaNotice notice;
    notice.kind = MediaNotice::Kind::datagram;
    notice.peer = peer;
    notice.datagram.assign(datagram.begin(), datagram.end());
    mailbox.notify(std::move(notice));
  }

  void handle_tick(TimePoint now) {
    if (!next_tick || now < *next_tick) return;
    next_tick = now + tick;
    const bool report = now >= next_report;
    if (report) next_report = now + counts_every;
    for (const auto& peer : peers) {
      if (!peer) continue;
      peer->media.handle_timeout(now);
      peer->path.handle_timeout(now);
      send_records(*peer);
      if (peer->media.poll_wants_epoch()) {
        MediaNotice notice;
        notice.kind = MediaNotice::Kind::epoch_wanted;
        notice.peer = peer->id;
        mailbox.notify(std::move(notice));
      }
      const bool udp = peer->path.alive() && settings.use_udp;
      if (udp != peer->stats.udp) {
        peer->stats.udp = udp;
        MediaNotice notice;
        notice.kind = MediaNotice::Kind::path_changed;
        notice.peer = peer->id;
        notice.udp = udp;
        mailbox.notify(std::move(notice));
        publish(*peer);
      }
      if (report) {
        if (++peer->reports % loss_reports == 0) {
          if (const auto loss = peer->media.take_loss()) peer->stats.loss = *loss;
        }
        publish(*peer);
      }
    }
  }

  void publish(Peer& peer) {
    peer.stats.rtt = peer.path.rtt();
    peer.stats.jitter = peer.path.jitter();
    peer.stats.moves = peer.path.moves();
    mailbox.publish(peer.id, peer.stats, batch.dropped());
  }

  Side side;
  Settings settings;
  std::vector<DatagramSocket> sockets;
  DatagramBatch batch;
  DatagramInbox inbox;
  MediaMailbox mailbox;
  PacketSink* sink = nullptr;
  std::vector<std::unique_ptr<Peer>> peers;
  std::unordered_map<std::uint32_t, Peer*> by_session;
  std::vector<Peer*> dirty;
  std::optional<TimePoint> next_tick;
  TimePoint next_report{};
};

MediaLink::MediaLink(Side side, Settings settings) : impl_(std::make_unique<Impl>(side, std::move(settings))) {}
MediaLink::~MediaLink() = default;

void MediaLink::set_sink(PacketSink* sink) { impl_->sink = sink; }

std::vector<int> MediaLink::descriptors() const {
  std::vector<int> fds{impl_->mailbox.descriptor()};
  for (const auto& socket : impl_->sockets) fds.push_back(socket.descriptor());
  return fds;
}

void MediaLink::handle_readable(TimePoint now) {
  impl_->handle_orders(now);
  for (std::size_t i = 0; i < impl_->sockets.size(); ++i) {
    impl_->inbox.receive(impl_->sockets[i], i,
                         [&](std::span<std::uint8_t> datagram, const Endpoint& from, const LocalAddress& local) {
                           impl_->handle_datagram(datagram, from, local, now);
                         });
  }
}

void MediaLink::handle_timeout(TimePoint now) { impl_->handle_tick(now); }

std::optional<TimePoint> MediaLink::deadline() const { return impl_->next_tick; }

bool MediaLink::send(MediaPeer id, std::uint32_t stream, bool rtcp, std::span<const std::uint8_t> bytes, TimePoint) {
  auto* peer = impl_->find(id);
  if (peer == nullptr) return false;
  if (stream == 0 || bytes.empty() || bytes.size() > max_packet || !peer->media.can_seal()) {
    ++peer->stats.dropped;
    return false;
  }
  const auto size = packet_header + bytes.size();
  write_packet({impl_->room(*peer, size), size}, stream, rtcp, bytes);
  peer->filled += size;
  ++peer->stats.packets_sent;
  return true;
}

void MediaLink::flush(TimePoint) { impl_->send_batch(); }

void MediaLink::post_session(MediaPeer peer, Session session) { impl_->mailbox.post({peer, SetSession{session}}); }
void MediaLink::post_remote(MediaPeer peer, Endpoint remote) { impl_->mailbox.post({peer, SetRemoteAddress{remote}}); }
void MediaLink::post_keys(MediaPeer peer, std::uint16_t epoch, EpochKeys keys) {
  impl_->mailbox.post({peer, SetKeys{epoch, keys}});
}
void MediaLink::post_remove(MediaPeer peer) { impl_->mailbox.post({peer, Remove{}}); }
void MediaLink::post_datagram(MediaPeer peer, crypto::Bytes datagram) {
  impl_->mailbox.post({peer, FromStream{std::move(datagram)}});
}

void MediaLink::set_notify(std::function<void()> notify) { impl_->mailbox.set_notify(std::move(notify)); }
std::optional<MediaNotice> MediaLink::poll_notice() { return impl_->mailbox.poll_notice(); }
MediaStats MediaLink::stats(MediaPeer peer) const { return impl_->mailbox.stats(peer); }
std::uint64_t MediaLink::unsent() const { return impl_->mailbox.unsent(); }

bool MediaLink::steer(std::size_t threads) const {
  return std::all_of(impl_->sockets.begin(), impl_->sockets.end(),
                     [&](const DatagramSocket& socket) { return socket.steer(threads); });
}

Endpoint MediaLink::local_endpoint(std::size_t index) const { return impl_->sockets.at(index).local_endpoint(); }

}  // namespace roamdesk::tunnel::link
