#include "common/srtp/srtp.hpp"

#include <arpa/inet.h>
#include <srtp2/srtp.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace roamdesk::srtp {
namespace {

// A day of 20 ms packets.
constexpr std::uint32_t most_rollovers = 64;
constexpr std::size_t most_bytes = 1500;

void check(srtp_err_status_t status, const char* what) {
  if (status != srtp_err_status_ok)
    throw std::runtime_error{std::string{"libsrtp2: "} + what + " failed with status " + std::to_string(status)};
}

// The library keeps tables of its own.
void begin() {
  static const bool begun = [] {
    check(srtp_init(), "srtp_init");
    return true;
  }();
  static_cast<void>(begun);
}

// RFC 4568 §6.2.2: the short tag is for SRTP alone, SRTCP's stays long.
void choose(srtp_policy_t& policy, SrtpSuite suite) {
  switch (suite) {
    case SrtpSuite::aead_aes_256_gcm:
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
      return;
    case SrtpSuite::aead_aes_128_gcm:
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
      return;
    case SrtpSuite::aes_cm_128_hmac_sha1_80:
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
      return;
    case SrtpSuite::aes_cm_128_hmac_sha1_32:
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
      return;
  }
}

// Of RTP in bytes 8 to 11 (RFC 3550 §5.1), of RTCP in 4 to 7 (§6.4.1).
std::optional<std::uint32_t> source_of(bool rtcp, std::span<const std::uint8_t> packet) {
  const std::size_t at = rtcp ? 4 : 8;
  if (packet.size() < at + 4) return std::nullopt;
  return std::uint32_t{packet[at]} << 24 | std::uint32_t{packet[at + 1]} << 16 | std::uint32_t{packet[at + 2]} << 8 |
         packet[at + 3];
}

srtp_policy_t policy_of(SrtpSuite suite, const Secret& key, srtp_ssrc_t sources) {
  srtp_policy_t policy{};
  choose(policy, suite);
  policy.ssrc = sources;
  // The library only reads it.
  policy.key = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(key.reveal().data()));
  policy.window_size = 128;
  return policy;
}

}  // namespace

void check_suites() {
  static const bool checked = [] {
    for (std::size_t i = 0; i < srtp_suites; ++i) {
      const auto suite = static_cast<SrtpSuite>(i);
      Context{Context::Direction::seal, suite, Secret{std::string(srtp_key_size(suite), 'k')}};
    }
    return true;
  }();
  static_cast<void>(checked);
}

void Context::Free::operator()(srtp_ctx_t_* context) const { srtp_dealloc(context); }

Context::Context(Direction direction, SrtpSuite suite, const Secret& key) : suite_(suite), key_(key) {
  if (key.reveal().size() != srtp_key_size(suite)) throw std::invalid_argument{"an SRTP key of another size"};
  begin();
  const auto policy = policy_of(suite, key, {direction == Direction::seal ? ssrc_any_outbound : ssrc_any_inbound, 0});
  srtp_t made = nullptr;
  check(srtp_create(&made, &policy), "srtp_create");
  context_.reset(made);
}

std::optional<std::size_t> Context::seal(bool rtcp, std::span<std::uint8_t> room, std::size_t size) {
  if (room.size() < size + most_added) return std::nullopt;
  const auto source = source_of(rtcp, room.first(size));
  if (!source || !sources_.may_speak(*source)) return std::nullopt;
  int length = static_cast<int>(size);
  const auto status = rtcp ? srtp_protect_rtcp(context_.get(), room.data(), &length)
                           : srtp_protect(context_.get(), room.data(), &length);
  if (status != srtp_err_status_ok) return std::nullopt;
  sources_.spoke(*source);
  return static_cast<std::size_t>(length);
}

std::optional<std::size_t> Context::open(bool rtcp, std::span<std::uint8_t> packet) {
  const auto source = source_of(rtcp, packet);
  if (!source || !sources_.may_speak(*source)) return std::nullopt;
  int length = static_cast<int>(packet.size());
  std::array<std::uint8_t, most_bytes> copy;
  const bool first = !rtcp && sources_.empty() && packet.size() <= copy.size();
  if (first) std::copy(packet.begin(), packet.end(), copy.begin());
  const auto status = rtcp ? srtp_unprotect_rtcp(context_.get(), packet.data(), &length)
                           : srtp_unprotect(context_.get(), packet.data(), &length);
  if (status == srtp_err_status_ok) {
    sources_.spoke(*source);
    return static_cast<std::size_t>(length);
  }
  if (!first) return std::nullopt;
  std::copy_n(copy.begin(), packet.size(), packet.begin());
  return join(*source, packet);
}

std::optional<std::size_t> Context::join(std::uint32_t source, std::span<std::uint8_t> packet) {
  rollovers_ = rollovers_ % most_rollovers + 1;
  const auto policy = policy_of(suite_, key_, {ssrc_specific, source});
  if (srtp_add_stream(context_.get(), &policy) != srtp_err_status_ok) return std::nullopt;
  int length = static_cast<int>(packet.size());
  if (srtp_set_stream_roc(context_.get(), source, rollovers_) == srtp_err_status_ok &&
      srtp_unprotect(context_.get(), packet.data(), &length) == srtp_err_status_ok) {
    sources_.spoke(source);
    return static_cast<std::size_t>(length);
  }
  srtp_remove_stream(context_.get(), htonl(source));
  return std::nullopt;
}

}  // namespace roamdesk::srtp
