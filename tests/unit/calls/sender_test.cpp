#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

// An attacker has learnt all names of a dialog: Call-ID, tags and the next CSeq.
class Senders : public Calls {
 protected:
  void SetUp() override { talking(a, b); }
  sip::Message in_dialog(const std::string& method, std::uint32_t cseq = 100) {
    auto m = within(a.at(), method, cseq);
    m.max_forwards = 70;
    m.contact = {*sip::parse_name_addr("<sip:mallory@198.51.100.1>")};
    if (method == "INVITE" || method == "UPDATE") {
      m.content_type = "application/sdp";
      m.body = phone::sdp({.address = "198.51.100.1", .port = 7000});
    }
    if (method == "INFO") m.content_type = "application/dtmf", m.body = "5";
    if (method == "REFER") m.set_header("Refer-To", "<sip:103@pbx.example.com>");
    if (method == "PRACK") m.set_header("RAck", "1 1 INVITE");
    return m;
  }
  Phone &a = world.add("101"), &b = world.add("102");
};

TEST_F(Senders, OfRequestsFromElsewhereAreAskedWhoTheyAre) {
  const auto before = b.requests.size();
  const auto sdp = world.stream_at(sim::media_of(a.at().heard))->remote->rtp;
  for (const char* method : {"BYE", "INVITE", "UPDATE", "INFO", "REFER", "OPTIONS", "PRACK", "NOTIFY", "MESSAGE"}) {
    world.arrives(world.elsewhere(a, false), in_dialog(method, 2147483647));
    EXPECT_EQ(world.answers.back().status, 401) << method;
  }
  world.run(1s);
  EXPECT_EQ(b.requests.size(), before);  // nothing was passed on
  EXPECT_EQ(world.stream_at(sim::media_of(a.at().heard))->remote->rtp, sdp);
  EXPECT_TRUE(world.talk(a, b));
  a.modify("INVITE", "sendonly", world.now);  // its CSeq is still the next
  world.run(500ms);
  EXPECT_EQ(a.at().modified, 200);
}

TEST_F(Senders, MoveTheDialogWithTheDevicesCredentialsOnly) {
  const auto there = world.elsewhere(a, false);
  auto wrong = in_dialog("OPTIONS");
  wrong.set_header("X-Credentials", std::to_string(world.peer_of(b).value()));
  world.arrives(there, wrong);
  EXPECT_EQ(world.answers.back().status, 403);
  b.hang_up(world.now);
  world.run(500ms);
  EXPECT_TRUE(a.at().over);  // its BYE came where it was

  talking(a, b);
  auto right = in_dialog("OPTIONS");
  right.set_header("X-Credentials", std::to_string(world.peer_of(a).value()));
  world.arrives(there, right);
  EXPECT_EQ(world.answers.back().status, 200);
  auto bye = in_dialog("BYE", 101);
  world.arrives(there, bye);  // the dialog is there now
  EXPECT_EQ(world.answers.back().status, 200);
  world.run(500ms);
  EXPECT_TRUE(b.at().over);
  a.at().over = true;
}

TEST_F(Senders, AreTheSameFromAnotherPortOfTheirAddress) {
  world.arrives(world.elsewhere(a, true), in_dialog("BYE"));
  EXPECT_EQ(world.answers.back().status, 200);
  world.run(500ms);
  EXPECT_TRUE(b.at().over);
  a.at().over = true;
}

TEST_F(Senders, AtAnotherSiteKnowNoSuchDialog) {
  auto there = world.elsewhere(a, true);
  there.address.site = SiteId{"branch-1"};
  auto bye = in_dialog("BYE");
  bye.set_header("X-Credentials", std::to_string(world.peer_of(a).value()));
  world.arrives(there, bye);
  EXPECT_EQ(world.answers.back().status, 481);
  EXPECT_TRUE(world.talk(a, b));
}

TEST_F(Calls, AreCancelledFromTheAddressOfTheirInviteOnly) {
  auto &a = world.add("101"), &b = world.add("102");
  for (const bool same_ip : {false, true}) {
    a.dial("102", world.now);
    world.run(500ms);
    sip::Message cancel = world.invite;  // branch and all
    cancel.method = cancel.cseq.method = "CANCEL";
    cancel.body.clear();
    world.arrives(world.elsewhere(a, same_ip), cancel);
    world.run(500ms);
    EXPECT_EQ(world.answers.back().status, same_ip ? 200 : 481);
    EXPECT_EQ(a.at().status, same_ip ? 487 : 180);
    EXPECT_EQ(b.at().status, same_ip ? 487 : 0);
    a.hang_up(world.now);
    world.run(500ms);
  }
}

TEST_F(Calls, TakeNoAnswerFromElsewhereThanWhereTheyAsked) {
  auto &a = world.add("101"), &b = world.add("102");
  a.dial("102", world.now);
  world.run(500ms);
  auto answer = sip::make_response(b.at().invite, 603, "Decline", "mallory");
  world.layer.handle_message(world.elsewhere(b, false), answer, world.now);
  world.drain();
  world.run(500ms);
  EXPECT_EQ(a.at().status, 180);
  world.layer.handle_message(world.elsewhere(b, true), answer, world.now);  // it answers from another port
  world.drain();
  world.run(500ms);
  EXPECT_EQ(a.at().status, 603);
  b.at().over = true;
}

}  // namespace
}  // namespace roamdesk::calls
