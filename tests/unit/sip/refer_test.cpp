#include "common/sip/refer.hpp"

#include <gmock/gmock.h>

#include "common/sip/call_headers.hpp"
#include "tests/unit/sip/support.hpp"

namespace roamdesk::sip::test {
namespace {

TEST(Refer, CarriesReplacesThroughEscaping) {
  auto refer = request("REFER");
  refer.add_header("Refer-To", "<sip:103@192.0.2.1?Replaces=a%40b%3Bto-tag%3Dt1%3Bfrom-tag%3Df>");
  const auto read = refer_to(refer);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->address, *parse_name_addr("<sip:103@192.0.2.1>"));
  EXPECT_EQ(read->replaces, (Replaces{"a@b", "t1", "f"}));
}

TEST(Refer, WantsExactlyOneReadableTarget) {
  auto refer = request("REFER");
  EXPECT_FALSE(refer_to(refer));
  refer.add_header("Refer-To", "<sip:103@h?Replaces=nonsense>");
  EXPECT_FALSE(refer_to(refer));
  refer.set_header("Refer-To", "<sip:103@h;method=BYE?Subject=x>");
  EXPECT_EQ(refer_to(refer)->method, "BYE");
  refer.add_header("Refer-To", "<sip:104@h>");
  EXPECT_FALSE(refer_to(refer));
}

TEST(Refer, ReadsReplaces) {
  const auto r = parse_replaces(" 98@x ; from-tag=2;to-tag=1 ;early-only");
  ASSERT_TRUE(r);
  EXPECT_EQ(*r, (Replaces{"98@x", "1", "2", true}));
  EXPECT_FALSE(parse_replaces("98@x;to-tag=1"));
  EXPECT_FALSE(parse_replaces(";to-tag=1;from-tag=2"));
}

TEST(Refer, ReportsItsProgressAsSipfrag) { EXPECT_EQ(sipfrag(180), "SIP/2.0 180 Ringing\r\n"); }

TEST(SessionTimer, ReadsItsHeaders) {
  const auto m = request("INVITE", "z9hG4bK1", "x: 1800;Refresher=UAC\r\nMin-SE: 90\r\n");
  EXPECT_EQ(session_expires(m), (SessionExpires{1800s, SessionExpires::Refresher::uac}));
  EXPECT_EQ(min_se(m), 90s);
  EXPECT_EQ(to_string(*session_expires(m)), "1800;refresher=uac");
  auto bad = request("INVITE");
  bad.set_header("Session-Expires", "18x");
  EXPECT_FALSE(session_expires(bad));
  EXPECT_FALSE(min_se(bad));
}

TEST(ReliableProvisional, ReadsItsHeaders) {
  auto prack = request("PRACK", "z9hG4bK1", "RAck: 776656 1 INVITE\r\n");
  EXPECT_EQ(rack(prack), (RAck{776656, {1, "INVITE"}}));
  EXPECT_EQ(to_string(*rack(prack)), "776656 1 INVITE");
  prack.set_header("RAck", "776656 INVITE");
  EXPECT_FALSE(rack(prack));
  auto ringing = make_response(request("INVITE"), 180, "", "t");
  ringing.set_header("RSeq", "9");
  EXPECT_EQ(rseq(ringing), 9U);
  ringing.set_header("RSeq", "0");
  EXPECT_FALSE(rseq(ringing));
}

}  // namespace
}  // namespace roamdesk::sip::test
