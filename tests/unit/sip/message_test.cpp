#include "common/sip/message.hpp"

#include <gmock/gmock.h>

#include "tests/unit/sip/support.hpp"

namespace roamdesk::sip::test {
namespace {

TEST(Uri, KeepsWhatItReads) {
  for (const auto* text : {"sip:h", "sip:101@h", "sips:101:pw@h:5061;transport=tcp;lr?a=b&c=d", "sip:%2A77*@h",
                           "sip:user;par=u%40example.net@example.com", "sip:101@[2001:db8::1]:5070", "tel:+35725000000",
                           "sip:101@h;x=\"q\";y"}) {
    const auto uri = parse_uri(text);
    if (std::string_view{text}.find('"') != std::string_view::npos) {
      EXPECT_FALSE(uri) << text;
      continue;
    }
    ASSERT_TRUE(uri) << text;
    EXPECT_EQ(to_string(*uri), text);
  }
}

TEST(Uri, RefusesWhatIsNone) {
  for (const auto* text : {"", "sip:", "101@h", "sip:@h", "sip::pw@h", "sip:101@", "sip:a b@h", "sip:101@h:70000",
                           "sip:101@h:x", "sip:101@<h>", "sip:101@h\r\nX: y", "tel:", "sip:[::1"})
    EXPECT_FALSE(parse_uri(text)) << text;
}

// The examples of RFC 3261 §19.1.4.
TEST(Uri, IsEquivalentAsTheRfcSays) {
  const auto same = [](const char* a, const char* b) {
    const auto left = *parse_uri(a), right = *parse_uri(b);
    EXPECT_EQ(equivalent(left, right), equivalent(right, left));
    return equivalent(left, right);
  };
  EXPECT_TRUE(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"));
  EXPECT_FALSE(same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  EXPECT_FALSE(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
  EXPECT_FALSE(same("sip:a@h", "sips:a@h"));
  // Reserved characters aren't their escapes; an escape's digits have no case; parameters and headers have no order.
  EXPECT_FALSE(same("sip:a%3Bb@h", "sip:a;b@h"));
  EXPECT_TRUE(same("sip:a%3Bb@h", "sip:a%3bb@h"));
  EXPECT_TRUE(same("sip:%2a77%2A@h", "sip:*77*@h"));
  EXPECT_TRUE(same("sip:a@h;transport=udp;line=x", "sip:a@h;LINE=x;transport=UDP;ob"));
  EXPECT_TRUE(same("sip:a@h?Subject=x&Priority=urgent", "sip:a@h?priority=urgent&subject=x"));
  EXPECT_FALSE(same("sip:a@h?Subject=x", "sip:a@h?Subject=y"));
  EXPECT_FALSE(same("sip:a@h;maddr=192.0.2.1", "sip:a@h"));
  EXPECT_FALSE(same("sip:a@h:5060", "sip:a@h:5061"));
}

TEST(NameAddr, ReadsItsForms) {
  const auto quoted = parse_name_addr("\"A \\\"B\\\" <x>, y\" <sip:1@h;lr>;tag=t;q=\"a;b\"");
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->display, "A \"B\" <x>, y");
  EXPECT_TRUE(quoted->uri.params.has("lr"));
  EXPECT_EQ(quoted->tag(), "t");
  EXPECT_EQ(parse_name_addr(to_string(*quoted)), quoted);
  // Without <> parameters are the header's (RFC 3261 §20.10).
  const auto plain = parse_name_addr("sip:1@h;tag=t");
  EXPECT_EQ(plain->tag(), "t");
  EXPECT_TRUE(plain->uri.params.all().empty());
  EXPECT_EQ(parse_name_addr("Ann Lee <sip:1@h>")->display, "Ann Lee");
  EXPECT_EQ(parse_name_addr("\"A <sip:1@h>")->display, "A");
  EXPECT_EQ(parse_name_addr("R\xc3\xb6om (2) <sip:1@h>")->display, "R\xc3\xb6om (2)");
  for (const auto* bad : {"", "<sip:1@h", "A, B <sip:1@h>", "<sip:1@h> x", "<>", "A <>"})
    EXPECT_FALSE(parse_name_addr(bad)) << bad;
}

TEST(NameAddr, LetsNoLineEndOutOfADisplayName) {
  NameAddr address;
  address.display = "x\r\nVia: y";
  address.uri = *parse_uri("sip:1@h");
  EXPECT_EQ(to_string(address), "\"x  Via: y\" <sip:1@h>");
}

TEST(Params, CompareNamesWithoutCaseAndKeepTheirOrder) {
  Params p;
  p.set("Tag", "1");
  p.set("lr");
  p.set("TAG", "2");
  EXPECT_EQ(p.all().size(), 2U);
  EXPECT_EQ(p.find("tag"), "2");
  EXPECT_EQ(p.find("lr"), "");
  p.remove("LR");
  EXPECT_FALSE(p.has("lr"));
}

TEST(Message, SurvivesTheWire) {
  auto m = request("INVITE", "z9hG4bK1", "Route: <sip:a;lr>\r\nRecord-Route: <sip:b;lr>\r\nEvent: dialog\r\n");
  m.expires = 0;
  m.max_forwards = 0;
  m.content_type = "text/plain";
  m.body = std::string("a\0\r\n\r\nb", 7);
  EXPECT_EQ(parsed(serialise(m)), m);
}

TEST(Message, FindsListedTokens) {
  const auto m = request("INVITE", "z9hG4bK1", "Supported: timer, 100REL\r\nSupported: replaces\r\n");
  EXPECT_TRUE(m.lists("supported", "100rel"));
  EXPECT_TRUE(m.lists("supported", "replaces"));
  EXPECT_FALSE(m.lists("supported", "rel"));
}

TEST(Response, CopiesWhatTheRfcSays) {
  auto invite = request("INVITE", "z9hG4bK1", "Record-Route: <sip:b;lr>\r\nSupported: timer\r\n");
  const auto ok = make_response(invite, 200, "", "t");
  EXPECT_EQ(ok.reason, "OK");
  EXPECT_EQ(ok.via, invite.via);
  EXPECT_EQ(ok.to.tag(), "t");
  EXPECT_EQ(ok.record_route.size(), 1U);
  EXPECT_TRUE(ok.headers.empty());
  EXPECT_TRUE(make_response(invite, 486, "", "t").record_route.empty());
  invite.to.params.set("tag", "theirs");
  EXPECT_EQ(make_response(invite, 200, "", "t").to.tag(), "theirs");
}

TEST(Unescape, LeavesWhatItCannotRead) {
  EXPECT_EQ(unescape("%2A77*"), "*77*");
  EXPECT_EQ(unescape("%2a%zz%4"), "*%zz%4");
  EXPECT_EQ(unescape("%41"), "A");
}

}  // namespace
}  // namespace roamdesk::sip::test
