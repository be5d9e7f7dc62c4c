#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include <random>
#include <string>
#include <vector>

#include "tests/unit/srtp/packets.hpp"

// Beside libsrtp2: what one of the two seals, the other opens, and RTP is the same to the byte.
namespace roamdesk::srtp {
namespace {

using crypto::Bytes;

class Library {
 public:
  Library(SrtpSuite suite, const std::string& key, srtp_ssrc_type_t direction) {
    static const bool begun = srtp_init() == srtp_err_status_ok;
    EXPECT_TRUE(begun);
    srtp_policy_t policy{};
    switch (suite) {
      case SrtpSuite::aead_aes_256_gcm:
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
        break;
      case SrtpSuite::aead_aes_128_gcm:
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
        break;
      case SrtpSuite::aes_cm_128_hmac_sha1_80:
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
        break;
      case SrtpSuite::aes_cm_128_hmac_sha1_32:
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
        break;
    }
    std::string copy = key;
    policy.key = reinterpret_cast<unsigned char*>(copy.data());
    policy.ssrc.type = direction;
    policy.window_size = 128;
    EXPECT_EQ(srtp_create(&session_, &policy), srtp_err_status_ok);
  }
  ~Library() { srtp_dealloc(session_); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  Bytes seal(Bytes packet, bool rtcp) {
    int size = static_cast<int>(packet.size());
    packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN + 4);
    const auto status =
        rtcp ? srtp_protect_rtcp(session_, packet.data(), &size) : srtp_protect(session_, packet.data(), &size);
    packet.resize(status == srtp_err_status_ok ? static_cast<std::size_t>(size) : 0);
    return packet;
  }
  Bytes open(Bytes packet, bool rtcp) {
    int size = static_cast<int>(packet.size());
    const auto status =
        rtcp ? srtp_unprotect_rtcp(session_, packet.data(), &size) : srtp_unprotect(session_, packet.data(), &size);
    packet.resize(status == srtp_err_status_ok ? static_cast<std::size_t>(size) : 0);
    return packet;
  }

