#include "common/post/outbox.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace roamdesk::post {
namespace {

using namespace std::chrono_literals;

Letter hook(const std::string& url, const std::string& about = "", unsigned weight = 0) {
  return {Way::web_hook, url, "{}", about, weight};
}
Letter mail(const std::string& to, const std::string& about = "", unsigned weight = 0) {
  return {Way::mail, to, "text", about, weight};
}

class TheOutbox : public testing::Test {
 protected:
  // Everything that is due fails; how many were tried.
  std::size_t all_fail() {
    std::size_t tried = 0;
    while (const auto id = outbox.next(now)) {
      ++tried;
      outbox.answered(*id, Fate::may_go_later, now);
    }
    return tried;
  }
  std::string begin() {
    const auto id = outbox.next(now);
    return id ? outbox.letter(*id).to : "none";
  }
  Outbox outbox;
  TimePoint now{1h};
};

TEST_F(TheOutbox, TriesAtOnceAndIsDoneWhenItIsDelivered) {
  EXPECT_EQ(outbox.put(hook("https://a/x"), now), Outbox::Taken::yes);
  EXPECT_EQ(outbox.deadline(), now);
  const auto id = outbox.next(now);
  ASSERT_TRUE(id);
  EXPECT_EQ(outbox.next(now), std::nullopt) << "it is under way";
  const auto over = outbox.answered(*id, Fate::delivered, now);
  ASSERT_TRUE(over);
  EXPECT_TRUE(over->delivered);
  EXPECT_EQ(over->tries, 1u);
  EXPECT_EQ(outbox.size(), 0u);
  EXPECT_EQ(outbox.deadline(), std::nullopt);
}

TEST_F(TheOutbox, TriesAgainLessAndLessOftenForTenMinutes) {
  outbox.put(hook("https://a/x"), now);
  const auto begun = now;
  std::vector<Duration> pauses;
  while (outbox.size() > 0) {
    ASSERT_EQ(all_fail(), 1u);
    if (const auto due = outbox.deadline()) {
      pauses.push_back(*due - now);
      EXPECT_EQ(outbox.next(*due - 1ms), std::nullopt);
      now = *due;
    }
  }
  EXPECT_EQ(std::vector<Duration>(pauses.begin(), pauses.begin() + 7),
            (std::vector<Duration>{2s, 5s, 10s, 20s, 40s, 60s, 60s}));
  EXPECT_LE(now - begun, 600s);
  EXPECT_GT(now - begun, 540s);
}

TEST_F(TheOutbox, TriesForAsLongAsTheLetterSays) {
  auto patient = hook("https://a/x");
  patient.lifetime = 1h;
  outbox.put(patient, now);
  const auto begun = now;
  std::size_t tries = 0;
  while (const auto due = outbox.deadline()) {
    now = *due;
    tries += all_fail();
  }
  EXPECT_GT(now - begun, 58min);
  EXPECT_LE(now - begun, 1h);
  EXPECT_LT(tries, 70u);
  EXPECT_EQ(outbox.size(), 0u);
}

TEST_F(TheOutbox, TakesEachSyslogServerForAReceiverOfItsOwn) {
  EXPECT_EQ(receiver_of({Way::syslog, "udp://a:514", ""}), "syslog udp://a:514");
  EXPECT_NE(receiver_of({Way::syslog, "udp://a:514", ""}), receiver_of({Way::syslog, "udp://b:514", ""}));
}

TEST_F(TheOutbox, GivesUpWhatIsRefused) {
  outbox.put(hook("https://a/x"), now);
  const auto over = outbox.answered(*outbox.next(now), Fate::refused, now);
  ASSERT_TRUE(over);
  EXPECT_FALSE(over->delivered);
}

TEST_F(TheOutbox, TellsAReceiverTheSameOnce) {
  EXPECT_EQ(outbox.put(mail("a@x.example", "e1"), now), Outbox::Taken::yes);
  EXPECT_EQ(outbox.put(mail("a@x.example", "e1"), now), Outbox::Taken::known);
  EXPECT_EQ(outbox.put(mail("b@x.example", "e1"), now), Outbox::Taken::yes);
  EXPECT_EQ(outbox.put(mail("a@x.example", "e2"), now), Outbox::Taken::yes);
  while (const auto id = outbox.next(now)) outbox.answered(*id, Fate::delivered, now);
  EXPECT_EQ(outbox.put(mail("a@x.example", "e1"), now), Outbox::Taken::known) << "after its delivery, too";
  EXPECT_EQ(outbox.put(mail("a@x.example"), now), Outbox::Taken::yes) << "about nothing: each time";
  EXPECT_EQ(outbox.put(mail("a@x.example"), now), Outbox::Taken::yes);
}

TEST_F(TheOutbox, OfOneThatHangsKeepsNobodyElseWaiting) {
  for (int i = 0; i < 20; ++i) outbox.put(hook("https://hangs/" + std::to_string(i)), now);
  outbox.put(hook("https://fine/x"), now);
  outbox.put(mail("a@x.example"), now);
  std::multiset<std::string> begun;
  for (std::string to = begin(); to != "none"; to = begin()) begun.insert(to.substr(0, 13));
  EXPECT_EQ(begun, (std::multiset<std::string>{"https://hangs", "https://hangs", "https://fine/", "a@x.example"}));
}

TEST_F(TheOutbox, KeepsTheReceiversOfOneHostTogetherWhateverTheUrlSays) {
  for (const char* url :
       {"https://a.example/1", "https://A.example/2", "https://user:pass@a.example/3", "HTTPS://a.example?4"})
    EXPECT_EQ(receiver_of(hook(url)), "https://a.example") << url;
  EXPECT_EQ(receiver_of(hook("https://a.example:8443/x")), "https://a.example:8443");
  EXPECT_EQ(receiver_of(mail("a@x.example")), "mail");
}

TEST_F(TheOutbox, IsBoundedForEachReceiverAndInAll) {
  for (int i = 0; i < 10'000; ++i) outbox.put(hook("https://flooded/" + std::to_string(i)), now);
  EXPECT_EQ(outbox.size(), OutboxLimits{}.of_receiver);
  EXPECT_EQ(outbox.put(hook("https://other/x"), now), Outbox::Taken::yes) << "a flood takes nobody else's place";
  for (int i = 0; i < 10'000; ++i) outbox.put(hook("https://host-" + std::to_string(i) + "/x"), now);
  EXPECT_EQ(outbox.size(), OutboxLimits{}.letters);
  EXPECT_GT(outbox.dropped(), 19'000u);
}

TEST_F(TheOutbox, LetsTheHeavierOnesPassWhereThereIsNoRoom) {
  for (int i = 0; i < 100; ++i) outbox.put(hook("https://a/" + std::to_string(i), "", i % 2 ? 0 : 1), now);
  EXPECT_EQ(outbox.put(hook("https://a/true", "", 2), now), Outbox::Taken::yes);
  EXPECT_EQ(outbox.size(), OutboxLimits{}.of_receiver);
  EXPECT_EQ(begin(), "https://a/true") << "and it goes first";
  for (int i = 0; i < 200; ++i) outbox.put(hook("https://a/more", "", 2), now);
  EXPECT_EQ(outbox.put(hook("https://a/stranger", "", 1), now), Outbox::Taken::no_room);
}

}  // namespace
}  // namespace roamdesk::post
