#include <gmock/gmock.h>

#include "tests/unit/sip/support.hpp"

// Which transaction a request belongs to, and what an answer takes over from it.
namespace roamdesk::sip::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// ---- CANCEL, RFC 3261 §9.2

TEST(Cancel, IsAnsweredAndHandedUpWithTheToTagOfTheInvite) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.receive(request("CANCEL"));
  EXPECT_EQ(b.expect<CancelReceived>().invite, tx);
  const auto ok = b.messages();
  ASSERT_THAT(ok, SizeIs(1));
  EXPECT_EQ(ok[0].status, 200);
  EXPECT_EQ(ok[0].cseq.method, "CANCEL");
  b.layer.respond(tx, make_response(request("INVITE"), 487, "", ""), b.now);
  const auto refused = b.messages();
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].to.tag(), ok[0].to.tag());
}

TEST(Cancel, OfNoInviteIs481) {
  Bench b;
  b.receive(request("CANCEL"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 481")));
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(Cancel, OfAnAnsweredInviteChangesNothing) {
  Bench b;
  const auto tx = b.server("INVITE");
  b.layer.respond(tx, answer_to(request("INVITE"), 200), b.now);
  b.sent();
  b.receive(request("CANCEL"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 200")));
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(Cancel, SentAgainIsAnsweredAgainAndHandedUpOnce) {
  Bench b;
  b.server("INVITE");
  b.receive(request("CANCEL"));
  b.events();
  const auto first = b.sent();
  b.receive(request("CANCEL"));
  EXPECT_EQ(b.sent(), first);
  EXPECT_THAT(b.events(), IsEmpty());
}

TEST(Cancel, OfAnotherBranchIsNotOfThisInvite) {
  Bench b;
  b.server("INVITE");
  b.receive(request("CANCEL", "z9hG4bKtwo"));
  EXPECT_THAT(b.sent(), ElementsAre(HasSubstr("SIP/2.0 481")));
}

// ---- matching, RFC 3261 §17.2.3

TEST(Matching, TellsBranchesOfDifferentSitesApart) {
  Bench b;
  b.server("OPTIONS");
  b.layer.handle_message(flow_of(2, Transport::udp, "branch-1"), request("OPTIONS"), b.now);
  EXPECT_EQ(b.expect<RequestReceived>().flow.address.site, SiteId{"branch-1"});
}

TEST(Matching, TellsOtherSentBysAndMethodsApart) {
  Bench b;
  b.server("OPTIONS");
  auto other = request("OPTIONS");
  other.via.front().port = 5099;
  b.receive(other);
  b.expect<RequestReceived>();
  b.receive(request("INFO"));
  b.expect<RequestReceived>();
}

TEST(Matching, ComparesAllPartsWhereTheMagicCookieIsMissing) {
  for (const auto* branch : {"", "1"}) {
    Bench b;
    b.server("OPTIONS", branch);
    b.receive(request("OPTIONS", branch));
    EXPECT_THAT(b.events(), IsEmpty());
    const auto differs = [&](auto change) {
      auto other = request("OPTIONS", branch);
      change(other);
      b.receive(other);
      return b.events().size() == 1;
    };
    EXPECT_TRUE(differs([](Message& m) { m.cseq.number = 8; }));
    EXPECT_TRUE(differs([](Message& m) { m.call_id = "c2"; }));
    EXPECT_TRUE(differs([](Message& m) { m.from.params.set("tag", "f2"); }));
    EXPECT_TRUE(differs([](Message& m) { m.to.params.set("tag", "t2"); }));
    EXPECT_TRUE(differs([](Message& m) { m.request_uri.user = "103"; }));
  }
}

TEST(Matching, TellsTheAckOfAnOldPeerByItsToTag) {
  Bench b;
  const auto tx = b.server("INVITE", "1");
  b.layer.respond(tx, answer_to(request("INVITE", "1"), 486), b.now);
  b.sent();
  b.receive(ack("1", "another"));
  EXPECT_THAT(b.run(1s), ElementsAre(500));
  b.receive(ack("1", "ours"));
  EXPECT_THAT(b.run(4s), IsEmpty());
}

// ---- the rest

TEST(Requests, AreStampedWithWhereTheyCameFrom) {
  Bench b;
  b.receive(request("OPTIONS"));
  const auto via = b.expect<RequestReceived>().request.via.front();
  EXPECT_EQ(via.params.find("received"), "192.0.2.7");
  EXPECT_EQ(via.params.find("rport"), "5062");
}

TEST(Requests, AreNotStampedWithRportUnasked) {
  Bench b;
  auto plain = request("OPTIONS");
  plain.via.front().params.remove("rport");
  plain.via.front().host = "192.0.2.7";
  b.receive(plain);
  const auto via = b.expect<RequestReceived>().request.via.front();
  EXPECT_FALSE(via.params.has("received"));
  EXPECT_FALSE(via.params.has("rport"));
}

TEST(Responses, GoBackOnTheFlowOfTheRequestWithItsVia) {
  Bench b;
  b.flow = flow_of(77, Transport::udp, "branch-2");
  const auto tx = b.server("OPTIONS");
  auto response = answer_to(request("OPTIONS"), 200);
  response.via.clear();
  b.layer.respond(tx, response, b.now);
  const auto sent = b.layer.poll_transmit();
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->flow, FlowId{77});
  EXPECT_THAT(sent->bytes, HasSubstr("Via: SIP/2.0/UDP 10.0.0.9:5062;branch=z9hG4bKone;rport=5062;received=192.0.2.7"));
}

TEST(Responses, GetAToTagWhereTheUserForgotIt) {
  Bench b;
  const auto tx = b.server("OPTIONS");
  b.layer.respond(tx, make_response(request("OPTIONS"), 404, "", ""), b.now);
  EXPECT_FALSE(b.messages().at(0).to.tag().empty());
}

}  // namespace
}  // namespace roamdesk::sip::test
