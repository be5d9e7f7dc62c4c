#include "common/crypto/aead.hpp"

#include <gtest/gtest.h>

namespace roamdesk::crypto {
namespace {

class AeadTest : public testing::TestWithParam<Cipher> {
 protected:
  Bytes key = Bytes(key_size(GetParam()), 0x42);
  Aead sealer{GetParam(), Aead::Direction::seal, key};
  Aead opener{GetParam(), Aead::Direction::open, key};
  Nonce nonce{1, 2, 3};
  Bytes header{9, 8, 7};
  Bytes text{'h', 'e', 'l', 'l', 'o'};
  std::array<std::uint8_t, aead_tag_size> tag{};
};

TEST_P(AeadTest, OpensWhatWasSealed) {
  auto box = text;
  sealer.seal(nonce, header, box, tag);
  EXPECT_NE(box, text);
  ASSERT_TRUE(opener.open(nonce, header, box, tag));
  EXPECT_EQ(box, text);
}

TEST_P(AeadTest, WorksManyTimesWithOneContext) {
  for (std::uint8_t i = 0; i < 200; ++i) {
    nonce[11] = i;
    Bytes box(i, i);
    sealer.seal(nonce, header, box, tag);
    ASSERT_TRUE(opener.open(nonce, header, box, tag));
    EXPECT_EQ(box, Bytes(i, i));
  }
}

TEST_P(AeadTest, RefusesAnyChange) {
  auto box = text;
  sealer.seal(nonce, header, box, tag);
  auto copy = box;
  copy[0] ^= 1;
  EXPECT_FALSE(opener.open(nonce, header, copy, tag));
  copy = box;
  auto other_header = header;
  other_header[2] ^= 1;
  EXPECT_FALSE(opener.open(nonce, other_header, copy, tag));
  copy = box;
  auto other_tag = tag;
  other_tag[15] ^= 1;
  EXPECT_FALSE(opener.open(nonce, header, copy, other_tag));
  copy = box;
  auto other_nonce = nonce;
  other_nonce[0] ^= 1;
  EXPECT_FALSE(opener.open(other_nonce, header, copy, tag));
  // A refusal leaves the context usable.
  copy = box;
  EXPECT_TRUE(opener.open(nonce, header, copy, tag));
}

INSTANTIATE_TEST_SUITE_P(Both, AeadTest, testing::Values(Cipher::aes_128_gcm, Cipher::chacha20_poly1305));

// The GCM specification's test case 4 (McGrew and Viega), AES-128.
TEST(Aead, MatchesTheGcmVector) {
  Aead sealer{Cipher::aes_128_gcm, Aead::Direction::seal, *from_hex("feffe9928665731c6d6a8f9467308308")};
  auto text = *from_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba63"
      "7b39");
  const auto header = *from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const auto iv = *from_hex("cafebabefacedbaddecaf888");
  Nonce nonce;
  std::copy(iv.begin(), iv.end(), nonce.begin());
  std::array<std::uint8_t, aead_tag_size> tag;
  sealer.seal(nonce, header, text, tag);
  EXPECT_EQ(to_hex(tag), "5bc94fbc3221a5db94fae95ae7121a47");
  EXPECT_EQ(to_hex(text).substr(0, 16), "42831ec221777424");
}

}  // namespace
}  // namespace roamdesk::crypto
