#pragma once
#include <type_traits>

#include "common/tunnel/frame_codec.hpp"

// Each frame's type number and its fields in the order of the wire, with their limits: written once, and walked by the
// reader, the writer and the check of limits alike, so that they can't disagree (docs/tunnel.md §3).
namespace roamdesk::tunnel {

template <class F>
inline constexpr std::uint8_t frame_type = 0;
template <>
inline constexpr std::uint8_t frame_type<Hello> = 1;
template <>
inline constexpr std::uint8_t frame_type<Welcome> = 2;
template <>
inline constexpr std::uint8_t frame_type<Goodbye> = 3;
template <>
inline constexpr std::uint8_t frame_type<Ping> = 4;
template <>
inline constexpr std::uint8_t frame_type<Pong> = 5;
template <>
inline constexpr std::uint8_t frame_type<Ack> = 6;
template <>
inline constexpr std::uint8_t frame_type<Enrol> = 7;
template <>
inline constexpr std::uint8_t frame_type<Issued> = 8;
template <>
inline constexpr std::uint8_t frame_type<Renew> = 9;
template <>
inline constexpr std::uint8_t frame_type<NextEpoch> = 10;
template <>
inline constexpr std::uint8_t frame_type<WantEpoch> = 11;
template <>
inline constexpr std::uint8_t frame_type<Media> = 12;
template <>
inline constexpr std::uint8_t frame_type<LinkReport> = 13;
template <>
inline constexpr std::uint8_t frame_type<FlowOpen> = 32;
template <>
inline constexpr std::uint8_t frame_type<FlowClose> = 33;
template <>
inline constexpr std::uint8_t frame_type<Sip> = 34;
template <>
inline constexpr std::uint8_t frame_type<FlowStanding> = 35;
template <>
inline constexpr std::uint8_t frame_type<HttpRequest> = 48;
template <>
inline constexpr std::uint8_t frame_type<HttpHead> = 49;
template <>
inline constexpr std::uint8_t frame_type<HttpBody> = 50;
template <>
inline constexpr std::uint8_t frame_type<HttpCancel> = 51;
template <>
inline constexpr std::uint8_t frame_type<StreamOpen> = 64;
template <>
inline constexpr std::uint8_t frame_type<StreamRemote> = 65;
template <>
inline constexpr std::uint8_t frame_type<StreamConnect> = 66;
template <>
inline constexpr std::uint8_t frame_type<StreamDisconnect> = 67;
template <>
inline constexpr std::uint8_t frame_type<StreamClose> = 68;
template <>
inline constexpr std::uint8_t frame_type<StreamFailed> = 69;
template <>
inline constexpr std::uint8_t frame_type<StreamQuality> = 70;

inline constexpr std::size_t most_name = 64, most_software = 64, most_text = 512, most_pem = 16 * 1024, most_lans = 32,
                             most_headers = 64, most_header_name = 128, most_header_value = 4096, most_method = 16,
                             most_path = 2048;

// `A` is an archive: number(x), enumeration(x, first, last), flag(b), text(s, most), secret(s, most), bytes(b, most),
// id(array), address(ip), endpoint(e), list(v, most, f), present(number) for what mustn't be 0.
template <class F, class T>
inline constexpr bool is = std::is_same_v<std::remove_const_t<F>, T>;

template <class A, class F>
void walk(A& a, F& f) {
  if constexpr (is<F, Hello>) {
    a.number(f.protocol), a.text(f.software, most_software), a.text(f.name, most_name);
    a.id(f.instance), a.id(f.core), a.id(f.session), a.number(f.received), a.flag(f.prefers_aes);
    a.list(f.lans, most_lans, [&a](auto& lan) {
      a.address(lan.address), a.number(lan.sip), a.number(lan.sips), a.number(lan.provisioning), a.number(lan.ntp);
      a.number(lan.rtp_first), a.number(lan.rtp_last), a.flag(lan.pnp);
    });
  } else if constexpr (is<F, Welcome>) {
    a.number(f.protocol), a.text(f.software, most_software), a.id(f.core), a.id(f.session), a.flag(f.resumed);
    a.number(f.received), a.present(f.media_session), a.number(f.epoch);
    a.enumeration(f.cipher, crypto::Cipher::aes_128_gcm, crypto::Cipher::chacha20_poly1305), a.number(f.wall_ms);
  } else if constexpr (is<F, Goodbye>) {
    a.enumeration(f.reason, Reason::superseded, Reason::overload), a.text(f.text, most_text);
  } else if constexpr (is<F, Ping> || is<F, Pong>) {
    a.number(f.token), a.number(f.received);
  } else if constexpr (is<F, Ack>) {
    a.number(f.received);
  } else if constexpr (is<F, Enrol>) {
    a.text(f.name, most_name), a.secret(f.secret, most_name), a.text(f.request, most_pem);
  } else if constexpr (is<F, Issued>) {
    a.text(f.certificate, most_pem), a.text(f.authority, most_pem);
  } else if constexpr (is<F, Renew>) {
    a.text(f.request, most_pem);
  } else if constexpr (is<F, NextEpoch>) {
    a.number(f.epoch);
  } else if constexpr (is<F, WantEpoch>) {
  } else if constexpr (is<F, Media>) {
    a.bytes(f.datagram, max_media_datagram);
  } else if constexpr (is<F, LinkReport>) {
    a.number(f.rtt_us), a.number(f.loss_ppm), a.at_most(f.udp, 1), a.number(f.phones), a.number(f.streams);
  } else if constexpr (is<F, FlowOpen>) {
    a.strong(f.flow), a.enumeration(f.transport, Transport::udp, Transport::tls), a.endpoint(f.face),
        a.endpoint(f.peer);
  } else if constexpr (is<F, FlowClose>) {
    a.strong(f.flow);
  } else if constexpr (is<F, FlowStanding>) {
    a.strong(f.flow), a.enumeration(f.standing, sip::Standing::unproven, sip::Standing::registered);
  } else if constexpr (is<F, Sip>) {
    a.strong(f.flow), a.text(f.message, max_sip_message);
  } else if constexpr (is<F, HttpRequest>) {
    a.strong(f.id), a.endpoint(f.face), a.endpoint(f.peer), a.text(f.method, most_method), a.text(f.path, most_path);
    walk_headers(a, f.headers);
  } else if constexpr (is<F, HttpHead>) {
    a.strong(f.id), a.number(f.status), walk_headers(a, f.headers);
  } else if constexpr (is<F, HttpBody>) {
    a.strong(f.id), a.flag(f.last), a.text(f.bytes, max_http_body);
  } else if constexpr (is<F, HttpCancel>) {
    a.strong(f.id);
  } else if constexpr (is<F, StreamOpen>) {
    a.present(f.stream), a.endpoint(f.local);
  } else if constexpr (is<F, StreamRemote>) {
    a.present(f.stream), a.endpoint(f.rtp), a.address(f.signalling), a.at_most(f.codec, 3),
        a.at_most(f.codec_payload, 127);
    a.number(f.event_payload), a.flag(f.send);
  } else if constexpr (is<F, StreamConnect>) {
    a.present(f.a), a.present(f.b);
  } else if constexpr (is<F, StreamDisconnect> || is<F, StreamClose>) {
    a.present(f.stream);
  } else if constexpr (is<F, StreamFailed>) {
    a.present(f.stream), a.text(f.why, most_text);
  } else if constexpr (is<F, StreamQuality>) {
    a.present(f.stream), a.flag(f.closed), a.number(f.received), a.number(f.lost), a.number(f.dropped);
    a.number(f.jitter_us);
  } else {
    static_assert(is<F, void>, "a frame without fields");
  }
}

template <class A, class Headers>
void walk_headers(A& a, Headers& headers) {
  a.list(headers, most_headers,
         [&a](auto& header) { a.text(header.name, most_header_name), a.text(header.value, most_header_value); });
}

}  // namespace roamdesk::tunnel
