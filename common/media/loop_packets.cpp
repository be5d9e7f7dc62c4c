#include "common/media/loop.hpp"
#include "common/media/sockets.hpp"

// The way of a packet: no allocation, no lock.
namespace roamdesk::media {
namespace {

// In 8 kHz timestamp units, for the jitter.
std::uint32_t arrival_of(TimePoint now) {
  using Tick = std::chrono::duration<std::uint64_t, std::ratio<1, 8000>>;
  return static_cast<std::uint32_t>(std::chrono::duration_cast<Tick>(now.time_since_epoch()).count());
}

// T.38: its datagrams are no RTP.
bool passes_any(const Stream& stream) { return stream.remote.codec == Codec::image; }

}  // namespace

int Engine::Loop::socket_of(std::uint64_t tag) {
  const Ports* const ports = ports_of(tag);
  if (!ports) return -1;
  return is_rtcp_socket(tag) ? ports->rtcp : ports->rtp;
}

void Engine::Loop::on_ready(std::uint64_t tag, TimePoint now) {
  if (tag == tag_wake)
    take_orders(now);
  else if (tag == tag_crossing)
    crossing_ready_ = true;
  else
    link_ready_ = true;
}

void Engine::Loop::on_datagram(std::uint64_t tag, std::span<std::uint8_t> bytes, bool whole,
                               const net::SocketAddress& from, TimePoint now) {
  // Looked up by number, not by address: an order of this very turn may have closed it.
  const Ports* const ports = ports_of(tag);
  Stream* const stream = ports ? ports->stream : nullptr;
  if (!stream) return;
  ++packets_;
  const bool rtcp = is_rtcp_socket(tag);
  auto& latch = rtcp ? stream->rtcp : stream->rtp;
  const auto source = from.endpoint();
  std::size_t size = bytes.size();
  if (stream->srtp) size = whole && latch.may_speak(source) ? stream->srtp->open(rtcp, bytes, now) : 0;
  const Packet packet{bytes.first(size)};
  const bool image = !rtcp && passes_any(*stream);
  const auto rtp = rtcp || image ? std::nullopt : parse_rtp(packet);
  const bool sound = whole && (image ? !packet.empty() : rtcp ? is_rtcp(packet) : rtp.has_value());
  const auto goes_on = [&] {
    if (image) return false;  // nothing in it says whose it is
    return rtp ? stream->reception.is_followed_by(*rtp) : stream->reception.is_reported_by(packet);
  };
  if (sound && (latch.accept(source, now) || (goes_on() && latch.follow(source, now))))
    heard(*stream, rtcp, packet, rtp ? &*rtp : nullptr, now);
  else
    ++stream->dropped;
}

void Engine::Loop::on_error(std::uint64_t tag, TimePoint now) {
  constexpr int most = 32;
  const Ports* const ports = ports_of(tag);
  if (!ports) return;
  const bool rtcp = is_rtcp_socket(tag);
  for (int i = 0; i < most; ++i) {
    const auto target = take_unreachable(rtcp ? ports->rtcp : ports->rtp);
    if (!target) return;
    if (Stream* const stream = ports->stream) (rtcp ? stream->rtcp : stream->rtp).unreachable(*target, now);
  }
}

void Engine::Loop::on_packet(tunnel::link::MediaPeer peer, std::uint32_t id, bool rtcp,
                             std::span<const std::uint8_t> bytes, TimePoint now) {
  ++packets_;
  Stream* const stream = find(StreamId{id});
  if (!stream) return;
  if (settings_.home) {
    // At an SBC the tunnel brings what the phone is to hear, unless its call is bridged here.
    if (peer == *settings_.home && !stream->trunk && !stream->peer) deliver(*stream, rtcp, bytes, now);
    return;
  }
  // At the core it brings what a phone there says; a stream is heard from its own SBC only.
  if (!stream->trunk || *stream->trunk != peer.value()) return;
  const bool image = !rtcp && passes_any(*stream);
  const auto rtp = rtcp || image ? std::nullopt : parse_rtp(bytes);
  if (image ? !bytes.empty() : rtcp ? is_rtcp(bytes) : rtp.has_value())
    heard(*stream, rtcp, bytes, rtp ? &*rtp : nullptr, now);
  else
    ++stream->dropped;
}

// A phone has said this; `rtp` is null for RTCP and for a fax.
void Engine::Loop::heard(Stream& stream, bool rtcp, Packet packet, const RtpView* rtp, TimePoint now) {
  if (rtp) {
    stream.reception.received(rtp->sequence, rtp->timestamp, rtp->ssrc, arrival_of(now));
    if (stream.collecting) listen(stream, *rtp, now);
    if (stream.recording) record(stream, *rtp, now);
  }
  // What is no RTP is for a peer alone that has agreed to a fax as well: while one side has, and the other hasn't yet.
  if (!rtp && !rtcp && stream.peer && !passes_any(*stream.peer)) return void(++stream.dropped);
  if (stream.peer)
    deliver(*stream.peer, rtcp, packet, now);
  else if (stream.far)
    lost_crossing_ += !settings_.crossing->put(settings_.thread, stream.far->thread,
                                               {stream.id, stream.far->stream, rtcp, !rtp && !rtcp, packet});
  else if (settings_.home && link_)
    link_->send(*settings_.home, stream.id.value(), rtcp, packet, now);
}

// What streams of other threads have heard for some of this one. Both halves of a connection must be there: one may
// have been undone while the packet was on its way.
void Engine::Loop::take_crossed(TimePoint now) {
  settings_.crossing->take(settings_.thread, [&](std::size_t thread, const PacketRing::Entry& entry) {
    ++crossed_;
    Stream* const stream = find(entry.to);
    if (!stream || !stream->far || stream->far->thread != thread || stream->far->stream != entry.from) return;
    if (entry.image && !passes_any(*stream)) return;
    deliver(*stream, entry.rtcp, entry.bytes, now);
  });
}

void Engine::Loop::listen(Stream& stream, const RtpView& rtp, TimePoint now) {
  const auto digit = stream.digits->received(rtp, {stream.remote.event_payload, stream.remote.audio_payloads}, now);
  if (!digit) return;
  const bool interrupted = stream.barge_in && stream.playout.playing();
  if (interrupted) stop_playing(stream);
  tell(DigitHeard{stream.id, *digit, now});
  if (interrupted) tell(PlayEnded{stream.id, stream.play});
}

// A phone is to hear this; a prompt goes before anything else.
void Engine::Loop::deliver(Stream& stream, bool rtcp, Packet packet, TimePoint now) {
  if (stream.playout.playing() && !rtcp) return;
  send(stream, rtcp, packet, now);
}

void Engine::Loop::send(Stream& stream, bool rtcp, Packet packet, TimePoint now) {
  if (stream.trunk) {
    if (link_) link_->send(tunnel::link::MediaPeer{*stream.trunk}, stream.id.value(), rtcp, packet, now);
    return;
  }
  if (!stream.remote.send && !rtcp) return;
  const auto target = (rtcp ? stream.rtcp : stream.rtp).target();
  if (!target) return;
  if (stream.srtp) {
    packet = stream.srtp->seal(rtcp, packet, sealed_);
    if (packet.empty()) return;
  }
  const Ports& ports = *stream.ports;
  io_->send(rtcp ? ports.rtcp : ports.rtp, tag_of(ports, rtcp), packet, net::SocketAddress{*target});
}

}  // namespace roamdesk::media
