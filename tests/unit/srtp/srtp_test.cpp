#include "common/srtp/srtp.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "common/crypto/bytes.hpp"
#include "tests/unit/srtp/packets.hpp"

namespace roamdesk::srtp {
namespace {

using crypto::Bytes;
using crypto::from_hex;
using crypto::to_hex;
using Direction = Context::Direction;

Secret secret(const std::string& hex) { return Secret{std::string{crypto::as_text(*from_hex(hex))}}; }

Secret key_of(SrtpSuite suite, char fill = 'k') { return Secret{std::string(srtp_key_size(suite), fill)}; }

Bytes rtp(std::uint16_t sequence, std::uint32_t source = 0xcafebabe, std::uint8_t fill = 0xab) {
  Bytes packet(12 + 160, fill);
  packet[0] = 0x80;
  packet[1] = 8;
  packet[2] = static_cast<std::uint8_t>(sequence >> 8);
  packet[3] = static_cast<std::uint8_t>(sequence);
  for (std::size_t i = 0; i < 4; ++i) {
    packet[4 + i] = 0;
    packet[8 + i] = static_cast<std::uint8_t>(source >> (24 - 8 * i));
  }
  return packet;
}

Bytes rtcp(std::uint32_t source = 0xcafebabe) {
  Bytes packet{0x80, 200, 0, 6};
  for (unsigned i = 0; i < 4; ++i) packet.push_back(static_cast<std::uint8_t>(source >> (24 - 8 * i)));
  packet.resize(28, 0x11);
  return packet;
}

class EachSuite : public testing::TestWithParam<SrtpSuite> {
 protected:
  Context phone{Direction::seal, GetParam(), key_of(GetParam())};
  Context we{Direction::open, GetParam(), key_of(GetParam())};
};

// The packet of libsrtp's own tests, which other implementations have as well.
TEST(Srtp, SealsTheKnownPacketAsOthersDo) {
  const auto plain = *from_hex("800f1234decafbadcafebabeabababababababababababababababab");
  Context counter{Direction::seal, SrtpSuite::aes_cm_128_hmac_sha1_80,
                  secret("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6")};
  EXPECT_EQ(to_hex(sealed(counter, plain)),
            "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
  Context gcm{Direction::seal, SrtpSuite::aead_aes_128_gcm,
              secret("000102030405060708090a0b0c0d0e0fa0a1a2a3a4a5a6a7a8a9aaab")};
  EXPECT_EQ(to_hex(sealed(gcm, plain)),
            "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392");
}

TEST(Srtp, NeedsAKeyOfTheSuitesSize) {
  for (const std::size_t size : {0u, 16u, 29u, 31u, 44u})
    EXPECT_THROW((Context{Direction::seal, SrtpSuite::aes_cm_128_hmac_sha1_80, Secret{std::string(size, 'x')}}),
                 std::invalid_argument);
}

TEST(Srtp, HasEverySuite) { EXPECT_NO_THROW(check_suites()); }

TEST_P(EachSuite, OpensWhatWasSealedAndShowsNothingOfIt) {
  for (std::uint16_t sequence = 65500; sequence != 100; ++sequence) {
    const auto packet = rtp(sequence);
    const auto wire = sealed(phone, packet);
    ASSERT_GT(wire.size(), packet.size());
    const std::string text{crypto::as_text(wire)};
    EXPECT_EQ(text.find(std::string(8, static_cast<char>(0xab))), std::string::npos);
    ASSERT_EQ(opened(we, wire), packet) << sequence;
  }
}

TEST_P(EachSuite, SealsReportsAsWell) {
  for (int i = 0; i < 3; ++i) {
    const auto wire = sealed(phone, rtcp(), true);
    ASSERT_FALSE(wire.empty());
    EXPECT_EQ(opened(we, wire, true), rtcp());
    EXPECT_TRUE(opened(we, wire, true).empty()) << "a second time";
  }
}

TEST_P(EachSuite, RefusesWhatWasChangedAnywhere) {
  const auto wire = sealed(phone, rtp(1));
  for (std::size_t at = 1; at < wire.size(); ++at) {
    auto forged = wire;
    forged[at] ^= 1;
    EXPECT_TRUE(opened(we, forged).empty()) << "byte " << at;
  }
  for (std::size_t size = 0; size < wire.size(); ++size)
    EXPECT_TRUE(opened(we, Bytes(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(size))).empty()) << size;
  EXPECT_EQ(opened(we, wire), rtp(1));
}

TEST_P(EachSuite, RefusesPlainRtpAndAnotherKey) {
  EXPECT_TRUE(opened(we, rtp(1)).empty());
  Context stranger{Direction::seal, GetParam(), key_of(GetParam(), 'x')};
  EXPECT_TRUE(opened(we, sealed(stranger, rtp(1))).empty());
}

TEST_P(EachSuite, RefusesAPacketThatCameBefore) {
  std::vector<Bytes> wire;
  for (std::uint16_t sequence = 1; sequence <= 400; ++sequence) wire.push_back(sealed(phone, rtp(sequence)));
  for (const auto& packet : wire) EXPECT_FALSE(opened(we, packet).empty());
  for (const auto& packet : wire) EXPECT_TRUE(opened(we, packet).empty());
}

TEST_P(EachSuite, SealsNothingASecondTimeUnderTheSameIndex) {
  EXPECT_FALSE(sealed(phone, rtp(7)).empty());
  EXPECT_TRUE(sealed(phone, rtp(7, 0xcafebabe, 0x55)).empty());
}

TEST_P(EachSuite, TakesPacketsOutOfOrder) {
  const auto first = sealed(phone, rtp(1)), second = sealed(phone, rtp(2));
  EXPECT_EQ(opened(we, second), rtp(2));
  EXPECT_EQ(opened(we, first), rtp(1));
}

TEST_P(EachSuite, TakesAnotherSourceAndGoesOnWithTheFirst) {
  for (const std::uint32_t source : {1u, 2u, 1u, 0u, 0xffffffffu})
    for (std::uint16_t i = 0; i < 3; ++i) {
      static std::uint16_t sequence = 0;
      const auto packet = rtp(++sequence, source);
      EXPECT_EQ(opened(we, sealed(phone, packet)), packet);
    }
}

// We were restarted, and the phone talks on under its key: its sequence number has begun again since, which only the
// phone knows.
TEST_P(EachSuite, JoinsASourceInTheMiddleOfItsStream) {
  std::vector<Bytes> wire;
  std::uint32_t index = 0;
  for (; index < 3 * 65536 + 100; index += 1000) sealed(phone, rtp(static_cast<std::uint16_t>(index)));
  for (std::uint32_t i = 0; i < 8; ++i) wire.push_back(sealed(phone, rtp(static_cast<std::uint16_t>(index + i))));
  std::size_t heard = 0;
  for (std::uint32_t i = 0; i < 8; ++i) {
    const auto plain = opened(we, wire[i]);
    if (plain.empty()) continue;
    EXPECT_EQ(plain, rtp(static_cast<std::uint16_t>(index + i)));
    EXPECT_TRUE(opened(we, wire[i]).empty()) << "a second time";
    ++heard;
  }
  EXPECT_GE(heard, 5u) << "the first ones tell how far it is";
  auto forged = sealed(phone, rtp(static_cast<std::uint16_t>(index + 8)));
  forged.back() ^= 1;
  EXPECT_TRUE(opened(we, forged).empty());
  EXPECT_EQ(opened(we, sealed(phone, rtp(1, 77))), rtp(1, 77)) << "another source begins at its beginning";
}

TEST_P(EachSuite, HasAnEndOfSources) {
  for (std::uint32_t source = 0; source < most_sources; ++source) EXPECT_FALSE(sealed(phone, rtp(1, source)).empty());
  EXPECT_TRUE(sealed(phone, rtp(1, most_sources)).empty());
  EXPECT_FALSE(sealed(phone, rtp(2, 5)).empty()) << "those that were there go on";
}

TEST_P(EachSuite, NoStrangerUsesTheSourcesUp) {
  for (std::uint32_t source = 1000; source < 2000; ++source) EXPECT_TRUE(opened(we, rtp(1, source)).empty());
  EXPECT_EQ(opened(we, sealed(phone, rtp(1))), rtp(1));
}

INSTANTIATE_TEST_SUITE_P(Srtp, EachSuite,
                         testing::Values(SrtpSuite::aead_aes_256_gcm, SrtpSuite::aead_aes_128_gcm,
                                         SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aes_cm_128_hmac_sha1_32),
                         [](const auto& suite) { return std::string{word_of(suite.param)}; });

}  // namespace
}  // namespace roamdesk::srtp