 private:
  srtp_t session_ = nullptr;
};

class BesideLibsrtp : public testing::TestWithParam<SrtpSuite> {
 protected:
  std::string random_text(std::size_t size) {
    std::string text;
    while (text.size() < size) text.push_back(static_cast<char>(random()));
    return text;
  }
  // Any header that RTP may have, and any size.
  Bytes rtp(std::uint16_t sequence, std::uint32_t source) {
    const auto contributors = random() % 4 == 0 ? random() % 16 : 0;
    const bool extension = random() % 4 == 0;
    Bytes packet;
    for (const char c : random_text(12 + 4 * contributors)) packet.push_back(static_cast<std::uint8_t>(c));
    packet[0] = static_cast<std::uint8_t>(0x80 | (extension ? 16 : 0) | contributors);
    packet[2] = static_cast<std::uint8_t>(sequence >> 8);
    packet[3] = static_cast<std::uint8_t>(sequence);
    for (unsigned i = 0; i < 4; ++i) packet[8 + i] = static_cast<std::uint8_t>(source >> (24 - 8 * i));
    if (extension) {
      const auto words = random() % 5;
      packet.insert(packet.end(), {0xbe, 0xde, 0, static_cast<std::uint8_t>(words)});
      packet.insert(packet.end(), 4 * words, 0x31);
    }
    for (const char c : random_text(random() % 8 == 0 ? 0 : random() % 500))
      packet.push_back(static_cast<std::uint8_t>(c));
    return packet;
  }
  Bytes rtcp(std::uint32_t source) {
    Bytes packet{0x80, 201, 0, 1};
    for (unsigned i = 0; i < 4; ++i) packet.push_back(static_cast<std::uint8_t>(source >> (24 - 8 * i)));
    for (const char c : random_text(4 * (random() % 20))) packet.push_back(static_cast<std::uint8_t>(c));
    return packet;
  }
  std::mt19937 random{static_cast<std::uint32_t>(GetParam()) + 1};
};

TEST_P(BesideLibsrtp, SealsAndOpensTheSamePackets) {
  for (int key_number = 0; key_number < 20; ++key_number) {
    const auto key = random_text(srtp_key_size(GetParam()));
    Context seals{Context::Direction::seal, GetParam(), Secret{key}};
    Context opens{Context::Direction::open, GetParam(), Secret{key}};
    Library library_seals{GetParam(), key, ssrc_any_outbound}, library_opens{GetParam(), key, ssrc_any_inbound};
    const std::uint32_t sources[]{static_cast<std::uint32_t>(random()), static_cast<std::uint32_t>(random())};
    std::uint32_t next[]{static_cast<std::uint32_t>(random() % 30000), static_cast<std::uint32_t>(random() % 30000)};
    for (int i = 0; i < 400; ++i) {
      const auto which = random() % 2;
      // Lost ones, late ones, and now and then a leap to anywhere, as of a phone that begins its count again: past 2^16
      // several times.
      next[which] += static_cast<std::uint32_t>(random() % 40 == 0 ? random() % 65536 : 1 + random() % 3);
      const auto late = i % 7 == 0 && next[which] > 40000 ? static_cast<std::uint32_t>(random() % 100) : 0U;
      const auto packet = rtp(static_cast<std::uint16_t>(next[which] - late), sources[which]);
      const auto ours = sealed(seals, packet, false), theirs = library_seals.seal(packet, false);
      ASSERT_EQ(ours, theirs) << i;
      if (ours.empty()) continue;  // both know its index
      ASSERT_EQ(opened(opens, theirs, false), packet);
      ASSERT_EQ(library_opens.open(ours, false), packet);
      ASSERT_TRUE(opened(opens, theirs, false).empty());
      if (i % 5 != 0) continue;
      const auto report = rtcp(sources[which]);
      ASSERT_EQ(library_opens.open(sealed(seals, report, true), true), report);
      ASSERT_EQ(opened(opens, library_seals.seal(report, true), true), report);
    }
  }
}

// From the lower half of the first 2^16, where there is no count before, to every other half, and back.
TEST_P(BesideLibsrtp, CountsLikeItAfterEveryLeap) {
  for (const int first : {0, 1, 100, 32767, 32768, 32769, 65535})
    for (const int second : {0, 1, 32767, 32768, 32769, 40000, 65534, 65535})
      for (const int third : {0, 2, 32766, 32770, 65533}) {
        const auto key = random_text(srtp_key_size(GetParam()));
        Context seals{Context::Direction::seal, GetParam(), Secret{key}};
        Library library{GetParam(), key, ssrc_any_outbound};
        for (const auto sequence : {first, second, third}) {
          const auto packet = rtp(static_cast<std::uint16_t>(sequence), 7);
          ASSERT_EQ(sealed(seals, packet, false), library.seal(packet, false))
              << first << " " << second << " " << third;
        }
      }
}

TEST_P(BesideLibsrtp, RefusesWhatItRefuses) {
  const auto key = random_text(srtp_key_size(GetParam()));
  Library library_seals{GetParam(), key, ssrc_any_outbound};
  std::uint16_t sequence = 1;
  for (int i = 0; i < 500; ++i) {
    Context opens{Context::Direction::open, GetParam(), Secret{key}};
    auto wire = library_seals.seal(rtp(sequence++, 7), false);
    wire[random() % wire.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
    if (random() % 4 == 0) wire.resize(random() % wire.size());
    Library library_opens{GetParam(), key, ssrc_any_inbound};
    EXPECT_EQ(opened(opens, wire, false).empty(), library_opens.open(wire, false).empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Srtp, BesideLibsrtp,
                         testing::Values(SrtpSuite::aead_aes_256_gcm, SrtpSuite::aead_aes_128_gcm,
                                         SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aes_cm_128_hmac_sha1_32),
                         [](const auto& suite) { return std::string{word_of(suite.param)}; });

}  // namespace
}  // namespace roamdesk::srtp
