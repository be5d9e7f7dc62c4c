#include "common/sip/dialog.hpp"

#include <gmock/gmock.h>

#include "common/sip/call_headers.hpp"
#include "common/sip/refer.hpp"
#include "tests/unit/sip/support.hpp"

namespace roamdesk::sip::test {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

Message with_routes(Message m) {
  m.record_route = {*parse_name_addr("<sip:p1;lr>"), *parse_name_addr("<sip:p2;lr>")};
  return m;
}

std::vector<std::string> hosts(const std::vector<NameAddr>& route) {
  std::vector<std::string> all;
  for (const auto& r : route) all.push_back(r.uri.host);
  return all;
}

const Flow flow = flow_of(1, Transport::udp);

TEST(Dialog, OfAnIncomingInviteTakesTheRoutesInTheirOrder) {
  const auto invite = with_routes(request("INVITE"));
  auto dialog = Dialog::as_uas(flow, invite, make_response(invite, 200, "", "ours"));
  ASSERT_TRUE(dialog);
  EXPECT_EQ(dialog->id, (DialogId{"c1@10.0.0.9", "ours", "f1"}));
  EXPECT_FALSE(dialog->early);
  const auto bye = dialog->make_request("BYE");
  EXPECT_EQ(to_string(bye.request_uri), "sip:102@10.0.0.9:5062");
  EXPECT_THAT(hosts(bye.route), ElementsAre("p1", "p2"));
  EXPECT_EQ(bye.from.tag(), "ours");
  EXPECT_EQ(bye.to.tag(), "f1");
  EXPECT_EQ(bye.cseq, (CSeq{1, "BYE"}));
  EXPECT_EQ(dialog->make_request("BYE").cseq.number, 2U);
}

TEST(Dialog, OfAnOutgoingInviteTakesTheRoutesTurnedRound) {
  const auto invite = request("INVITE");
  auto ringing = with_routes(make_response(invite, 180, "", "theirs"));
  auto dialog = Dialog::as_uac(flow, invite, ringing);
  ASSERT_TRUE(dialog);
  EXPECT_TRUE(dialog->early);
  EXPECT_EQ(dialog->target.user, "101");  // no Contact in the 180
  auto ok = make_response(invite, 200, "", "theirs");
  ok.record_route = {*parse_name_addr("<sip:p3;lr>"), *parse_name_addr("<sip:p4;lr>")};
  ok.contact = {*parse_name_addr("<sip:101@10.9.9.9>")};
  dialog->confirm(ok);
  EXPECT_FALSE(dialog->early);
  const auto ack = dialog->make_ack(7);
  EXPECT_EQ(ack.cseq, (CSeq{7, "ACK"}));
  EXPECT_EQ(ack.request_uri.host, "10.9.9.9");
  EXPECT_THAT(hosts(ack.route), ElementsAre("p4", "p3"));
  EXPECT_EQ(dialog->make_request("BYE").cseq.number, 8U);
}

TEST(Dialog, NeedsATagAndAContact) {
  auto invite = request("INVITE");
  EXPECT_FALSE(Dialog::as_uac(flow, invite, make_response(invite, 180, "", "")));
  invite.contact.clear();
  EXPECT_FALSE(Dialog::as_uas(flow, invite, make_response(invite, 200, "", "ours")));
}

TEST(Dialog, WritesAStrictRoutersWay) {
  auto invite = request("INVITE");
  invite.record_route = {*parse_name_addr("<sip:strict>"), *parse_name_addr("<sip:p2;lr>")};
  auto dialog = Dialog::as_uas(flow, invite, make_response(invite, 200, "", "ours"));
  const auto bye = dialog->make_request("BYE");
  EXPECT_EQ(bye.request_uri.host, "strict");
  EXPECT_THAT(hosts(bye.route), ElementsAre("p2", "10.0.0.9"));
}

TEST(Dialog, RefusesOldSequenceNumbers) {
  const auto invite = request("INVITE");
  auto dialog = *Dialog::as_uas(flow, invite, make_response(invite, 200, "", "ours"));
  const auto numbered = [](const std::string& method, std::uint32_t n) {
    auto m = request(method);
    m.cseq.number = n;
    return m;
  };
  EXPECT_TRUE(dialog.accept_sequence(numbered("ACK", 7)));
  EXPECT_FALSE(dialog.accept_sequence(numbered("BYE", 7)));
  EXPECT_TRUE(dialog.accept_sequence(numbered("INFO", 100)));
  EXPECT_FALSE(dialog.accept_sequence(numbered("BYE", 99)));
  // Our own INVITE: their first request may have any number.
  auto ours = *Dialog::as_uac(flow, invite, make_response(invite, 200, "", "theirs"));
  EXPECT_TRUE(ours.accept_sequence(numbered("BYE", 1)));
}

TEST(Dialog, FollowsItsTarget) {
  const auto invite = request("INVITE");
  auto dialog = *Dialog::as_uas(flow, invite, make_response(invite, 200, "", "ours"));
  auto update = request("UPDATE");
  update.contact = {*parse_name_addr("<sip:102@10.0.0.10>")};
  dialog.refresh_target(update);
  EXPECT_EQ(dialog.target.host, "10.0.0.10");
  update.contact.clear();
  dialog.refresh_target(update);
  EXPECT_EQ(dialog.target.host, "10.0.0.10");
}

TEST(DialogId, IsTheSameFromRequestsAndResponses) {
  EXPECT_EQ(dialog_of_request(request("BYE", "z9hG4bK1", "", "ours")), (DialogId{"c1@10.0.0.9", "ours", "f1"}));
  EXPECT_EQ(dialog_of_response(make_response(request("INVITE"), 200, "", "theirs")),
            (DialogId{"c1@10.0.0.9", "f1", "theirs"}));
}

TEST(Refer, CarriesReplacesThroughEscaping) {
  ReferTo target;
  target.address = *parse_name_addr("<sip:103@192.0.2.1>");
  target.replaces = Replaces{"a@b;c", "t=1", "f"};
  target.replaces->call_id = "a@b";
  target.replaces->to_tag = "t1";
  auto refer = request("REFER");
  refer.add_header("Refer-To", write_refer_to(target));
  EXPECT_EQ(*refer.header("Refer-To"), "<sip:103@192.0.2.1?Replaces=a%40b%3Bto-tag%3Dt1%3Bfrom-tag%3Df>");
  const auto read = refer_to(refer);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->replaces, target.replaces);
  EXPECT_EQ(read->address, target.address);
  EXPECT_EQ(read->replaces->dialog(), (DialogId{"a@b", "t1", "f"}));
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

TEST(Refer, ReadsReplacesAndReferredBy) {
  const auto r = parse_replaces(" 98@x ; from-tag=2;to-tag=1 ;early-only");
  ASSERT_TRUE(r);
  EXPECT_EQ(*r, (Replaces{"98@x", "1", "2", true}));
  EXPECT_FALSE(parse_replaces("98@x;to-tag=1"));
  EXPECT_FALSE(parse_replaces(";to-tag=1;from-tag=2"));
  EXPECT_EQ(referred_by(request("REFER", "z9hG4bK1", "b: <sip:a@b>\r\n"))->uri.user, "a");
}

TEST(Refer, ReportsItsProgressAsSipfrag) {
  EXPECT_EQ(sipfrag(180), "SIP/2.0 180 Ringing\r\n");
  EXPECT_EQ(sipfrag_status("SIP/2.0 200 OK\r\nTo: x"), 200);
  EXPECT_EQ(sipfrag_status("SIP/2.0 2000"), std::nullopt);
  EXPECT_EQ(sipfrag_status("HTTP/1.1 200 OK"), std::nullopt);
}

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
