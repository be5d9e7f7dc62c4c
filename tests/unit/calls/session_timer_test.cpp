#include "exchange/calls/session_timer.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace roamdesk::calls {
namespace {
using std::chrono::seconds;
using Refreshed = SessionTimer::Refreshed;

sip::Message request(const std::string& expires, bool supported = true) {
  sip::Message message;
  message.method = "INVITE";
  if (supported) message.set_header("Supported", "timer");
  if (!expires.empty()) message.set_header("Session-Expires", expires);
  return message;
}
sip::Message answer(int status, const std::string& expires = {}, const std::string& least = {}) {
  sip::Message message;
  message.status = status;
  if (!expires.empty()) message.set_header("Session-Expires", expires);
  if (!least.empty()) message.set_header("Min-SE", least);
  return message;
}
std::string value(const sip::Message& message, const char* name) {
  return std::string{message.header(name).value_or("")};
}

const SessionTimer::Terms terms{.interval = seconds{1800}, .least = seconds{90}};

TEST(SessionTimer, RefusesLessThanItsLeastFromWhoCanAskAgain) {
  const SessionTimer timer{terms};
  EXPECT_TRUE(timer.is_too_brief(request("89")));
  EXPECT_FALSE(timer.is_too_brief(request("90")));
  EXPECT_FALSE(timer.is_too_brief(request("")));
  EXPECT_FALSE(timer.is_too_brief(request("89", false)));
}

TEST(SessionTimer, HasNothingToDoBeforeSomethingIsAgreed) { EXPECT_FALSE(SessionTimer{terms}.due()); }

TEST(SessionTimer, LetsThePeerRefreshThatAsksForIt) {
  SessionTimer timer{terms};
  sip::Message response;
  timer.answer(request("600;refresher=uac"), response);
  EXPECT_EQ(value(response, "Session-Expires"), "600;refresher=uac");
  EXPECT_EQ(value(response, "Require"), "timer");
  ASSERT_TRUE(timer.due());
  EXPECT_FALSE(timer.due()->refresh);
  EXPECT_EQ(timer.due()->in, seconds{600 - 32});  // RFC 4028 §10
}

TEST(SessionTimer, RefreshesAPeerThatKnowsNoTimers) {
  SessionTimer timer{terms};
  sip::Message response;
  timer.answer(request("", false), response);
  EXPECT_EQ(value(response, "Session-Expires"), "1800;refresher=uas");
  EXPECT_EQ(value(response, "Require"), "");
  ASSERT_TRUE(timer.due());
  EXPECT_TRUE(timer.due()->refresh);
  EXPECT_EQ(timer.due()->in, seconds{900});
}

TEST(SessionTimer, TakesNoMoreThanItWantsAndNoLessThanBothCan) {
  for (const auto& [asked, least, agreed] :
       {std::tuple{"7200", "", "1800"}, std::tuple{"600", "3600", "3600"}, std::tuple{"600", "999999", "600"}}) {
    SessionTimer timer{terms};
    auto invite = request(asked);
    if (*least) invite.set_header("Min-SE", least);
    sip::Message response;
    timer.answer(invite, response);
    EXPECT_EQ(value(response, "Session-Expires"), std::string{agreed} + ";refresher=uac") << asked << " " << least;
  }
}

TEST(SessionTimer, SaysWhoRefreshesOnceThatIsAgreed) {
  SessionTimer timer{terms};
  sip::Message first, second;
  timer.ask(first, false);
  EXPECT_EQ(value(first, "Session-Expires"), "1800");
  EXPECT_EQ(value(first, "Min-SE"), "90");
  timer.agree(answer(200, "1200;refresher=uas"));
  timer.ask(second, true);
  EXPECT_EQ(value(second, "Session-Expires"), "1200;refresher=uas");
}

TEST(SessionTimer, BidsAgainOnceWithWhatA422Wants) {
  SessionTimer timer{terms};
  EXPECT_FALSE(timer.bids_again(answer(422)));
  EXPECT_FALSE(timer.bids_again(answer(422, {}, "100000")));
  EXPECT_TRUE(timer.bids_again(answer(422, {}, "3600")));
  sip::Message again;
  timer.ask(again, false);
  EXPECT_EQ(value(again, "Session-Expires"), "3600");
  EXPECT_EQ(value(again, "Min-SE"), "3600");
  EXPECT_FALSE(timer.bids_again(answer(422, {}, "7200")));
}

TEST(SessionTimer, KnowsAPeerThatIsGoneFromOneThatOnlyRefuses) {
  const auto after = [](int status, bool answered) {
    SessionTimer timer{terms};
    timer.agree(answer(200, "1800;refresher=uac"));
    const auto response = answer(status);
    return timer.refreshed(status, answered ? &response : nullptr);
  };
  EXPECT_EQ(after(200, true), Refreshed::agreed);
  EXPECT_EQ(after(408, false), Refreshed::gone);
  EXPECT_EQ(after(481, true), Refreshed::gone);
  EXPECT_EQ(after(503, false), Refreshed::gone);
  EXPECT_EQ(after(503, true), Refreshed::stands);
  EXPECT_EQ(after(488, true), Refreshed::stands);
  EXPECT_EQ(after(491, true), Refreshed::again);
  EXPECT_EQ(after(405, true), Refreshed::without_update);
  EXPECT_EQ(after(501, true), Refreshed::without_update);
}

TEST(SessionTimer, FollowsA422ToARefreshUpwardsOnly) {
  SessionTimer timer{terms};
  timer.agree(answer(200, "600;refresher=uac"));
  const auto more = answer(422, {}, "900"), same = answer(422, {}, "900");
  EXPECT_EQ(timer.refreshed(422, &more), Refreshed::again);
  EXPECT_EQ(timer.again_in(), seconds{1});
  EXPECT_EQ(timer.due()->in, seconds{450});
  EXPECT_EQ(timer.refreshed(422, &same), Refreshed::stands);
}

}  // namespace
}  // namespace roamdesk::calls
