#include "common/edge/unanswered.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/edge/unavailable.hpp"
#include "common/sip/parse.hpp"

namespace roamdesk::edge {
namespace {

using namespace std::chrono_literals;
const TimePoint start{1h};

std::string invite(const std::string& branch) {
  return "INVITE sip:101@pbx.example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9:5060;rport;branch=" + branch +
         "\r\nRoute: <sip:10.0.0.5;lr>\r\nFrom: <sip:102@pbx.example.com>;tag=a\r\nTo: <sip:101@pbx.example.com>\r\n"
         "Call-ID: c1\r\nCSeq: 7 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0";
}
std::string response(const std::string& branch, int status = 100) {
  return "SIP/2.0 " + std::to_string(status) + " x\r\nv: SIP/2.0/UDP 10.0.0.9:5060;BRANCH=" + branch + "\r\n\r\n";
}

TEST(AnInviteInASilentLine, IsGivenUpAfterFourSeconds) {
  Unanswered unanswered;
  unanswered.handle_from_phone(2, invite("z9hG4bK1"), start);
  EXPECT_TRUE(unanswered.give_up(start - 1s, start + 3s).empty());
  const auto given_up = unanswered.give_up(start - 1s, start + 4s);
  ASSERT_EQ(given_up.size(), 1u);
  EXPECT_EQ(given_up[0].flow, 2u);
  EXPECT_EQ(given_up[0].invite, invite("z9hG4bK1"));
  EXPECT_TRUE(unanswered.give_up(start - 1s, start + 5s).empty()) << "once";
}

TEST(AnInviteInASilentLine, CountsFromItsFirstCopy) {
  Unanswered unanswered;
  for (const auto at : {0ms, 500ms, 1500ms, 3500ms}) unanswered.handle_from_phone(2, invite("z9hG4bK1"), start + at);
  EXPECT_EQ(unanswered.give_up(start - 1s, start + 4s).size(), 1u);
}

TEST(AnInviteInASilentLine, IsLeftAloneWhileTheCoreIsHeard) {
  Unanswered unanswered;
  unanswered.handle_from_phone(2, invite("z9hG4bK1"), start);
  EXPECT_TRUE(unanswered.give_up(start + 1ms, start + 10s).empty()) << "the core is busy, not away";
  EXPECT_TRUE(unanswered.give_up(start + 1ms, start + 32s).empty());
  EXPECT_EQ(unanswered.size(), 0u) << "its transaction is over";
}

TEST(AnInviteInASilentLine, IsForgottenWithItsFirstAnswer) {
  Unanswered unanswered;
  unanswered.handle_from_phone(2, invite("z9hG4bK1"), start);
  unanswered.handle_from_core(4, response("z9hG4bK1"));  // another phone's
  EXPECT_EQ(unanswered.size(), 1u);
  unanswered.handle_from_core(2, response("z9hG4bK1", 401));
  EXPECT_EQ(unanswered.size(), 0u);
}

TEST(AnInviteInASilentLine, IsForgottenWhenTheCallerGivesUpFirst) {
  Unanswered unanswered;
  unanswered.handle_from_phone(2, invite("z9hG4bK1"), start);
  unanswered.handle_from_phone(2, *cancel_of(invite("z9hG4bK1")), start + 1s);
  EXPECT_EQ(unanswered.size(), 0u);
}

TEST(AnInviteInASilentLine, OfAFloodIsNotRemembered) {
  Unanswered unanswered({.most = 3});
  for (int i = 0; i < 100; ++i) unanswered.handle_from_phone(2, invite("z9hG4bK" + std::to_string(i)), start);
  EXPECT_EQ(unanswered.size(), 3u);
}

TEST(ACancel, NamesTheTransactionOfItsInvite) {
  const auto text = cancel_of(invite("z9hG4bK1"));
  ASSERT_TRUE(text);
  const auto cancel = sip::parse(*text);
  ASSERT_TRUE(cancel) << *text;
  EXPECT_EQ(cancel->method, "CANCEL");
  EXPECT_EQ(sip::to_string(cancel->request_uri), "sip:101@pbx.example.com");
  ASSERT_EQ(cancel->via.size(), 1u);
  EXPECT_EQ(cancel->via[0].branch(), "z9hG4bK1");
  EXPECT_EQ(cancel->cseq.number, 7u);
  EXPECT_EQ(cancel->cseq.method, "CANCEL");
  EXPECT_EQ(cancel->call_id, "c1");
  EXPECT_EQ(cancel->from.tag(), "a");
  EXPECT_EQ(cancel->route.size(), 1u);
  EXPECT_TRUE(cancel->body.empty());
}

TEST(ACancel, IsNotMadeOfWhatIsNoInvite) {
  EXPECT_FALSE(cancel_of("OPTIONS sip:a SIP/2.0\r\nVia: x;branch=y\r\n\r\n"));
  EXPECT_FALSE(cancel_of("INVITE sip:a SIP/2.0\r\nVia: x;branch=y\r\nFrom: a\r\nTo: b\r\nCall-ID: c\r\n\r\n"));
  EXPECT_FALSE(cancel_of(response("z9hG4bK1")));
  EXPECT_FALSE(cancel_of(""));
}

TEST(ABranch, IsThatOfTheTopVia) {
  EXPECT_EQ(
      branch_of("SIP/2.0 200 OK\r\nFrom: a\r\nVia : SIP/2.0/UDP a;branch=one;rport, SIP/2.0/UDP b;branch=two\r\n\r\n"),
      "one");
  EXPECT_EQ(branch_of("SIP/2.0 200 OK\r\n\r\nVia: x;branch=body\r\n"), "");
  EXPECT_EQ(branch_of("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\n\r\n"), "");
  EXPECT_EQ(branch_of("no line end"), "");
  EXPECT_EQ(branch_of("a\n:\n"), "");
}

}  // namespace
}  // namespace roamdesk::edge
