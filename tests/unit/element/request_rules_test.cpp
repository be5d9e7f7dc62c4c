#include <gmock/gmock.h>

#include "common/sip/request_rules.hpp"
#include "tests/unit/element/hall.hpp"

namespace roamdesk::element {
namespace {

using testing::Eq;
using testing::Optional;

class Requests : public testing::Test, protected Hall {
 protected:
  static sip::Message with(sip::Message message, const std::string& name, const std::string& value) {
    message.add_header(name, value);
    return message;
  }
  static sip::Message subscribe(const std::string& number, const std::string& event = "dialog") {
    auto message = request("SUBSCRIBE", "sip:" + number + "@pbx.example.com");
    message.add_header("Event", event);
    message.expires = 600;
    return message;
  }
};

TEST_F(Requests, ForAnotherSchemeThanSipAreRefused) {
  for (const auto* uri : {"http:example.com", "mailto:a@example.com", "urn:service:counseling", "unknown:x"})
    for (const auto* method : {"INVITE", "OPTIONS", "MESSAGE", "SUBSCRIBE"}) {
      EXPECT_EQ(ask(request(method, uri)).status, 416) << method << ' ' << uri;
    }
}

TEST_F(Requests, ThatRequireWhatIsntOursAreToldWhichOptionsThatAre) {
  for (const auto* method : {"INVITE", "OPTIONS", "REGISTER", "SUBSCRIBE", "MESSAGE"}) {
    const auto refusal = ask(with(with(request(method), "Require", "100rel, foo"), "Require", "Bar,TIMER"));
    EXPECT_EQ(refusal.status, 420) << method;
    EXPECT_THAT(refusal.header("Unsupported"), Optional(Eq("foo, Bar"))) << method;
  }
}

TEST_F(Requests, MayRequireWhatIsOursInAnyCase) {
  for (const auto* options : {"100rel", "Timer", "REPLACES", "norefersub", "Privacy", " ,timer , 100REL", ""})
    EXPECT_EQ(ask(with(request("OPTIONS"), "Require", options)).status, 200) << options;
}

TEST_F(Requests, OfUnknownMethodsAreToldThoseThatThereAre) {
  for (const auto* method : {"MESSAGE", "PUBLISH", "FOO", "invite", "Options"}) {
    const auto refusal = ask(request(method));
    EXPECT_EQ(refusal.status, 405) << method;
    EXPECT_THAT(refusal.header("Allow"), Optional(Eq(sip::allowed_methods))) << method;
  }
}

TEST_F(Requests, ThatBelongIntoADialogHaveNoneHere) {
  for (const auto* method : {"BYE", "UPDATE", "INFO", "PRACK", "REFER", "NOTIFY"}) {
    EXPECT_EQ(ask(request(method)).status, 481) << method;
    auto within = request(method);
    within.to.params.set("tag", "unknown");
    EXPECT_EQ(ask(within).status, 481) << method << " in a dialog that we don't know";
  }
  auto again = request("INVITE");
  again.to.params.set("tag", "unknown");
  EXPECT_EQ(ask(again).status, 481);
}

TEST_F(Requests, ForOurOptionsAreToldThem) {
  const auto answer = ask(request("OPTIONS"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.header("Allow"), Optional(Eq(sip::allowed_methods)));
  EXPECT_THAT(answer.header("Accept"), Optional(Eq(sip::accepted_bodies)));
  EXPECT_THAT(answer.header("Supported"), Optional(Eq(sip::supported_options)));
}

TEST_F(Requests, ThatMayGoNoFurtherAreAnsweredOnlyWhereTheyEnd) {
  auto here = request("OPTIONS");
  here.max_forwards = 0;
  EXPECT_EQ(ask(here).status, 200);
  auto further = request("OPTIONS", "sip:102@192.0.2.1");
  further.max_forwards = 0;
  EXPECT_EQ(ask(further).status, 483);
}

TEST_F(Requests, ForHelpAreNeverRefusedForTheirForm) {
  for (const auto* uri : {"urn:service:sos", "URN:service:SOS.police", "urn:service:sos;x=1"}) {
    const auto invite = with(request("INVITE", uri), "Require", "foo");
    EXPECT_EQ(ask(invite).status, 200) << "without an offer: ours is in the answer, and the announcement follows";
  }
}

TEST_F(Requests, WithoutCredentialsAreChallengedWhereTheyAreNeeded) {
  EXPECT_EQ(ask(request("REGISTER", "sip:pbx.example.com")).status, 401);
  EXPECT_EQ(ask(request("INVITE", "sip:102@pbx.example.com")).status, 401);
  EXPECT_EQ(ask(subscribe("102")).status, 401);
  EXPECT_EQ(ask(subscribe("102", "message-summary")).status, 401);
}

TEST_F(Requests, WithWrongCredentialsAreForbiddenWhoeverTheyAreOf) {
  for (const auto* user : {"101", "idle-1", "nobody"}) {
    EXPECT_EQ(ask_as(user, subscribe("102"), at("192.0.2.101"), "wrong").status, 403) << user;
    EXPECT_EQ(ask_as(user, request("INVITE", "sip:102@pbx.example.com"), at("192.0.2.101"), "wrong").status, 403)
        << user;
  }
}

TEST_F(Requests, WithCredentialsOfAnotherSiteAreForbidden) {
  const auto elsewhere = at("192.0.2.101", SiteId{"branch-1"});
  EXPECT_EQ(ask_as("101", subscribe("102"), elsewhere).status, 403);
  EXPECT_EQ(ask_as("101", request("INVITE", "sip:102@pbx.example.com"), elsewhere).status, 403);
  EXPECT_EQ(register_as("101", "101", elsewhere), 403);
}

TEST_F(Requests, MaySubscribeToTheLampsOfEveryExtensionThatThereIs) {
  ASSERT_EQ(register_as("101", "101", at("192.0.2.101")), 200);
  EXPECT_EQ(ask_as("101", subscribe("102")).status, 200);
  EXPECT_EQ(ask_as("101", subscribe("101")).status, 200);
  EXPECT_EQ(ask_as("101", subscribe("103")).status, 404) << "there is no such extension";
  EXPECT_EQ(ask_as("101", subscribe("HD0001")).status, 404) << "a desk is no extension";
}

TEST_F(Requests, MaySubscribeToNoMailboxButTheirOwn) {
  ASSERT_EQ(register_as("101", "101", at("192.0.2.101")), 200);
  EXPECT_EQ(ask_as("101", subscribe("101", "message-summary")).status, 200);
  EXPECT_EQ(ask_as("101", subscribe("102", "message-summary")).status, 404);
  EXPECT_EQ(ask_as("101", subscribe("102", "Message-Summary;id=1")).status, 404) << "in any case";
}

TEST_F(Requests, OfAnIdleDeskMaySubscribeToNothing) {
  const auto desk = at("192.0.2.50");
  ASSERT_EQ(register_as("idle-1", "HD0001", desk), 200);
  EXPECT_EQ(ask_as("idle-1", subscribe("102"), desk).status, 404);
  EXPECT_EQ(ask_as("idle-1", subscribe("HD0001", "message-summary"), desk).status, 404);
}

TEST_F(Requests, ForUnknownEventsAreToldThoseThatThereAreWithoutBeingAskedWhoTheyAreOf) {
  for (const auto* event : {"presence", "reg", "dialogue", ""}) {
    const auto answer = ask(subscribe("102", event));
    EXPECT_EQ(answer.status, 489) << event;
    EXPECT_THAT(answer.header("Allow-Events"), Optional(Eq("dialog, message-summary"))) << event;
  }
}

TEST_F(Requests, ThatAreNoSipAreRefusedOnce) {
  const std::string head =
      "Via: SIP/2.0/UDP 192.0.2.101:5060;rport;branch=z9hG4bKbad\r\nFrom: <sip:101@a>;tag=1\r\nTo: <sip:102@a>\r\n"
      "Call-ID: bad\r\n";
  const auto here = at("192.0.2.101");
  EXPECT_EQ(exchange_bytes("OPTIONS sip:a SIP/3.0\r\n" + head + "CSeq: 1 OPTIONS\r\n\r\n", "z9hG4bKbad", here).status,
            505);
  EXPECT_EQ(exchange_bytes("OPTIONS sip:a SIP/2.0\r\n" + head + "CSeq: 1 INVITE\r\n\r\n", "z9hG4bKbad", here).status,
            400);
}

}  // namespace
}  // namespace roamdesk::element
