#include "common/sdp/crypto.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "common/sdp/words.hpp"

namespace roamdesk::sdp {
namespace {

constexpr std::size_t most_crypto_lines = 16;
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// RFC 4648 §4; some phones leave the padding away. Empty: it is no base64, or of another size.
Secret from_base64(std::string_view text, std::size_t size) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() != (size * 8 + 5) / 6) return {};
  Secret bytes;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == alphabet.npos) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<char>(bits >> held & 0xff));
  }
  return bytes.reveal().size() == size ? bytes : Secret{};
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t bits = 0;
    const auto count = std::min<std::size_t>(3, bytes.size() - at);
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8 | (i < count ? static_cast<std::uint8_t>(bytes[at + i]) : std::uint8_t{0});
    for (std::size_t i = 0; i < 4; ++i) out += i <= count ? alphabet[bits >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

// "2^31" or "1048576" (RFC 4568 §6.1): how long the key is good, its sender's business. An MKI ("1:4") isn't one.
bool is_lifetime(std::string_view text) {
  if (text.starts_with("2^")) text.remove_prefix(2);
  return !text.empty() && text.size() <= 20 && text.find_first_not_of("0123456789") == text.npos;
}

// What the packets are as without it.
bool may_be_passed_over(std::string_view parameter) {
  return parameter.starts_with('-') || parameter.starts_with("WSH=") || parameter == "KDR=0";
}

std::optional<SrtpSuite> suite_of(std::string_view name) {
  for (std::size_t i = 0; i < srtp_suites; ++i)
    if (equal_ignoring_case(name, words<SrtpSuite>[i])) return static_cast<SrtpSuite>(i);
  return std::nullopt;
}

// "1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20"
std::optional<Crypto> parse_crypto(std::string_view text) {
  Crypto crypto;
  const auto tag = take_word(text);
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), crypto.tag);
  if (error != std::errc{} || end != tag.data() + tag.size() || tag.size() > 9) return std::nullopt;
  const auto suite = suite_of(take_word(text));
  auto key = take_word(text);
  constexpr std::string_view method = "inline:";
  if (!suite || !equal_ignoring_case(key.substr(0, method.size()), method)) return std::nullopt;
  key.remove_prefix(method.size());
  crypto.suite = *suite;
  const auto bar = key.find('|');
  crypto.key = from_base64(key.substr(0, bar), srtp_key_size(*suite));
  if (crypto.key.empty()) return std::nullopt;
  if (bar != key.npos && !is_lifetime(key.substr(bar + 1))) return std::nullopt;
  for (auto parameter = take_word(text); !parameter.empty(); parameter = take_word(text))
    if (!may_be_passed_over(parameter)) return std::nullopt;
  return crypto;
}

// RTP/AVP is RTP/SAVP with a key's protection, RTP/AVPF RTP/SAVPF.
std::string sealed(const std::string& protocol) { return protocol == "RTP/AVPF" ? "RTP/SAVPF" : "RTP/SAVP"; }

}  // namespace

std::vector<Crypto> cryptos_of(const Media& media) {
  std::vector<Crypto> found;
  constexpr std::string_view name = "crypto:";
  std::size_t seen = 0;
  for (const auto& line : media.lines) {
    const std::string_view value = line.value;
    if (line.type != 'a' || !equal_ignoring_case(value.substr(0, name.size()), name)) continue;
    if (++seen > most_crypto_lines) break;
    if (auto crypto = parse_crypto(value.substr(name.size()))) found.push_back(std::move(*crypto));
  }
  return found;
}

std::optional<Crypto> crypto_of(const Media& media, Srtp srtp) {
  if (srtp == Srtp::off) return std::nullopt;
  auto found = cryptos_of(media);
  return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

Line crypto_line(const Crypto& crypto) {
  return {'a', "crypto:" + std::to_string(crypto.tag) + ' ' + std::string{word_of(crypto.suite)} +
                   " inline:" + to_base64(crypto.key.reveal())};
}

void seal_offer(Media& media, const Self& self) {
  if (self.srtp == Srtp::off || !self.keys || media.port == 0 || is_image(media)) return;
  if (self.srtp == Srtp::required) media.protocol = sealed(media.protocol);
  std::uint32_t tag = 0;
  for (std::size_t i = 0; i < srtp_suites; ++i) {
    const auto suite = static_cast<SrtpSuite>(i);
    if (!self.suite || self.suite == suite) media.lines.push_back(crypto_line({++tag, suite, (*self.keys)[i]}));
  }
}

void seal_answer(Media& media, const Media& offered, const Self& self) {
  const auto chosen = self.keys && media.port != 0 && !is_image(media) ? crypto_of(offered, self.srtp) : std::nullopt;
  if (!chosen) return;
  media.lines.push_back(
      crypto_line({chosen->tag, chosen->suite, (*self.keys)[static_cast<std::size_t>(chosen->suite)]}));
}

}  // namespace roamdesk::sdp
