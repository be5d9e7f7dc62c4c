#include "common/phones/pnp.hpp"

#include <gtest/gtest.h>

#include "common/sip/parse.hpp"

namespace roamdesk::phones {
namespace {

// Reference §2.3, header set and order as captured.
constexpr const char* yealink =
    "SUBSCRIBE sip:MAC001565f4f9e1@224.0.1.75 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.39:5059;branch=z9hG4bK1536537630\r\n"
    "From: <sip:MAC001565f4f9e1@224.0.1.75>;tag=1536537630\r\n"
    "To: <sip:MAC001565f4f9e1@224.0.1.75>\r\n"
    "Call-ID: 1536537630@192.0.2.39\r\n"
    "CSeq: 1 SUBSCRIBE\r\n"
    "Contact: <sip:MAC001565f4f9e1@192.0.2.39:5059>\r\n"
    "Max-Forwards: 70\r\n"
    "User-Agent: Yealink W52P 25.81.0.10\r\n"
    "Expires: 0\r\n"
    "Event: ua-profile;profile-type=\"device\";vendor=\"yealink\";model=\"W52P\";version=\"25.81.0.10\"\r\n"
    "Accept: application/url\r\n"
    "Content-Length: 0\r\n\r\n";
constexpr const char* snom =
    "SUBSCRIBE sip:MAC%3a0004132A3B4C@lan SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.67:1053;rport\r\n"
    "From: <sip:MAC%3a0004132A3B4C@lan>;tag=668717\r\n"
    "To: <sip:MAC%3a0004132A3B4C@lan>\r\n"
    "Call-ID: 949137@192.0.2.67\r\n"
    "CSeq: 1 SUBSCRIBE\r\n"
    "Event: ua-profile;profile-type=\"device\";vendor=\"snom\";model=\"snom370\";version=\"8.7.5.48\"\r\n"
    "Expires: 0\r\n"
    "Accept: application/url\r\n"
    "Contact: <sip:192.0.2.67:1053>\r\n"
    "User-Agent: snom370/8.7.5.48\r\n"
    "Content-Length: 0\r\n\r\n";
constexpr const char* grandstream =
    "SUBSCRIBE sip:MAC%3AC074AD112233@224.0.1.75 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.2:5080;branch=z9hG4bK1611;rport\r\n"
    "From: <sip:MAC%3AC074AD112233@224.0.1.75>;tag=3954\r\n"
    "To: <sip:MAC%3AC074AD112233@224.0.1.75>\r\n"
    "Call-ID: 490431573-5080-1@BJC.BGI.IG.DA\r\n"
    "CSeq: 20000 SUBSCRIBE\r\n"
    "Contact: <sip:192.0.2.2:5080>\r\n"
    "Max-Forwards: 70\r\n"
    "User-Agent: Grandstream GRP2612W 1.0.5.67\r\n"
    "Expires: 0\r\n"
    "Supported: replaces, path\r\n"
    "Event: ua-profile;profile-type=\"device\";vendor=\"Grandstream\";model=\"GRP2612W\";version=\"1.0.5.67\"\r\n"
    "Accept: application/url\r\n"
    "Allow: INVITE, ACK, OPTIONS, CANCEL, BYE, SUBSCRIBE, NOTIFY, INFO, REFER, UPDATE, MESSAGE\r\n"
    "Content-Length: 0\r\n\r\n";

sip::Message parsed(const std::string& text) {
  auto message = sip::parse(text);
  EXPECT_TRUE(message.has_value()) << (message.has_error() ? message.error().detail : "");
  return message.has_value() ? *message : sip::Message{};
}

// What a phone sends, with another user part or Event.
sip::Message subscribe(const std::string& user, const std::string& event, const std::string& agent = "") {
  sip::Message m;
  m.method = "SUBSCRIBE";
  m.request_uri.user = user;
  m.request_uri.host = "224.0.1.75";
  m.from.uri = m.to.uri = m.request_uri;
  m.from.params.set("tag", "t1");
  m.call_id = "c1";
  m.cseq = {1, "SUBSCRIBE"};
  m.set_header("Event", event);
  if (!agent.empty()) m.set_header("User-Agent", agent);
  return m;
}

const Endpoint face{IpAddress{0xc0a80105}, 5060}, peer{IpAddress{0xc0000227}, 5059};

TEST(Pnp, DiscoversTheCapturedYealink) {
  const auto found = discover(parsed(yealink));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->mac.text(), "001565f4f9e1");
  EXPECT_EQ(found->vendor, Vendor::yealink);
  EXPECT_EQ(found->model, "W52P");
  EXPECT_EQ(found->firmware, "25.81.0.10");
  EXPECT_EQ(found->user_agent, "Yealink W52P 25.81.0.10");
}

TEST(Pnp, DiscoversTheCapturedSnomWithoutABranch) {
  const auto found = discover(parsed(snom));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->mac.text(), "0004132a3b4c");
  EXPECT_EQ(found->vendor, Vendor::snom);
  EXPECT_EQ(found->model, "370");
  EXPECT_EQ(found->firmware, "8.7.5.48");
}

