#include "pbx-core/notices/alarm_letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace roamdesk::notices::alarm_letters {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Sender sender{"Roamdesk pbx.example.com", "pbx@example.com", "pbx.example.com"};
const WallTime new_year{std::chrono::hours{24 * 365}};

Alarm down(const std::string& sbc, AlarmSeverity severity = AlarmSeverity::critical) {
  return {.id = "id-" + sbc,
          .kind = AlarmKind::sbc_down,
          .severity = severity,
          .subject = sbc,
          .site = sbc,
          .raised = new_year};
}
alarms::Bulletin about(std::vector<Alarm> all, alarms::Turn turn = alarms::Turn::raised) {
  alarms::Bulletin bulletin;
  for (auto& alarm : all) bulletin.news.push_back({turn, std::move(alarm)});
  return bulletin;
}
AlarmReceiver receiver(AlarmWay way, const std::string& to, AlarmSeverity least = AlarmSeverity::notice) {
  AlarmReceiver one{.name = "r", .way = way, .to = to, .least = least};
  if (way == AlarmWay::web_hook) one.signing_key = Secret{"0123456789abcdef"};
  return one;
}
std::optional<post::Letter> letter(const alarms::Bulletin& bulletin, const AlarmReceiver& to) {
  return letter_of(bulletin, to, sender, "abc123", new_year);
}
const AlarmReceiver mail = receiver(AlarmWay::mail, "night@example.org");
const AlarmReceiver hook = receiver(AlarmWay::web_hook, "https://example.org/x");
const AlarmReceiver logs = receiver(AlarmWay::syslog, "udp://logs.example.org:514");

std::string decoded(const std::string& message) {
  const auto body = message.substr(message.find("\r\n\r\n") + 4);
  std::string bytes;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : body) {
    const auto at = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").find(c);
    if (at == std::string_view::npos) continue;
    group = group << 6 | static_cast<std::uint32_t>(at);
    if ((bits += 6) >= 8) bytes += static_cast<char>(group >> (bits -= 8) & 0xff);
  }
  return bytes;
}

TEST(LettersOfAlarms, GoToThoseWhoWantToHearOfTheirSeverity) {
  auto eager = mail, calm = mail, off = mail;
  calm.least = AlarmSeverity::critical;
  off.enabled = false;
  const auto mild = about({down("berlin", AlarmSeverity::warning)});
  EXPECT_TRUE(letter(mild, eager));
  EXPECT_FALSE(letter(mild, calm));
  EXPECT_FALSE(letter(mild, off));
  auto mixed = mild;
  mixed.news.push_back({alarms::Turn::raised, down("hamburg")});
  EXPECT_THAT(letter(mixed, calm)->body, AllOf(HasSubstr("hamburg"), Not(HasSubstr("berlin"))));
}

TEST(LettersOfAlarms, SayInAMailWhatIsWrongAndWhatToDo) {
  const auto one = letter(about({down("berlin")}), mail);
  EXPECT_THAT(one->body,
              AllOf(HasSubstr("Subject: critical: The SBC berlin is down\r\n"), HasSubstr("Importance: high")));
  EXPECT_THAT(decoded(one->body),
              AllOf(HasSubstr("since 1971-01-01T00:00:00Z"), HasSubstr("What to do:\n- Phones at this branch")));
  auto over = down("berlin");
  over.cleared = new_year;
  const auto cleared = letter(about({over}, alarms::Turn::cleared), mail);
  EXPECT_THAT(cleared->body,
              AllOf(HasSubstr("Subject: cleared: The SBC berlin is down\r\n"), Not(HasSubstr("Importance"))));
}

TEST(LettersOfAlarms, NameAHundredSbcsInOneMessage) {
  std::vector<Alarm> all;
  for (int i = 0; i < 100; ++i) all.push_back(down("sbc-" + std::to_string(i)));
  const auto bulletin = about(all);
  EXPECT_THAT(letter(bulletin, mail)->body, HasSubstr("Subject: critical: 100 alarms: The SBC sbc-0 is down; "));
  const auto text = decoded(letter(bulletin, mail)->body);
  for (int i = 0; i < 100; ++i) EXPECT_THAT(text, HasSubstr("sbc-" + std::to_string(i) + " is down\n"));
  EXPECT_EQ(json::parse(letter(bulletin, hook)->body).at("alarms").as_array().size(), 100u);
  EXPECT_LE(letter(bulletin, logs)->body.size(), 2048u);
}

