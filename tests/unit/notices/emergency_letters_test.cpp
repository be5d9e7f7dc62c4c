#include "pbx-core/notices/emergency_letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "common/post/mail_text.hpp"

namespace roamdesk::notices {
namespace {

using testing::HasSubstr;
using testing::Not;

Emergency called() {
  Emergency emergency{.id = "e1"};
  emergency.place = {SiteId{"branch-1"}, "192.0.2.7:5060", "112", Mac::parse("001565000001"),
                     "HD0001",           "Room 5",         "101", "Alice"};
  emergency.location = "hq-2";
  emergency.callback = "+4930123";
  emergency.routed = true;
  return emergency;
}
Location hq() {
  Location location{.name = "hq-2"};
  location.address.rd = "Old", location.address.sts = "Street", location.address.hno = "12";
  location.address.pc = "10115", location.address.a3 = "Berlin", location.address.country = "DE";
  location.address.flr = "2";
  location.note = "ring at gate B";
  location.mails = {"guard@example.com", "first.aid@example.com"};
  location.web_hook = "https://example.com/alarm";
  return location;
}
const Sender sender{"Roamdesk pbx.example.com", "pbx@example.com"};

std::string text_of(const std::string& message) {
  // The tests read what a mail reader would: base64 of 76 to the line.
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : message.substr(message.find("\r\n\r\n") + 4)) {
    const auto value = digits.find(c);
    if (value == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if (++count % 4 != 1) text += static_cast<char>(bits >> (6 - 2 * ((count - 1) % 4)) & 255U);
  }
  return text;
}

TEST(EmergencyLetters, GoToEachMailboxAndToTheWebHook) {
  const auto letters = letters_of(called(), hq(), sender, "u1");
  ASSERT_EQ(letters.size(), 3u);
  EXPECT_EQ(letters[0].way, post::Way::web_hook);
  EXPECT_EQ(letters[0].to, "https://example.com/alarm");
  EXPECT_EQ(letters[1].to, "guard@example.com");
  EXPECT_EQ(letters[2].to, "first.aid@example.com");
  for (const auto& letter : letters) EXPECT_EQ(letter.about, "e1");
  EXPECT_TRUE(letters_of(called(), Location{.name = "empty"}, sender, "u1").empty());
}

TEST(EmergencyLetters, SayInJsonWhatIsKnown) {
  const auto body = boost::json::parse(letters_of(called(), hq(), sender, "u1")[0].body);
  EXPECT_EQ(body.at("event"), "emergency.called");
  EXPECT_EQ(body.at("number"), "112");
  EXPECT_EQ(body.at("hot_desk"), "HD0001");
  EXPECT_EQ(body.at("extension"), "101");
  EXPECT_EQ(body.at("location"), "hq-2");
  EXPECT_EQ(body.at("callback"), "+4930123");
  EXPECT_EQ(body.at("routed"), true);
  EXPECT_EQ(body.at("civic_address"), "12 Old Street, 10115 Berlin, DE; floor 2");
  auto stranger = called();
  stranger.place = {local_site(), "192.0.2.7:5060", "112"};
  const auto unknown = boost::json::parse(letters_of(stranger, hq(), sender, "u1")[0].body);
  for (const char* member : {"mac", "hot_desk", "desk_location", "extension", "name"})
    EXPECT_TRUE(unknown.at(member).is_null()) << member;
}

TEST(EmergencyLetters, SayInWordsWhereItIsAndWhetherAnybodyWasReached) {
  const auto text = text_of(letters_of(called(), hq(), sender, "u1")[1].body);
  for (const char* word : {"dialled 112", "HD0001 (Room 5)", "101 Alice", "12 Old Street, 10115 Berlin, DE; floor 2",
                           "ring at gate B", "+4930123", "is being put through"})
    EXPECT_THAT(text, HasSubstr(word));
  auto lost = called();
  lost.routed = false;
  EXPECT_THAT(text_of(letters_of(lost, hq(), sender, "u1")[1].body), HasSubstr("could NOT be put through"));
}

TEST(EmergencyLetters, OfATestSaySoFirstAndWeighLess) {
  auto test = called();
  test.test = true;
  test.place.number = "933";
  const auto letters = letters_of(test, hq(), sender, "u1");
  EXPECT_EQ(boost::json::parse(letters[0].body).at("event"), "emergency.test");
  EXPECT_THAT(letters[1].body, HasSubstr("\r\nSubject: TEST of an emergency call: 933 from HD0001"));
  EXPECT_TRUE(text_of(letters[1].body).starts_with("This is a test"));
  EXPECT_THAT(letters[1].body, Not(HasSubstr("X-Priority")));
  auto stranger = called();
  stranger.place.phone.reset();
  const auto weight = [](const Emergency& of) { return letters_of(of, hq(), sender, "u1")[0].weight; };
  EXPECT_LT(weight(test), weight(stranger));
  EXPECT_LT(weight(stranger), weight(called()));
}

TEST(EmergencyLetters, AreNoOthersWhateverNamesSay) {
  for (const std::string name :
       {"Alice\r\nBcc: spy@example.com", "x\n\n.\r\nRCPT TO:<spy@example.com>", "\",\"number\":\"1", "</text>"}) {
    auto emergency = called();
    emergency.place.name = emergency.place.location = emergency.place.desk = name;
    const auto letters = letters_of(emergency, hq(), sender, "u1");
    ASSERT_EQ(letters.size(), 3u);
    EXPECT_EQ(boost::json::parse(letters[0].body).at("name").as_string(),
              boost::json::string_view(name.data(), name.size()));
    EXPECT_EQ(boost::json::parse(letters[0].body).at("number"), "112");
    EXPECT_THAT(letters[1].body, Not(HasSubstr("\nBcc:")));
    EXPECT_THAT(letters[1].body, Not(HasSubstr("\nRCPT TO")));
    auto location = hq();
    location.mails = {"a@b\r\nRCPT TO:<spy@example.com>", "x>, <spy@example.com"};
    EXPECT_EQ(letters_of(emergency, location, sender, "u1").size(), 1u) << "what is no address gets nothing";
  }
}

}  // namespace
}  // namespace roamdesk::notices
