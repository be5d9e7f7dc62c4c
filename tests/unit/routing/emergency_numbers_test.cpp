#include "exchange/routing/emergency_numbers.hpp"

#include <gmock/gmock.h>

#include "exchange/routing/route.hpp"

// Which numbers call for help depends on where the phone stands, and on nothing else.
namespace roamdesk::routing {
namespace {
using testing::ElementsAre;

class EmergencyNumbersAt : public testing::Test {
 protected:
  EmergencyNumbersAt() {
    berlin.name = "berlin";
    berlin.address.country = "DE";
    berlin.numbers = {"19222"};
    berlin.test_numbers = {"933"};
    london.name = "london";
    london.address.country = "GB";
    directory.apply({Put<Location>{berlin}, Put<Location>{london}});
    Extension alice;
    alice.number = ExtensionNumber{"101"};
    alice.may_call = {NumberClass::national, NumberClass::unknown};
    directory.apply(PutExtension{alice});
    Trunk trunk;
    trunk.name = "provider";
    trunk.country = "DE";
    directory.apply(Put<Trunk>{trunk});
    OutboundRule line;
    line.name = "line";
    line.pattern = "9.";
    line.strip = 1;
    line.trunks = {"provider"};
    OutboundRule all;
    all.name = "all";
    all.position = 1;
    all.pattern = ".";
    all.trunks = {"provider"};
    directory.apply({Put<OutboundRule>{line}, Put<OutboundRule>{all}});
  }
  // "112", "933 test", or where else it leads.
  std::string leads(std::string_view dialled, const Location* location, bool idle = false) {
    const Dialler dialler{true, idle ? std::nullopt : std::optional{ExtensionNumber{"101"}}, local_site(), location};
    const Route found = route(dialled, dialler, codes, directory);
    if (const auto* help = std::get_if<ToEmergency>(&found)) return help->number + (help->test ? " test" : "");
    return std::holds_alternative<Refused>(found) ? "refused" : "outside";
  }

  Location berlin, london;
  Codes codes = codes_of(Settings{});
  Directory directory;
};

TEST_F(EmergencyNumbersAt, AreThoseOfTheCountryOfTheLocationItsOwnAndThoseOfEverywhere) {
  for (const char* number : {"112", "911", "110", "19222"}) EXPECT_EQ(leads(number, &berlin), number);
  for (const char* number : {"112", "911", "999"}) EXPECT_EQ(leads(number, &london), number);
  EXPECT_NE(leads("999", &berlin), "999");
  EXPECT_NE(leads("110", &london), "110");
  EXPECT_THAT(emergency_numbers(codes, &berlin), ElementsAre("112", "911", "110", "19222", "933"));
  EXPECT_THAT(emergency_numbers(codes, &london), ElementsAre("112", "911", "999"));
}

TEST_F(EmergencyNumbersAt, AreThoseOfEverywhereWhereNobodyKnowsThePlace) {
  codes = codes_of([] {
    Settings settings;
    settings.emergency_numbers = {"19222"};
    return settings;
  }());
  for (const char* number : {"112", "911", "19222"}) EXPECT_EQ(leads(number, nullptr), number);
  EXPECT_NE(leads("110", nullptr), "110");
  EXPECT_THAT(emergency_numbers(codes, nullptr), ElementsAre("112", "911", "19222"));
}

TEST_F(EmergencyNumbersAt, GoAheadOfRulesPrefixesCodesAndTheDeskThatIsIdle) {
  for (const bool idle : {false, true})
    for (const char* dialled : {"110", "9110", "*31*110", "*31#9110", "110%23", "9110#", "%31%31%30"})
      EXPECT_EQ(leads(dialled, &berlin, idle), "110") << dialled;
  EXPECT_EQ(leads("9999", &london), "999");
  EXPECT_EQ(leads("9112", nullptr, true), "112");
  EXPECT_EQ(leads("9911", nullptr, true), "911");
}

TEST_F(EmergencyNumbersAt, TestNumbersGoTheSameWayAndSayThatTheyAreTests) {
  for (const char* dialled : {"933", "9933", "*31*933"})
    for (const bool idle : {false, true}) EXPECT_EQ(leads(dialled, &berlin, idle), "933 test") << dialled;
  EXPECT_NE(leads("933", &london), "933 test");
  // What is an emergency number as well is one.
  berlin.test_numbers = {"112", "110"};
  EXPECT_EQ(leads("112", &berlin), "112");
  EXPECT_EQ(leads("110", &berlin), "110");
}

TEST_F(EmergencyNumbersAt, OfAllLocationsAreNobodysExtension) {
  const Codes anywhere = codes_anywhere(Settings{}, directory);
  for (const char* number : {"112", "911", "110", "999", "19222", "933"})
    EXPECT_FALSE(check_extension(ExtensionNumber{number}, anywhere).has_value()) << number;
  for (const char* number : {"9110", "9999", "9933"})
    EXPECT_TRUE(emergency_behind_prefix(number, anywhere, nullptr, directory)) << number;
  EXPECT_TRUE(check_extension(ExtensionNumber{"117"}, anywhere).has_value());
  EXPECT_FALSE(emergency_behind_prefix("9117", anywhere, nullptr, directory));
}

// No spelling makes a number an emergency number that isn't one, and no longer number is one.
TEST_F(EmergencyNumbersAt, AreWholeNumbers) {
  for (const char* dialled : {"1100", "011", "11", "9119222", "91100", "99110", "110110"})
    EXPECT_EQ(leads(dialled, &berlin).find_first_of("0123456789"), std::string::npos) << dialled;
}

}  // namespace
}  // namespace roamdesk::routing