TEST(LettersOfAlarms, AreSignedAndNumberedForAWebHook) {
  const auto one = letter(about({down("berlin")}), hook);
  EXPECT_EQ(one->key.reveal(), "0123456789abcdef");
  EXPECT_EQ(one->delivery, "abc123");
  const auto body = json::parse(one->body);
  EXPECT_EQ(body.at("id"), "abc123");
  EXPECT_EQ(body.at("event"), "alarms");
  const auto& alarm = body.at("alarms").at(0);
  EXPECT_EQ(alarm.at("turn"), "raised");
  EXPECT_EQ(alarm.at("kind"), "sbc_down");
  EXPECT_EQ(alarm.at("text"), "The SBC berlin is down");
  EXPECT_TRUE(alarm.at("cleared").is_null());
  EXPECT_GE(*one->lifetime, std::chrono::hours{1});
}

TEST(LettersOfAlarms, AreALineOfSyslog) {
  EXPECT_EQ(letter(about({down("berlin")}), logs)->body,
            "<26>1 1971-01-01T00:00:00Z pbx.example.com roamdesk - sbc_down - critical: The SBC berlin is down");
  EXPECT_THAT(letter(about({down("b", AlarmSeverity::warning)}), logs)->body, StartsWith("<28>1 "));
  EXPECT_THAT(letter(about({down("b")}, alarms::Turn::cleared), logs)->body, StartsWith("<30>1 "));
}

// Names and reasons are others' words: a provider's answer, a desk's name.
TEST(LettersOfAlarms, KeepOthersWordsOnTheirLine) {
  const char* tricks[] = {"x\r\nBcc: thief@example.net",
                          "x\n\n.\r\nRCPT TO:<thief@example.net>",
                          "x\n<0>1 - forged - - - -",
                          "x\xE2\x80\xA8y",
                          "x\x01\x7f",
                          "x\xff\xfe",
                          "=?UTF-8?Q?x?="};
  for (const char* trick : tricks) {
    auto alarm = down("berlin");
    alarm.subject = alarm.detail = trick;
    const auto text = letter(about({alarm}), mail)->body;
    const auto head = text.substr(0, text.find("\r\n\r\n"));
    EXPECT_THAT(head, AllOf(Not(HasSubstr("\nBcc")), Not(HasSubstr("\nRCPT")))) << trick;
    EXPECT_EQ(decoded(text).find("\nBcc"), std::string::npos) << trick;
    const auto line = letter(about({alarm}), logs)->body;
    for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << trick;
    EXPECT_NO_THROW(json::parse(letter(about({alarm}), hook)->body)) << trick;
  }
}

TEST(LettersOfAlarms, SayHowManyTheyLeaveOut) {
  auto bulletin = about({down("berlin")});
  bulletin.left_out = 7;
  EXPECT_THAT(letter(bulletin, mail)->body, HasSubstr("and 7 more"));
  EXPECT_EQ(json::parse(letter(bulletin, hook)->body).at("left_out"), 7);
}

TEST(LettersOfAlarms, HaveATrialOfEachWay) {
  EXPECT_EQ(json::parse(trial_letter(hook, sender, "t1", new_year).body).at("event"), "notice.test");
  for (const auto& to : {mail, hook, logs}) {
    const auto trial = trial_letter(to, sender, "t1", new_year);
    EXPECT_EQ(trial.to, to.to);
    EXPECT_THAT(trial.body, HasSubstr("a test message"));
    EXPECT_TRUE(trial.about.empty()) << "each time";
    EXPECT_EQ(trial.key.empty(), to.way != AlarmWay::web_hook);
  }
}

}  // namespace
}  // namespace roamdesk::notices::alarm_letters
