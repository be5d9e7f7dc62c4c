#include "pbx-core/door/media_router.hpp"

#include "common/base/overloaded.hpp"

namespace roamdesk::door {
namespace {

tunnel::Frame to_frame(const media::SetRemote& order) {
  tunnel::StreamRemote frame;
  frame.stream = order.stream.value();
  frame.rtp = order.rtp;
  frame.signalling = order.signalling;
  frame.codec = static_cast<std::uint8_t>(order.codec);
  frame.codec_payload = order.codec_payload;
  frame.event_payload = order.event_payload.value_or(255);
  frame.flags = static_cast<std::uint8_t>((order.send ? frame.send : 0) | (order.at_once ? frame.at_once : 0));
  if (!order.srtp) return frame;
  return tunnel::StreamSealed{frame, order.srtp->suite, order.srtp->ours, order.srtp->theirs};
}

// SRTP ends at the SBC: the engine hears and sends RTP, and has no use for the keys.
media::Order without_keys(const media::SetRemote& remote) {
  media::Order order = remote;
  std::get<media::SetRemote>(order).srtp.reset();
  return order;
}

}  // namespace

MediaRouter::Stream* MediaRouter::find(media::StreamId id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : &found->second;
}

std::optional<SiteId> MediaRouter::site_of(media::StreamId id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? std::nullopt : std::optional{found->second.site};
}

bool MediaRouter::bridged_at_home(media::StreamId id) const {
  const auto found = streams_.find(id);
  return found != streams_.end() && found->second.at_home;
}

std::size_t MediaRouter::streams(const SiteId& site) const {
  std::size_t count = 0;
  for (const auto& [id, stream] : streams_) count += stream.site == site;
  return count;
}

// Takes the connection between `id` and its peer away, in our books and at the SBC where it was bridged there.
void MediaRouter::detach(media::StreamId id, MediaEffects& effects) {
  Stream* stream = find(id);
  if (!stream || !stream->peer) return;
  Stream* peer = find(*stream->peer);
  if (stream->at_home) {
    effects.push_back(ToSbc{stream->site, tunnel::StreamDisconnect{id.value()}});
    effects.push_back(ToSbc{stream->site, tunnel::StreamDisconnect{stream->peer->value()}});
    stream->at_home = false;
    if (peer) peer->at_home = false;
  }
  if (peer) peer->peer.reset();
  stream->peer.reset();
}

// Brings a connection to where it belongs now.
void MediaRouter::settle(media::StreamId id, MediaEffects& effects) {
  Stream* a = find(id);
  if (!a || !a->peer) return;
  Stream* b = find(*a->peer);
  if (!b) return;
  const auto quiet = [](const Stream& stream) { return !stream.playing && !stream.collecting && !stream.recording; };
  const bool home = quiet(*a) && quiet(*b) && is_remote(*a) && a->site == b->site;
  if (home == a->at_home) return;
  a->at_home = b->at_home = home;
  if (home) {
    effects.push_back(ToSbc{a->site, tunnel::StreamConnect{id.value(), a->peer->value()}});
  } else {
    effects.push_back(ToSbc{a->site, tunnel::StreamDisconnect{id.value()}});
    effects.push_back(ToSbc{a->site, tunnel::StreamDisconnect{a->peer->value()}});
  }
}

MediaEffects MediaRouter::handle(const media::Order& order) {
  MediaEffects effects;
  std::visit(Overloaded{
                 [&](const media::OpenStream& open) {
                   if (find(open.stream)) return;  // ids are never reused: a repetition changes nothing
                   Stream stream;
                   stream.site = open.site;
                   stream.local = open.local;
                   streams_.emplace(open.stream, stream);
                   effects.push_back(ToEngine{open});
                   if (is_remote(stream))
                     effects.push_back(ToSbc{open.site, tunnel::StreamOpen{open.stream.value(), open.local}});
                 },
                 [&](const media::SetRemote& remote) {
                   Stream* stream = find(remote.stream);
                   if (!stream) return;
                   stream->remote = remote;
                   if (!is_remote(*stream)) return effects.push_back(ToEngine{remote});
                   effects.push_back(ToEngine{without_keys(remote)});
                   effects.push_back(ToSbc{stream->site, to_frame(remote)});
                 },
                 [&](const media::Connect& connect) {
                   Stream* a = find(connect.a);
                   Stream* b = find(connect.b);
                   if (!a || !b || connect.a == connect.b) return;
                   if (a->peer == connect.b && b->peer == connect.a) return;
                   detach(connect.a, effects);
                   detach(connect.b, effects);
                   a->peer = connect.b;
                   b->peer = connect.a;
                   // In the engine in any case: it is where the packets meet whenever they come to the core.
                   effects.push_back(ToEngine{connect});
                   settle(connect.a, effects);
                 },
                 [&](const media::Disconnect& disconnect) {
                   if (!find(disconnect.stream)) return;
                   detach(disconnect.stream, effects);
                   effects.push_back(ToEngine{disconnect});
                 },
                 [&](const media::CloseStream& close) {
                   Stream* stream = find(close.stream);
                   if (!stream) return;
                   detach(close.stream, effects);
                   effects.push_back(ToEngine{close});
                   if (is_remote(*stream))
                     effects.push_back(ToSbc{stream->site, tunnel::StreamClose{close.stream.value()}});
                   streams_.erase(close.stream);
                 },
                 [&](const media::Play& play) {
                   Stream* stream = find(play.stream);
                   if (!stream) return;
                   stream->playing = play.id;
                   settle(play.stream, effects);
                   effects.push_back(ToEngine{play});
                 },
                 [&](const media::StopPlaying& stop) {
                   Stream* stream = find(stop.stream);
                   if (!stream) return;
                   stream->playing.reset();
                   effects.push_back(ToEngine{stop});
                   settle(stop.stream, effects);
                 },
                 [&](const media::Collect& collect) {
                   Stream* stream = find(collect.stream);
                   if (!stream) return;
                   stream->collecting = collect.on;
                   effects.push_back(ToEngine{collect});
                   settle(collect.stream, effects);
                 },
                 [&](const media::Record& record) {
                   // One that isn't there is the engine's to refuse.
                   if (Stream* stream = find(record.stream)) stream->recording = record.id;
                   settle(record.stream, effects);
                   effects.push_back(ToEngine{record});
                 },
                 // Its end, which settles it, is reported.
                 [&](const media::StopRecording& stop) { effects.push_back(ToEngine{stop}); },
             },
             order);
  return effects;
}

MediaEffects MediaRouter::handle_play_ended(const media::PlayEnded& ended) {
  MediaEffects effects;
  if (Stream* stream = find(ended.stream); stream && stream->playing == ended.id) {
    stream->playing.reset();
    settle(ended.stream, effects);
  }
  return effects;
}

MediaEffects MediaRouter::handle_recording_ended(const media::RecordingEnded& ended) {
  MediaEffects effects;
  if (Stream* stream = find(ended.stream); stream && stream->recording == ended.id) {
    stream->recording.reset();
    settle(ended.stream, effects);
  }
  return effects;
}

MediaEffects MediaRouter::handle_site_fresh(const SiteId& site) {
  MediaEffects effects;
  for (auto& [id, stream] : streams_) {
    if (stream.site != site) continue;
    effects.push_back(ToSbc{site, tunnel::StreamOpen{id.value(), stream.local}});
    if (stream.remote && stream.remote->srtp) {
      stream.remote.reset();
      effects.push_back(ToSignalling{media::SealLost{id}});
    }
    if (stream.remote) effects.push_back(ToSbc{site, to_frame(*stream.remote)});
  }
  for (const auto& [id, stream] : streams_)
    if (stream.site == site && stream.at_home && id < *stream.peer)
      effects.push_back(ToSbc{site, tunnel::StreamConnect{id.value(), stream.peer->value()}});
  return effects;
}

}  // namespace roamdesk::door
