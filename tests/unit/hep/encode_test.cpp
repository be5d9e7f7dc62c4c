#include "common/hep/encode.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace roamdesk::hep {
namespace {

std::string hex(const std::string& bytes) {
  std::string out;
  for (const unsigned char byte : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", byte);
    out += two;
  }
  return out;
}

Packet packet() {
  Packet p;
  p.from = *parse_endpoint("192.0.2.7:5060");
  p.to = *parse_endpoint("198.51.100.1:5062");
  p.at = WallTime{std::chrono::milliseconds{1'700'000'000'123}};
  p.capture_id = 2001;
  p.node = "core";
  p.correlation = "a@b";
  p.text = "OPTIONS";
  return p;
}

// Written down chunk by chunk from the specification.
TEST(Hep, IsWhatTheSpecificationSays) {
  EXPECT_EQ(hex(encode(packet())),
            "48455033"  // HEP3
            "007d"      // 125 bytes
            "00000001000702"
            "00000002000711"
            "00000003000ac0000207"
            "00000004000ac6336401"
            "00000007000813c4"
            "00000008000813c6"
            "00000009000a6553f100"
            "0000000a000a0001e078"
            "0000000b000701"
            "0000000c000a000007d1"
            "00000013000a636f7265"
            "000000110009614062"
            "0000000f000d4f5054494f4e53");
}

TEST(Hep, HasAddressesOfBothFamilies) {
  Packet p = packet();
  p.from = *parse_endpoint("[2001:db8::7]:5061");
  p.udp = false;
  const std::string text = hex(encode(p));
  EXPECT_NE(text.find("0000000100070a"), std::string::npos);
  EXPECT_NE(text.find("00000002000706"), std::string::npos);
  EXPECT_NE(text.find("00000005001620010db8000000000000000000000007"), std::string::npos);
  EXPECT_NE(text.find("00000006001600000000000000000000ffffc6336401"), std::string::npos);
}

TEST(Hep, SaysNothingWhereThereIsNothing) {
  Packet p = packet();
  p.node = p.correlation = "";
  const std::string text = hex(encode(p));
  EXPECT_EQ(text.find("00000013"), std::string::npos);
  EXPECT_EQ(text.find("00000011"), std::string::npos);
}

TEST(Hep, OfWhatIsTooLongIsNothing) {
  Packet p = packet();
  const std::string fits(largest - 118, 'x'), more(largest - 117, 'x'), much(70'000, 'x');
  p.text = fits;
  EXPECT_EQ(encode(p).size(), largest);
  p.text = more;
  EXPECT_EQ(encode(p), "");
  p.text = much;
  EXPECT_EQ(encode(p), "");
}

}  // namespace
}  // namespace roamdesk::hep
