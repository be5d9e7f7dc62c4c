#include <sys/random.h>

#include <type_traits>

#include "common/media/loop.hpp"

namespace roamdesk::media {
namespace {

void disconnect(Stream& stream) {
  if (stream.peer) stream.peer->peer = nullptr;
  stream.peer = nullptr;
  stream.far.reset();
}

StreamQuality quality_of(const Stream& stream) {
  const auto& r = stream.reception;
  return {stream.id, r.packets(), r.lost(), stream.dropped, r.jitter_ms()};
}

}  // namespace

void Engine::Loop::take_orders(TimePoint now) {
  {
    const std::lock_guard lock{mutex_};
    taken_.swap(mailbox_);
  }
  for (const auto& posted : taken_) {
    const auto carry_out = [&]<class O>(const O& order) {
      if constexpr (std::is_same_v<O, OpenStream>)
        perform(order, posted.trunk);
      else
        perform(order, now);
    };
    const auto obey = [&]<class W>(const W& what) {
      if constexpr (std::is_same_v<W, Order>)
        std::visit(carry_out, what);
      else
        perform(what, now);
    };
    std::visit(obey, posted.what);
  }
  taken_.clear();
  take_recorded();
}

void Engine::Loop::perform(const OpenStream& order, const Trunk& trunk) {
  if (streams_.contains(order.stream)) return tell(StreamFailed{order.stream, "opened twice"});
  auto stream = std::make_unique<Stream>();
  stream->id = order.stream;
  if (trunk) {
    stream->trunk = trunk->value();
  } else {
    // An odd or missing port would leave RTCP without a port of its own.
    if (order.local.port == 0 || order.local.port % 2 != 0)
      return tell(StreamFailed{order.stream, to_string(order.local) + ": not an even port"});
    std::string why;
    stream->ports = ready_ports(order.local, why);
    if (!stream->ports) return tell(StreamFailed{order.stream, why});
    stream->ports->stream = stream.get();
  }
  streams_.emplace(order.stream, std::move(stream));
}

void Engine::Loop::perform(const SetRemote& order, TimePoint now) {
  Stream* const stream = find(order.stream);
  if (!stream) return;
  stream->remote = order;
  stream->remote.srtp.reset();
  stream->srtp = nullptr;
  // What a trunk stream says comes open out of the tunnel: the branch has its phone's keys.
  if (order.srtp && !stream->trunk) {
    if (!stream->protection) stream->protection = std::make_unique<Protection>();
    stream->protection->set(*order.srtp, now);
    stream->srtp = stream->protection.get();
  }
  stream->rtp.set_remote(order.rtp, order.signalling, order.at_once);
  stream->rtcp.set_remote(rtcp_of(order.rtp), order.signalling, order.at_once);
}

void Engine::Loop::perform(const Connect& order, TimePoint) {
  Stream *const a = find(order.a), *const b = find(order.b);
  if (!a || !b || a == b) return;
  disconnect(*a);
  disconnect(*b);
  a->peer = b;
  b->peer = a;
}

void Engine::Loop::perform(const Join& join, TimePoint) {
  Stream* const stream = find(join.stream);
  if (!stream) return;
  disconnect(*stream);
  stream->far = Far{join.thread, join.peer};
}

void Engine::Loop::perform(const Look& look, TimePoint) {
  std::vector<StreamQuality> seen;
  for (const auto id : look.streams)
    if (const Stream* stream = find(id)) seen.push_back(quality_of(*stream));
  look.done(std::move(seen));
}

void Engine::Loop::perform(const Disconnect& order, TimePoint) {
  if (Stream* const stream = find(order.stream)) disconnect(*stream);
}

void Engine::Loop::perform(const CloseStream& order, TimePoint) {
  Stream* const stream = find(order.stream);
  if (!stream) return;
  if (stream->ports) close_ports(*stream->ports);
  end(*stream);
}

void Engine::Loop::perform(const Keep& keep, TimePoint) {
  Stream* const stream = find(keep.stream);
  if (!stream) return;
  if (Ports* const ports = stream->ports) {
    ports->stream = nullptr;
    kept_.emplace(ports->local, ports);
  }
  end(*stream);
}

// Its sockets are closed or kept already.
void Engine::Loop::end(Stream& stream) {
  disconnect(stream);
  stop_playing(stream);
  end_recording(stream, RecordingEnd::stream_closed);
  tell(quality_of(stream));
  recent_ = nullptr;
  streams_.erase(stream.id);
}

void Engine::Loop::perform(const Play& order, TimePoint now) {
  Stream* const stream = find(order.stream);
  if (!stream) return;
  stop_playing(*stream);
  std::deque<const Prompt*> prompts;
  if (is_g711(stream->remote.codec))
    for (const auto& name : order.prompts)
      if (const Prompt* prompt = prompts_.find(name)) prompts.push_back(prompt);
  // What can't be played takes no time; code that waits for its end must not wait for ever.
  if (prompts.empty()) return tell(PlayEnded{order.stream, order.id});
  std::uint32_t random = 0;
  [[maybe_unused]] const auto got = getrandom(&random, sizeof random, 0);
  stream->playout.begin(std::move(prompts), order.repeat, random, now);
  stream->play = order.id;
  playing_.push_back(stream);
}

void Engine::Loop::perform(const StopPlaying& order, TimePoint) {
  if (Stream* const stream = find(order.stream)) stop_playing(*stream);
}

void Engine::Loop::perform(const Collect& order, TimePoint) {
  Stream* const stream = find(order.stream);
  if (!stream) return;
  stream->collecting = order.on;
  stream->barge_in = order.barge_in;
  // The source that delivered first stays the one that counts, for the whole call.
  if (order.on && !stream->digits) stream->digits.emplace();
}

void Engine::Loop::play_due(TimePoint now) {
  for (std::size_t i = 0; i < playing_.size();) {
    Stream& stream = *playing_[i];
    std::array<std::uint8_t, 12 + Playout::frame> packet;
    bool ended = false;
    stream.playout.forgive(now);
    while (!ended && stream.playout.due() <= now) {
      const bool alaw = stream.remote.codec == Codec::pcma;
      const auto size = stream.playout.next(packet, alaw, stream.remote.codec_payload);
      if (size == 0)
        ended = true;
      else
        send(stream, false, Packet{packet.data(), size}, now);
    }
    if (ended) {
      playing_.erase(playing_.begin() + static_cast<std::ptrdiff_t>(i));
      tell(PlayEnded{stream.id, stream.play});
    } else {
      ++i;
    }
  }
}

void Engine::Loop::stop_playing(Stream& stream) {
  stream.playout.stop();
  std::erase(playing_, &stream);
}

}  // namespace roamdesk::media