TEST(Pnp, DiscoversTheCapturedGrandstream) {
  const auto found = discover(parsed(grandstream));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->mac.text(), "c074ad112233");
  EXPECT_EQ(found->vendor, Vendor::grandstream);
  EXPECT_EQ(found->model, "GRP2612W");
}

TEST(Pnp, TakesEveryFormOfTheMac) {
  for (const auto* user :
       {"MAC00304fa99948", "mac00304FA99948", "MAC%3a00304FA99948", "MAC%3A00304fa99948", "MAC:00304fa99948",
        "MAC=00304fa99948", "MAC-00304fa99948", "mac_00304fa99948", "00304fa99948", "MAC00:30:4f:a9:99:48",
        "MAC%3a00%3a30%3A4f%3aa9%3a99%3a48", "MAC-00-30-4F-A9-99-48", "00-30-4f-a9-99-48"}) {
    const auto found = discover(subscribe(user, "ua-profile"));
    ASSERT_TRUE(found) << user;
    EXPECT_EQ(found->mac.text(), "00304fa99948") << user;
  }
}

TEST(Pnp, RefusesWhatIsNoMac) {
  for (const auto* user : {"", "MAC", "MAC00304fa9994", "MAC00304fa999480", "MAC%3a", "101", "XMAC00304fa99948",
                           "MAC--00304fa99948", "MAC00304fa9994g", "MAC%3b00304fa99948", "00304fa999",
                           "MAC00:30:4f:a9:9948", "MAC00-30-4f-a9-99+48", "0030-4fa9-9948"})
    EXPECT_FALSE(discover(subscribe(user, "ua-profile"))) << user;
}

TEST(Pnp, TakesTheMacFromToWhereTheRequestUriHasNone) {
  auto m = subscribe("MAC00304fa99948", "ua-profile");
  m.request_uri.user.clear();
  m.from.uri.user = "someone";
  EXPECT_TRUE(discover(m));
}

TEST(Pnp, TakesAMacThatAColonHasMadeAPassword) {
  const auto text = [](const std::string& user) {
    return "SUBSCRIBE sip:" + user +
           "@224.0.1.75 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.39:5059\r\nFrom: <sip:x@y>;tag=1\r\n"
           "To: <sip:x@y>\r\nCall-ID: c\r\nCSeq: 1 SUBSCRIBE\r\nEvent: ua-profile\r\n\r\n";
  };
  for (const auto* user : {"MAC:001565f4f9e1", "mac:001565F4F9E1", "MAC:00:15:65:f4:f9:e1", "00:15:65:f4:f9:e1"}) {
    const auto found = discover(parsed(text(user)));
    ASSERT_TRUE(found) << user;
    EXPECT_EQ(found->mac.text(), "001565f4f9e1") << user;
  }
  EXPECT_FALSE(discover(parsed(text("101:secret"))));
}

TEST(Pnp, TakesTheMacFromEventOrUserAgentWhereNoUriHasOne) {
  auto m = subscribe("phone", "ua-profile;vendor=\"Acme\";MAC=\"00304fa99948\"");
  EXPECT_EQ(discover(m)->mac.text(), "00304fa99948");
  m = subscribe("phone", "ua-profile", "Yealink SIP-T46G 28.72.0.1 00:15:65:11:22:33");
  EXPECT_EQ(discover(m)->mac.text(), "001565112233");
  EXPECT_FALSE(discover(subscribe("phone", "ua-profile", "AUDC-IPPhone/1.2.1_build_6")));
}

// Whatever else comes to the group is answered with silence, so that the server that serves it is heard.
TEST(Pnp, TellsWhatIsForUsFromWhatIsForOthers) {
  for (const auto* text : {yealink, snom, grandstream}) EXPECT_TRUE(is_discovery(text));
  EXPECT_TRUE(is_discovery("\r\n" + std::string{yealink}));
  const auto with = [](std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
      text.replace(at, what.size(), by);
    return text;
  };
  for (const auto& other : {with(yealink, "MAC001565f4f9e1", "phone"), with(yealink, "ua-profile", "presence"),
                            with(yealink, "SUBSCRIBE", "OPTIONS"), with(yealink, "SUBSCRIBE", "REGISTER"),
                            with(yealink, "CSeq: 1", "CSeq: x"), with(yealink, "Call-ID", "X"),
                            with(yealink, "SIP/2.0\r\n", "SIP/3.0\r\n"), std::string{"\0\0\0\0", 4}, std::string{}})
    EXPECT_FALSE(is_discovery(other)) << other;
}

TEST(Pnp, IgnoresOtherEventsAndMethods) {
  EXPECT_FALSE(discover(subscribe("MAC00304fa99948", "dialog")));
  EXPECT_FALSE(discover(subscribe("MAC00304fa99948", "ua-profilex")));
  auto m = subscribe("MAC00304fa99948", "ua-profile");
  m.method = "REGISTER";
  EXPECT_FALSE(discover(m));
  m = subscribe("MAC00304fa99948", "ua-profile");
  m.remove_header("Event");
  EXPECT_FALSE(discover(m));
}

