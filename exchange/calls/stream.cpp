#include "exchange/calls/body.hpp"
#include "exchange/calls/impl.hpp"

// One media stream for each leg, and a port of its site, both from the leg's first day to its end.
namespace roamdesk::calls {

bool Engine::Impl::open_media(Leg& l) {
  const auto& at = l.flow.address;
  const auto endpoint = host_.allocate_media(at.site, at.face.address);
  if (!endpoint) return false;
  l.media = *endpoint;
  l.stream = media::StreamId{++last_stream_};
  by_stream_.emplace(*l.stream, l.id);
  host_.media(media::OpenStream{*l.stream, at.site, *endpoint});
  return true;
}

void Engine::Impl::close_media(Leg& l) {
  if (!l.stream) return;
  if (Leg* other = leg(l.connected); other && other->connected == l.id) other->connected.reset();
  l.connected.reset();
  by_stream_.erase(*l.stream);
  host_.media(media::CloseStream{*l.stream});
  l.stream.reset();
  host_.release_media(l.flow.address.site, l.media);
}

void Engine::Impl::set_remote(Leg& l, std::string_view sdp) {
  if (!l.stream) return;
  const auto signalling = l.flow.address.peer.address;
  const auto audio = body::read(sdp, signalling);
  if (!audio) return;
  l.sends = audio->sends;
  l.receives = audio->receives;
  auto rtp = audio->rtp;
  // Who wasn't asked who he is hears us at the address of his signalling only. Where that isn't proven, media waits
  // until it has heard somebody there.
  if (!l.who.peer) rtp.address = signalling;
  if (l.unproven) rtp = {};
  host_.media(media::SetRemote{*l.stream, rtp, signalling, audio->codec, audio->event_payload, audio->codec_payload,
                               audio->receives, audio->audio_payloads});
}

void Engine::Impl::connect(Leg& x, Leg& y) {
  if (!x.stream || !y.stream || (x.connected == y.id && y.connected == x.id)) return;
  for (Leg* l : {&x, &y})
    if (Leg* former = leg(l->connected); former && former->connected == l->id) former->connected.reset();
  x.connected = y.id;
  y.connected = x.id;
  host_.media(media::Connect{*x.stream, *y.stream});
}

std::string Engine::Impl::worded(Leg& l, std::string_view sdp, std::string_view offer) {
  // RFC 3264 §8: the version rises with every change, and only then. The leg's own number is the session's id.
  auto same = body::reword(sdp, offer, {l.id.value(), l.sdp_version, l.media});
  if (same == l.local_sdp || same.empty()) return same;
  return body::reword(sdp, offer, {l.id.value(), ++l.sdp_version, l.media});
}

void Engine::Impl::play(Leg& l, std::vector<std::string> prompts, bool repeat) {
  if (!l.stream) return;
  l.playing = media::PlayId{++last_play_};
  host_.media(media::Play{*l.stream, std::move(prompts), repeat, *l.playing});
}

void Engine::Impl::handle_media(const media::Event& event) {
  const auto find_leg = [&](media::StreamId stream) {
    const auto it = by_stream_.find(stream);
    return it == by_stream_.end() ? nullptr : leg(it->second);
  };
  if (const auto* heard = std::get_if<media::DigitHeard>(&event)) {
    Leg* l = find_leg(heard->stream);
    Call* c = l ? call(l->call) : nullptr;
    if (c && c->kind == CallKind::dialogue) digit(*c, heard->digit, Call::Digits::stream, heard->at);
  } else if (const auto* ended = std::get_if<media::PlayEnded>(&event)) {
    Leg* l = find_leg(ended->stream);
    // The end of what a newer prompt has replaced, or a digit has stopped, is no news.
    if (!l || l->playing != ended->id) return;
    l->playing.reset();
    Call* c = call(l->call);
    if (!c) return;
    if (c->kind == CallKind::dialogue) events_.emplace_back(DialoguePromptEnded{c->dialogue});
    if (c->kind == CallKind::announcement) announced(c->serial);
  } else if (const auto* failed = std::get_if<media::StreamFailed>(&event)) {
    if (Leg* l = find_leg(failed->stream)) leg_left(l->id, 500, {});
  }
}

}  // namespace roamdesk::calls
