#include "exchange/calls/streams.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::calls {

bool Streams::open(Leg& leg, const Leg* beside) {
  const auto& at = leg.flow.address;
  const bool neighbours = beside && beside->stream && beside->flow.address.site == at.site;
  const auto endpoint =
      context_.host.allocate_media(at.site, at.face.address, neighbours ? std::optional{beside->media} : std::nullopt);
  if (!endpoint) return false;
  leg.media = *endpoint;
  leg.stream = media::StreamId{++last_stream_};
  by_stream_.emplace(*leg.stream, leg.id);
  context_.host.media(media::OpenStream{
      .stream = *leg.stream, .site = at.site, .local = *endpoint, .beside = beside ? beside->stream : std::nullopt});
  return true;
}

void Streams::close(Leg& leg) {
  if (!leg.stream) return;
  if (Leg* other = book_.leg(leg.connected); other && other->connected == leg.id) other->connected.reset();
  leg.connected.reset();
  by_stream_.erase(*leg.stream);
  context_.host.media(media::CloseStream{*leg.stream});
  leg.stream.reset();
  context_.host.release_media(leg.flow.address.site, leg.media);
}

void Streams::adopt(Leg& leg, const Leg& beside) {
  last_stream_ = std::max(last_stream_, leg.stream->value());
  by_stream_.emplace(*leg.stream, leg.id);
  context_.host.media(media::OpenStream{
      .stream = *leg.stream, .site = leg.flow.address.site, .local = leg.media, .beside = beside.stream});
  if (leg.seal.srtp == Srtp::off) return set_remote(leg, leg.remote_sdp);
  if (!leg.seal.agreed) {
    seal(leg, leg.seal.srtp);
    leg.local_sdp = word(leg, leg.local_sdp);
    return set_remote(leg, leg.remote_sdp);
  }
  const auto audio = sdp_view::read(leg.remote_sdp, leg.flow.address.peer.address, leg.seal.srtp);
  leg.sends = audio->sends;
  leg.receives = audio->receives;
  reseal(leg);
}

// SDES hands its keys to whoever reads the signalling (RFC 4568 §7): over anything but TLS they are worth nothing.
std::optional<Srtp> Streams::srtp_for(const std::optional<PeerId>& peer, const sip::Flow& flow) const {
  const auto wanted = context_.host.srtp(peer, flow.address);
  if (flow.address.transport == sip::Transport::tls || wanted == Srtp::off) return wanted;
  return wanted == Srtp::required ? std::nullopt : std::optional{Srtp::off};
}

void Streams::seal(Leg& leg, Srtp srtp) {
  leg.seal = {.srtp = srtp};
  if (srtp == Srtp::off) return;
  auto keys = std::make_shared<sdp_view::Keys>();
  for (std::size_t i = 0; i < srtp_suites; ++i)
    (*keys)[i] = context_.host.random_bytes(srtp_key_size(static_cast<SrtpSuite>(i)));
  leg.seal.keys = std::move(keys);
}

void Streams::reseal(Leg& leg) {
  const auto agreed = leg.seal.agreed;
  seal(leg, leg.seal.srtp);
  leg.seal.agreed = agreed;
  leg.local_sdp = word(leg, leg.local_sdp);
  leg.rekeys = true;
}

bool Streams::takes(const Leg& leg, std::string_view sdp) const {
  return sdp_view::read(sdp, leg.flow.address.peer.address, leg.seal.srtp).has_value();
}

void Streams::set_remote(Leg& leg, std::string_view sdp) {
  if (!leg.stream) return;
  const auto signalling = leg.flow.address.peer.address;
  const auto audio = sdp_view::read(sdp, signalling, leg.seal.srtp);
  if (!audio) return;
  std::optional<media::Sealing> sealing;
  if (audio->key) {
    const auto suite = audio->key->suite;
    leg.seal.agreed = suite;
    sealing = {suite, (*leg.seal.keys)[static_cast<std::size_t>(suite)], audio->key->theirs};
  }
  leg.rekeys = false;
  leg.sends = audio->sends;
  leg.receives = audio->receives;
  auto rtp = audio->rtp;
  // A caller that wasn't asked for credentials hears us at the address of its signalling only. Where that isn't proven,
  // media waits until it has heard the caller there.
  if (!leg.who.peer) rtp.address = signalling;
  if (leg.unproven) rtp = {};
  context_.host.media(media::SetRemote{.stream = *leg.stream,
                                       .rtp = rtp,
                                       .signalling = signalling,
                                       .codec = audio->codec,
                                       .event_payload = audio->event_payload,
                                       .codec_payload = audio->codec_payload,
                                       .send = audio->receives,
                                       .audio_payloads = audio->audio_payloads,
                                       .at_once = leg.outside && leg.outside->reached,
                                       .srtp = std::move(sealing)});
}

void Streams::reached(Leg& leg) {
  if (!leg.outside || std::exchange(leg.outside->reached, true)) return;
  if (leg.who.peer) context_.events.emplace_back(AddressReached{*leg.who.peer, leg.flow.address});
  set_remote(leg, leg.remote_sdp);
}

void Streams::connect(Leg& one, Leg& other) {
  if (!one.stream || !other.stream || (one.connected == other.id && other.connected == one.id)) return;
  for (Leg* leg : {&one, &other})
    if (Leg* former = book_.leg(leg->connected); former && former->connected == leg->id) former->connected.reset();
  one.connected = other.id;
  other.connected = one.id;
  context_.host.media(media::Connect{.a = *one.stream, .b = *other.stream});
}

std::string Streams::word(Leg& leg, std::string_view sdp, std::string_view offer) {
  // RFC 3264 §8: the version rises with every change, and only then. The leg's own number is the session's id.
  auto origin = leg.next_origin();
  --origin.version;
  auto same = sdp_view::reword(sdp, offer, origin);
  if (same == leg.local_sdp || same.empty()) return same;
  origin.version = ++leg.sdp_version;
  return sdp_view::reword(sdp, offer, origin);
}

void Streams::play(Leg& leg, std::vector<std::string> prompts, bool repeat) {
  if (!leg.stream) return;
  leg.playing = media::PlayId{++last_play_};
  context_.host.media(
      media::Play{.stream = *leg.stream, .prompts = std::move(prompts), .repeat = repeat, .id = *leg.playing});
}

void Streams::hush(Leg& leg) {
  if (!leg.stream || !leg.playing) return;
  leg.playing.reset();
  context_.host.media(media::StopPlaying{*leg.stream});
}

void Streams::collect(const Leg& leg, bool on) {
  if (leg.stream) context_.host.media(media::Collect{.stream = *leg.stream, .on = on, .barge_in = true});
}

Leg* Streams::leg_of(media::StreamId stream) {
  const auto found = by_stream_.find(stream);
  return found == by_stream_.end() ? nullptr : book_.leg(found->second);
}

std::string Streams::inconsistency() const {
  std::size_t streams = 0;
  for (const auto& [id, leg] : book_.legs()) {
    const auto who = "leg " + std::to_string(id.value()) + " ";
    streams += leg.stream.has_value();
    if (leg.stream && (!by_stream_.contains(*leg.stream) || by_stream_.at(*leg.stream) != id))
      return who + "stream unknown";
    if (leg.connected && !book_.leg(*leg.connected)) return who + "connected to nobody";
    if (leg.stream && leg.is<Ending>()) return who + "ends with its media";
    if (!leg.stream && !leg.is<Ending>()) return who + "has no media";
  }
  return streams == by_stream_.size() ? "" : "streams of no leg";
}

}  // namespace roamdesk::calls