TEST(Pnp, TakesTheVendorFromTheMacNotFromTheEvent) {
  const auto found = discover(subscribe("MAC%3a000413112233", R"(ua-profile;vendor="OEM";model="OEM";version="7.1")"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->vendor, Vendor::snom);
  EXPECT_EQ(found->model, "");
  EXPECT_EQ(found->firmware, "7.1");
}

TEST(Pnp, ReadsLenientEvents) {
  // Panasonic's spelling, blanks, no quotes, a semicolon inside of quotes, an end inside of quotes.
  auto found = discover(subscribe("MAC0080f0112233", R"(UA-Profile ; vender = Fanvil ;model="X;Y" ;version="1.2)"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->vendor, Vendor::fanvil);
  EXPECT_EQ(found->model, "X;Y");
  EXPECT_EQ(found->firmware, "1.2");
}

TEST(Pnp, BoundsAndCleansWhatItKeeps) {
  const auto found = discover(
      subscribe("MAC0080f0112233", "ua-profile;model=\"" + std::string(300, 'm') + "\"", std::string(500, 'u')));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->model.size(), 64u);
  EXPECT_EQ(found->user_agent.size(), 128u);
}

TEST(Pnp, AnswersWith200AndExpires0) {
  const auto request = parsed(yealink);
  const auto ok = parsed(sip::serialise(make_pnp_ok(request, "srv1", face)));
  EXPECT_EQ(ok.status, 200);
  EXPECT_EQ(ok.expires, 0u);
  EXPECT_EQ(ok.to.tag(), "srv1");
  EXPECT_EQ(ok.call_id, request.call_id);
  ASSERT_EQ(ok.contact.size(), 1u);
  EXPECT_EQ(to_string(ok.contact[0].uri), "sip:192.168.1.5:5060");
}

// The NOTIFY of reference §2.3, but for Via and CSeq, which are the transaction layer's and our own.
TEST(Pnp, NotifiesInTheDialogOfTheSubscribe) {
  const auto notify = make_pnp_notify(parsed(yealink), "srv1", face, peer, "http://192.168.1.5:5000/provision/TOKEN/");
  EXPECT_EQ(notify.method, "NOTIFY");
  EXPECT_EQ(to_string(notify.request_uri), "sip:MAC001565f4f9e1@192.0.2.39:5059");
  EXPECT_EQ(to_string(notify.from), "<sip:MAC001565f4f9e1@224.0.1.75>;tag=srv1");
  EXPECT_EQ(to_string(notify.to), "<sip:MAC001565f4f9e1@224.0.1.75>;tag=1536537630");
  EXPECT_EQ(notify.call_id, "1536537630@192.0.2.39");
  EXPECT_EQ(notify.cseq.method, "NOTIFY");
  EXPECT_EQ(notify.header("Event"), "ua-profile");
  EXPECT_EQ(notify.header("Subscription-State"), "terminated;reason=timeout");
  EXPECT_EQ(notify.content_type, "application/url");
  EXPECT_EQ(notify.body, "http://192.168.1.5:5000/provision/TOKEN/");
}

TEST(Pnp, NotifiesThePacketsSourceWhereThereIsNoContact) {
  auto request = parsed(snom);
  request.contact.clear();
  EXPECT_EQ(to_string(make_pnp_notify(request, "t", face, peer, "http://x/").request_uri), "sip:192.0.2.39:5059");
}

TEST(Pnp, RestartGoesToTheSameContactOutsideOfTheDialog) {
  const auto request = parsed(grandstream);
  const auto notify =
      make_restart_notify(request, "new-call", "tag9", face, peer, resync_event(Vendor::grandstream, true));
  EXPECT_EQ(to_string(notify.request_uri), "sip:192.0.2.2:5080");
  EXPECT_EQ(notify.call_id, "new-call");
  EXPECT_EQ(notify.to.tag(), "");
  EXPECT_EQ(notify.header("Event"), "check-sync;reboot=true");
  EXPECT_TRUE(notify.body.empty());
}

TEST(Pnp, ResyncsEachVendorInItsOwnWords) {
  EXPECT_EQ(resync_event(Vendor::yealink, false), "check-sync;reboot=false");
  EXPECT_EQ(resync_event(Vendor::snom, false), "check-sync;reboot=false");
  EXPECT_EQ(resync_event(Vendor::fanvil, false), "check-sync");
  EXPECT_EQ(resync_event(Vendor::grandstream, false), "check-sync");
  EXPECT_EQ(resync_event(Vendor::yealink, true), "check-sync;reboot=true");
  EXPECT_TRUE(can_be_restarted(Vendor::yealink));
  EXPECT_FALSE(can_be_restarted(Vendor::poly)) << "one word for both";
}

}  // namespace
}  // namespace roamdesk::phones
