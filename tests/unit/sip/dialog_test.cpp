#include "common/sip/dialog.hpp"

#include <gtest/gtest.h>

namespace roamdesk::sip {
namespace {

NameAddr address(const char* text) { return *parse_name_addr(text); }

Message invite() {
  Message request;
  request.method = "INVITE";
  request.request_uri = *parse_uri("sip:102@pbx");
  request.from = address("<sip:101@pbx>;tag=theirs");
  request.to = address("<sip:102@pbx>");
  request.call_id = "a@phone";
  request.cseq = {7, "INVITE", {}};
  request.contact = {address("<sip:101@192.0.2.1:5070>")};
  request.record_route = {address("<sip:p1;lr>"), address("<sip:p2;lr>")};
  return request;
}

Message answer_of(const Message& request) {
  auto response = make_response(request, 200, "OK", "theirs");
  response.contact = {address("<sip:102@192.0.2.2:5080>")};
  response.record_route = {address("<sip:p1;lr>"), address("<sip:p2;lr>")};
  return response;
}

TEST(Dialog, IsMadeOfARequestThatWeAnswer) {
  auto dialog = Dialog::answering(invite(), "ours");
  const auto bye = dialog.make_request("BYE");
  EXPECT_EQ(to_string(bye.request_uri), "sip:101@192.0.2.1:5070");
  EXPECT_EQ(bye.from.tag(), "ours");
  EXPECT_EQ(bye.to.tag(), "theirs");
  EXPECT_EQ(bye.call_id, "a@phone");
  EXPECT_EQ(bye.cseq, (CSeq{1, "BYE", {}}));
  EXPECT_EQ(bye.route, invite().record_route);  // RFC 3261 §12.1.1: in its order
  EXPECT_EQ(dialog.remote_cseq, 7u);
}

TEST(Dialog, IsMadeOfTheAnswerToARequestOfOurs) {
  auto dialog = Dialog::beginning("b@us", "ours", address("<sip:101@pbx>"), address("<sip:102@pbx>"),
                                  *parse_uri("sip:102@phone"));
  const auto first = dialog.make_request("INVITE");
  EXPECT_EQ(to_string(first.request_uri), "sip:102@phone");
  EXPECT_EQ(first.to.tag(), "");
  EXPECT_EQ(first.cseq.number, 1u);
  dialog.take(answer_of(first));
  const auto next = dialog.make_request("UPDATE");
  EXPECT_EQ(to_string(next.request_uri), "sip:102@192.0.2.2:5080");
  EXPECT_EQ(next.to.tag(), "theirs");
  EXPECT_EQ(next.cseq.number, 2u);
  ASSERT_EQ(next.route.size(), 2u);  // RFC 3261 §12.1.2: the other way round
  EXPECT_EQ(next.route.front().uri.host, "p2");
}

TEST(Dialog, AcknowledgesWithTheNumberOfTheInvite) {
  auto dialog = Dialog::beginning("b@us", "ours", {}, address("<sip:102@pbx>"), *parse_uri("sip:102@phone"));
  const auto first = dialog.make_request("INVITE");
  dialog.take(answer_of(first));
  dialog.make_request("INFO");
  const auto ack = dialog.make_ack(first.cseq.number);
  EXPECT_EQ(ack.cseq, (CSeq{1, "ACK", {}}));
  EXPECT_EQ(ack.max_forwards, 70);
  EXPECT_EQ(dialog.make_request("BYE").cseq.number, 3u);  // an ACK counts nothing up
}

TEST(Dialog, OfAPeerThatSendsNoTagHasNone) {
  auto dialog = Dialog::beginning("b@us", "ours", {}, address("<sip:102@pbx>"), *parse_uri("sip:102@phone"));
  auto answered = make_response(dialog.make_request("INVITE"), 200, "OK", "");
  dialog.take(answered);
  EXPECT_EQ(dialog.remote_tag, "");
  EXPECT_FALSE(dialog.make_request("BYE").to.params.has("tag"));
}

TEST(Dialog, GoesToWhereTheOtherEndWasNamedLast) {
  auto dialog = Dialog::answering(invite(), "ours");
  Message update;
  update.contact = {address("<sip:101@192.0.2.9>")};
  dialog.refresh_target(update);
  EXPECT_EQ(dialog.make_request("BYE").request_uri.host, "192.0.2.9");
  for (const bool star : {false, true}) {
    Message silent;
    silent.contact_star = star;
    dialog.refresh_target(silent);
    EXPECT_EQ(dialog.make_request("BYE").request_uri.host, "192.0.2.9");
  }
}

TEST(Dialog, AnswersUnderItsTagAndUnderAnotherOneOnceItHasOne) {
  auto dialog = Dialog::answering(invite(), "ours");
  EXPECT_EQ(dialog.make_answer(invite(), 180).to.tag(), "ours");
  dialog.set_local_tag("fork");
  const auto answered = dialog.make_answer(invite(), 200, "Fine");
  EXPECT_EQ(answered.to.tag(), "fork");
  EXPECT_EQ(answered.reason, "Fine");
  EXPECT_EQ(dialog.make_request("BYE").from.tag(), "fork");
}

}  // namespace
}  // namespace roamdesk::sip
