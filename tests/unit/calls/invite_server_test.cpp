#include "exchange/calls/invite_server.hpp"

#include <gtest/gtest.h>

namespace roamdesk::calls {
namespace {
using Prack = InviteServer::Prack;

const sip::ServerTx received_as{7};
const LegId one_leg{1}, other_leg{2};

sip::Message invite(bool reliable) {
  sip::Message message;
  message.method = "INVITE";
  message.cseq = {3, "INVITE", {}};
  if (reliable) message.set_header("Require", "100rel");
  return message;
}
InviteServer server(bool reliable, bool offers = true) { return InviteServer{received_as, invite(reliable), offers}; }

sip::Message response(int status, const std::string& sdp = {}) {
  sip::Message message;
  message.status = status;
  message.body = sdp;
  return message;
}
// Says it, and whether it went out at once.
bool say(InviteServer& server, int status, const std::string& sdp = {}, std::optional<LegId> from = std::nullopt) {
  const auto now = server.provisional({.status = status, .reason = {}, .sdp = sdp}, from);
  if (!now) return false;
  auto message = response(now->status, now->sdp);
  server.number(message);
  return true;
}
Prack prack(InviteServer& server, std::uint32_t rseq, const std::string& body = {}, std::uint32_t cseq = 3) {
  sip::Message request;
  request.method = "PRACK";
  request.set_header("RAck", std::to_string(rseq) + " " + std::to_string(cseq) + " INVITE");
  request.body = body;
  std::uint32_t acknowledged = 0;
  const auto result = server.prack(request, acknowledged);
  EXPECT_EQ(acknowledged, result == Prack::expected ? rseq : 0);
  return result;
}

TEST(InviteServer, SaysNothingTwice) {
  auto caller = server(false);
  EXPECT_TRUE(say(caller, 180));
  EXPECT_FALSE(say(caller, 180));
  EXPECT_TRUE(say(caller, 183, "one", one_leg));
  EXPECT_FALSE(say(caller, 183, "one", one_leg));
  EXPECT_FALSE(say(caller, 183));
  EXPECT_TRUE(say(caller, 183, "two", one_leg));
  EXPECT_TRUE(caller.has_rung());
}

TEST(InviteServer, SendsReliableResponsesOneBehindTheOther) {
  auto caller = server(true);
  EXPECT_TRUE(say(caller, 180));
  EXPECT_FALSE(say(caller, 183, "one", one_leg));
  EXPECT_EQ(prack(caller, 2), Prack::unknown);
  EXPECT_EQ(prack(caller, 1, {}, 4), Prack::unknown);
  EXPECT_EQ(prack(caller, 1, "offer"), Prack::offers);
  EXPECT_EQ(prack(caller, 1), Prack::expected);
  EXPECT_EQ(prack(caller, 1), Prack::unknown);
  const auto next = caller.next_provisional();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->status, 183);
  EXPECT_FALSE(caller.next_provisional());
}

TEST(InviteServer, KeepsABoundedNumberOfResponsesForAPrackThatDoesNotCome) {
  auto caller = server(true);
  say(caller, 180);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(say(caller, 183, "sdp " + std::to_string(i), one_leg));
  EXPECT_EQ(prack(caller, 1), Prack::expected);
  int left = 0;
  std::string last;
  while (const auto next = caller.next_provisional()) {
    ++left;
    last = next->sdp;
  }
  EXPECT_EQ(left, 8);
  EXPECT_EQ(last, "sdp 99");
}

TEST(InviteServer, WithoutAnOfferHasNoReliableResponse) {  // RFC 3261 §13.2.1: it would have to hold ours
  auto caller = server(true, false);
  EXPECT_FALSE(say(caller, 180));
  EXPECT_TRUE(caller.accept(response(200), "offer"));
}

TEST(InviteServer, HoldsThe2xxUntilTheAnswerBeforeItIsAcknowledged) {  // RFC 3262 §3
  auto caller = server(true);
  EXPECT_TRUE(say(caller, 183, "answer", one_leg));
  EXPECT_FALSE(caller.accept(response(200), "answer"));
  EXPECT_TRUE(caller.holds_answer());
  EXPECT_FALSE(say(caller, 182));
  EXPECT_EQ(prack(caller, 1), Prack::expected);
  EXPECT_FALSE(caller.next_provisional());
  const auto held = caller.take_held_answer();
  ASSERT_TRUE(held);
  EXPECT_EQ(held->body, "");  // RFC 3262 §5: the answer went out reliably already
  EXPECT_EQ(caller.close(), received_as);
  EXPECT_FALSE(caller.open());
}

TEST(InviteServer, RepeatsTheAnswerWhereItWasUnreliableOrIsAnotherOne) {
  auto unreliable = server(false);
  say(unreliable, 183, "answer", one_leg);
  EXPECT_EQ(unreliable.accept(response(200), "answer")->body, "answer");
  auto another = server(true);
  say(another, 183, "answer", one_leg);
  EXPECT_EQ(prack(another, 1), Prack::expected);
  EXPECT_EQ(another.accept(response(200), "another")->body, "another");
  auto same = server(true);
  say(same, 183, "answer", one_leg);
  EXPECT_EQ(prack(same, 1), Prack::expected);
  EXPECT_EQ(same.accept(response(200), "answer")->body, "");
}

TEST(InviteServer, IsAForkToACallerThatHasHeardAnotherPhone) {
  auto caller = server(false);
  EXPECT_FALSE(caller.is_fork(one_leg));
  say(caller, 183, "one", one_leg);
  EXPECT_FALSE(caller.is_fork(one_leg));
  EXPECT_FALSE(caller.is_fork(std::nullopt));
  EXPECT_TRUE(caller.is_fork(other_leg));
}

TEST(InviteServer, OfAForkWaitsForNoPrackOfTheOtherOne) {
  auto caller = server(true);
  say(caller, 183, "one", one_leg);
  caller.begin_fork();
  EXPECT_EQ(caller.accept(response(200), "two")->body, "two");
  EXPECT_EQ(prack(caller, 1), Prack::unknown);
}

TEST(InviteServer, SaysNothingOnceItIsClosed) {
  auto caller = server(false);
  caller.close();
  EXPECT_FALSE(say(caller, 180));
}

}  // namespace
}  // namespace roamdesk::calls
