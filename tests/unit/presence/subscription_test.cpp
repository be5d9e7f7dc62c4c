#include <gtest/gtest.h>

#include "tests/unit/presence/phone.hpp"

namespace roamdesk::presence {
namespace {

using namespace std::chrono_literals;

class Subscriptions : public ::testing::Test, protected Switchboard {
 protected:
  ~Subscriptions() override { EXPECT_TRUE(server.consistent()); }
  static std::string header(const sip::Message& message, std::string_view name) {
    return std::string{message.header(name).value_or("(none)")};
  }
  static int version(const sip::Message& notify) {
    const auto at = notify.body.find("<dialog-info");
    if (at == std::string::npos) return -1;
    const auto value = notify.body.find("version=\"", at);
    return std::stoi(notify.body.substr(value + 9));
  }
  static std::vector<DialogInfo> dialling(DialogState state) {
    return {{"d1", "c", "l", "r", Direction::initiator, state, false, {"101", "Alice"}, {"103", ""}}};
  }
  const ExtensionNumber alice{"101"};
};

TEST_F(Subscriptions, AreAcceptedAndToldTheStateAtOnce) {
  const sip::Message ok = send(subscribe("dialog"));
  EXPECT_EQ(ok.status, 200);
  EXPECT_EQ(ok.expires, 600U);
  ASSERT_EQ(ok.contact.size(), 1U);
  EXPECT_EQ(sip::to_string(ok.contact[0].uri), "sip:101@127.0.0.1:5060") << "the face";
  const sip::Message notify = next_notify();
  EXPECT_EQ(notify.method, "NOTIFY");
  EXPECT_EQ(sip::to_string(notify.request_uri), "sip:102@127.0.1.1:5062") << "its Contact, untouched";
  EXPECT_EQ(notify.from.tag(), ok.to.tag());
  EXPECT_EQ(notify.to.tag(), "phone");
  EXPECT_EQ(notify.call_id, "call-1");
  EXPECT_EQ(header(notify, "Event"), "dialog");
  EXPECT_EQ(header(notify, "Subscription-State"), "active;expires=600");
  EXPECT_EQ(notify.content_type, "application/dialog-info+xml");
  EXPECT_EQ(notify.body, dialog_info_xml(alice, "pbx.example.com", 0, {}));
}

TEST_F(Subscriptions, HearOfEveryChangeWithARisingVersion) {
  send(subscribe("dialog"));
  int last = version(next_notify());
  for (const DialogState state : {DialogState::trying, DialogState::early, DialogState::confirmed}) {
    answer(200);
    server.publish(alice, dialling(state), now);
    drain();
    ASSERT_EQ(notifies.size(), 1U);
    EXPECT_EQ(next_notify().body, dialog_info_xml(alice, "pbx.example.com", last + 1, dialling(state)));
    last = version(next_notify());
  }
  answer(200);
  server.publish(alice, {}, now);
  drain();
  EXPECT_EQ(next_notify().body, dialog_info_xml(alice, "pbx.example.com", last + 1, {}));
}

TEST_F(Subscriptions, HearNothingWhereNothingChanged) {
  send(subscribe("dialog"));
  answer(200);
  server.publish(alice, {}, now);
  server.publish(ExtensionNumber{"104"}, dialling(DialogState::early), now);
  server.publish_mailbox(alice, {1, 0, 0, 0}, now);
  drain();
  EXPECT_TRUE(notifies.empty());
}

TEST_F(Subscriptions, HaveOneNotificationUnderWayAndThenTheNewestState) {
  send(subscribe("dialog"));
  server.publish(alice, dialling(DialogState::trying), now);
  server.publish(alice, dialling(DialogState::confirmed), now);
  drain();
  EXPECT_EQ(notifies.size(), 1U) << "the first isn't answered";
  answer(200);
  ASSERT_EQ(notifies.size(), 1U);
  EXPECT_EQ(next_notify().body, dialog_info_xml(alice, "pbx.example.com", 1, dialling(DialogState::confirmed)));
}

TEST_F(Subscriptions, ArePacedAfterABurst) {
  send(subscribe("dialog"));
  answer(200);
  int heard = 0;
  for (int i = 0; i < 40; ++i) {
    server.publish(alice, dialling(i % 2 == 0 ? DialogState::early : DialogState::confirmed), now);
    drain();
    heard += static_cast<int>(notifies.size());
    answer(200);
  }
  EXPECT_EQ(heard, 5);
  pass(500ms);
  ASSERT_EQ(notifies.size(), 1U);
  EXPECT_NE(next_notify().body.find("confirmed"), std::string::npos) << "the newest state";
}

TEST_F(Subscriptions, AreRefreshed) {
  const std::string tag = send(subscribe("dialog")).to.tag();
  answer(200);
  pass(500s);
  EXPECT_EQ(send(subscribe("dialog", 600, tag, 2)).status, 200);
  EXPECT_EQ(header(next_notify(), "Subscription-State"), "active;expires=600");
  EXPECT_EQ(version(next_notify()), 1);
  answer(200);
  pass(599s);
  EXPECT_EQ(server.size(), 1U);
}

TEST_F(Subscriptions, RunOut) {
  send(subscribe("dialog"));
  answer(200);
  pass(600s);
  EXPECT_EQ(header(next_notify(), "Subscription-State"), "terminated;reason=timeout");
  answer(200);
  EXPECT_EQ(server.size(), 0U);
}

TEST_F(Subscriptions, EndWhenThePhoneSaysSo) {
  const std::string tag = send(subscribe("dialog")).to.tag();
  answer(200);
  EXPECT_EQ(send(subscribe("dialog", 0, tag, 2)).expires, 0U);
  EXPECT_EQ(header(next_notify(), "Subscription-State"), "terminated;reason=timeout");
  answer(200);
  EXPECT_EQ(server.size(), 0U);
}

TEST_F(Subscriptions, CanBeAFetch) {
  server.publish(alice, dialling(DialogState::early), now);
  EXPECT_EQ(send(subscribe("dialog", 0)).status, 200);
  EXPECT_EQ(header(next_notify(), "Subscription-State"), "terminated;reason=timeout");
  EXPECT_EQ(next_notify().body, dialog_info_xml(alice, "pbx.example.com", 0, dialling(DialogState::early)));
  answer(200);
  EXPECT_EQ(server.size(), 0U);
}

// A desk changes hands: the next person's phone must not show the last one's lamps.
TEST_F(Subscriptions, EndCleanlyWhenADeskChangesHands) {
  server.publish(alice, dialling(DialogState::confirmed), now);
  server.publish_mailbox(alice, {3, 0, 0, 0}, now);
  sip::Message mailbox = subscribe("message-summary");
  mailbox.call_id = "call-2";
  send(subscribe("dialog"));
  send(mailbox);
  send(subscribe("dialog"), 2, "101", 2);  // another desk's, with equal Call-ID and tag
  answer(200), answer(200), answer(200);
  server.end_all_of(mac(1), now);
  drain();
  ASSERT_EQ(notifies.size(), 2U);
  for (const auto& [on, notify] : notifies) {
    EXPECT_EQ(on, 1U);
    EXPECT_EQ(header(notify, "Subscription-State"), "terminated;reason=noresource");
    EXPECT_TRUE(notify.body.find("Messages-Waiting: no") == 0 || notify.body.find("terminated") != std::string::npos);
    EXPECT_EQ(notify.body.find("confirmed"), std::string::npos);
  }
  answer(200), answer(200);
  EXPECT_EQ(server.size(), 1U);
  EXPECT_EQ(server.size_of(mac(2)), 1U);
}

TEST_F(Subscriptions, EndAfterTheNotificationUnderWay) {
  send(subscribe("dialog"));
  server.end_all_of(mac(1), now);
  server.publish(alice, dialling(DialogState::early), now);
  drain();
  EXPECT_EQ(notifies.size(), 1U);
  answer(200);
  EXPECT_EQ(header(next_notify(), "Subscription-State"), "terminated;reason=noresource");
  answer(200);
  EXPECT_EQ(server.size(), 0U);
}

TEST_F(Subscriptions, EndWithTheExtensionThatTheyWatch) {
  send(subscribe("dialog"));
  answer(200);
  server.end_all_on(alice, now);
  drain();
  EXPECT_EQ(header(next_notify(), "Subscription-State"), "terminated;reason=noresource");
}

TEST_F(Subscriptions, EndWhereThePhoneKnowsNothingOfThem) {
  for (const int status : {481, 489, 404}) {
    send(subscribe("dialog"));
    answer(status);
    EXPECT_EQ(server.size(), 0U) << status;
  }
}

TEST_F(Subscriptions, SurviveAnAnswerThatSaysNothingOfThem) {
  send(subscribe("dialog"));
  answer(500);
  EXPECT_EQ(server.size(), 1U);
}

TEST_F(Subscriptions, EndWhereThePhoneDoesNotAnswer) {
  send(subscribe("dialog"));
  pass(33s);
  EXPECT_EQ(server.size(), 0U);
}

TEST_F(Subscriptions, AnswerAChallengeOnce) {
  credentials = "Digest username=\"HD0001\"";
  send(subscribe("dialog"));
  const sip::Message first = next_notify();
  answer(401);
  ASSERT_EQ(notifies.size(), 1U);
  const sip::Message second = next_notify();
  EXPECT_EQ(header(second, "Authorization"), *credentials);
  EXPECT_EQ(second.cseq.number, first.cseq.number + 1);
  EXPECT_EQ(second.body, first.body);
  answer(401);
  EXPECT_TRUE(notifies.empty()) << "no third time";
  EXPECT_EQ(challenges, 1);
  server.publish(alice, dialling(DialogState::early), now);
  drain();
  answer(407);
  EXPECT_EQ(header(next_notify(), "Proxy-Authorization"), *credentials) << "the next NOTIFY may be challenged anew";
}

TEST_F(Subscriptions, StayWithoutCredentialsForAChallenge) {
  send(subscribe("dialog"));
  answer(401);
  EXPECT_TRUE(notifies.empty());
  EXPECT_EQ(server.size(), 1U);
}

TEST_F(Subscriptions, OutliveTheirFlowAndCatchUpOnTheNext) {
  send(subscribe("dialog"));
  answer(200);
  server.handle_flow_closed(sip::FlowId{1}, now);
  server.publish(alice, dialling(DialogState::early), now);
  drain();
  EXPECT_TRUE(notifies.empty());
  server.move(mac(1), flow(5), now);
  drain();
  ASSERT_EQ(notifies.size(), 1U);
  EXPECT_EQ(notifies.front().first, 5U);
  EXPECT_EQ(version(next_notify()), 1);
}

TEST_F(Subscriptions, CatchUpOnTheNextTimeoutWhereTheMoveKnowsNoTime) {
  send(subscribe("dialog"));
  answer(200);
  server.handle_flow_closed(sip::FlowId{1}, now);
  server.move(mac(1), flow(5));
  pass(500ms);
  EXPECT_EQ(notifies.size(), 1U);
}

TEST_F(Subscriptions, ToldOnALostFlowAreToldAgainOnTheNext) {
  send(subscribe("dialog"));
  server.handle_flow_closed(sip::FlowId{1}, now);
  layer.handle_flow_closed(sip::FlowId{1}, now);
  drain();
  notifies.clear();
  EXPECT_EQ(server.size(), 1U);
  server.move(mac(1), flow(5), now);
  drain();
  EXPECT_EQ(notifies.size(), 1U);
}

TEST_F(Subscriptions, RunOutOnALostFlowWithoutAWord) {
  send(subscribe("dialog"));
  answer(200);
  server.handle_flow_closed(sip::FlowId{1}, now);
  pass(601s);
  EXPECT_TRUE(notifies.empty());
  EXPECT_EQ(server.size(), 0U);
}

TEST_F(Subscriptions, ShowAMailbox) {
  send(subscribe("message-summary;id=7"));
  EXPECT_EQ(header(next_notify(), "Event"), "message-summary;id=7");
  EXPECT_EQ(next_notify().content_type, "application/simple-message-summary");
  EXPECT_EQ(next_notify().body, message_summary(alice, "pbx.example.com", {})) << "an explicit no";
  answer(200);
  server.publish_mailbox(alice, {1, 2, 0, 0}, now);
  drain();
  EXPECT_EQ(next_notify().body, message_summary(alice, "pbx.example.com", {1, 2, 0, 0}));
}

TEST_F(Subscriptions, AreRefusedForWhatIsNotServed) {
  const sip::Message refused = send(subscribe("presence"));
  EXPECT_EQ(refused.status, 489);
  EXPECT_EQ(header(refused, "Allow-Events"), "dialog, message-summary");
  sip::Message none = subscribe("dialog");
  none.remove_header("Event");
  EXPECT_EQ(send(none).status, 489);
  EXPECT_EQ(send(subscribe("dialog"), 1, std::nullopt).status, 404);
  sip::Message picky = subscribe("dialog");
  picky.set_header("Accept", "application/pidf+xml");
  EXPECT_EQ(send(picky).status, 406);
  EXPECT_EQ(server.size(), 0U);
}

TEST_F(Subscriptions, MustNotBeTooBriefAndAreCappedWhereTooLong) {
  const sip::Message brief = send(subscribe("dialog", 59));
  EXPECT_EQ(brief.status, 423);
  EXPECT_EQ(header(brief, "Min-Expires"), "60");
  EXPECT_EQ(send(subscribe("dialog", 86400)).expires, 3600U);
  EXPECT_EQ(send(subscribe("dialog", std::nullopt)).expires, 3600U);
}

TEST_F(Subscriptions, AreUnknownToStrangers) {
  const std::string tag = send(subscribe("dialog")).to.tag();
  answer(200);
  EXPECT_EQ(send(subscribe("dialog", 600, "tag-999", 2)).status, 481);
  EXPECT_EQ(send(subscribe("dialog", 0, tag, 2), 2).status, 481) << "another device";
  EXPECT_EQ(send(subscribe("message-summary", 0, tag, 2)).status, 481) << "another package";
  sip::Message other = subscribe("dialog", 0, tag, 2);
  other.call_id = "call-2";
  EXPECT_EQ(send(other).status, 481);
  EXPECT_EQ(send(subscribe("dialog", 600, tag, 1)).status, 500) << "an old CSeq";
  EXPECT_EQ(server.size(), 1U);
}

TEST_F(Subscriptions, EndAtARefreshOfSomebodyWhoMayNotWatchAnyMore) {
  const std::string tag = send(subscribe("dialog")).to.tag();
  answer(200);
  EXPECT_EQ(send(subscribe("dialog", 600, tag, 2), 1, std::nullopt).status, 403);
  EXPECT_EQ(header(next_notify(), "Subscription-State"), "terminated;reason=noresource");
}

TEST_F(Subscriptions, AreUntouchedByAnswersToWhatTheyHaveNotSent) {
  send(subscribe("dialog"));
  answer(200);
  sip::Message gone;
  gone.status = 481;
  server.handle_response(sip::ClientTx{4711}, gone, now);
  server.handle_failure(sip::ClientTx{4711}, true, now);
  EXPECT_EQ(server.size(), 1U);
}

}  // namespace
}  // namespace roamdesk::presence
