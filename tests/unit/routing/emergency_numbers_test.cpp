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
  EXPECT_NE(leads("110", nullptr, true), "110");
  EXPECT_EQ(leads("110", nullptr), "110") << "by a trunk of a country where it is one";
  EXPECT_EQ(leads("0049112", nullptr), "112");
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

// Who dials so wants help, and a trunk would be asked for no other number.
TEST_F(EmergencyNumbersAt, AreThemselvesInEveryWrittenForm) {
  for (const bool idle : {false, true}) {
    for (const char* dialled : {"+112",
                                "%2B112",
                                "00112",
                                "0112",
                                "+49112",
                                "0049112",
                                "+49-112",
                                "+49 (0) 112",
                                "tel:112",
                                "tel:+49112",
                                "112;phone-context=+49",
                                "1-1-2",
                                "(1)12",
                                "112#",
                                "+112%23",
                                "*31*+112",
                                "*31#0049112",
                                "9-1-1-2",
                                "90112",
                                "900112",
                                "90049112"})
      EXPECT_EQ(leads(dialled, &berlin, idle), "112") << dialled;
    for (const char* dialled : {"+110", "+49110", "0110", "00110", "0049110"})
      EXPECT_EQ(leads(dialled, &berlin, idle), "110") << dialled;
    for (const char* dialled : {"+999", "+44999", "0999", "0044999", "00999"})
      EXPECT_EQ(leads(dialled, &london, idle), "999") << dialled;
    for (const char* dialled : {"+911", "+112"}) EXPECT_EQ(leads(dialled, nullptr, idle), dialled + 1) << dialled;
    EXPECT_EQ(leads("+933", &berlin, idle), "933 test");
    EXPECT_EQ(leads("0933", &berlin, idle), "933 test");
  }
}

// 0911 is Nuremberg's, whoever stops there; +1 242 911 1234 is somebody's.
TEST_F(EmergencyNumbersAt, AreNoPartOfAnotherNumberWhoseAreaCodeIsTheSame) {
  for (const char* dialled : {"0911", "+49911", "+4930112", "030112", "0301120", "+44112", "+33112", "+1112",
                              "+12429111234", "09110", "091112", "+491120", "+4911200", "01120", "+1120"})
    EXPECT_EQ(leads(dialled, &berlin).find_first_of("0123456789"), std::string::npos) << dialled;
}

TEST_F(EmergencyNumbersAt, InAWrittenFormThatIsAnExtensionIsThatExtension) {
  for (const char* number : {"0112", "0933", "5112"}) {
    Extension own;
    own.number = ExtensionNumber{number};
    directory.apply(PutExtension{own});
    EXPECT_TRUE(std::holds_alternative<ToExtension>(
        route(number, {true, ExtensionNumber{"101"}, local_site(), &berlin}, codes, directory)))
        << number;
  }
  EXPECT_EQ(leads("+49112", &berlin), "112");
}

// What a trunk would be asked for counts, however it came about.
TEST_F(EmergencyNumbersAt, AreCallsForHelpWhateverRuleMakesThemOfOtherNumbers) {
  directory.apply(Delete<OutboundRule>{"all"});
  const struct {
    const char *pattern, *prepend;
    unsigned strip;
    const char *dialled, *called;
  } all[] = {{"72", "112", 2, "72", "112"},    {"7.", "11", 1, "72", "112"},      {"+4930.", "", 5, "+4930112", "112"},
             {"7.", "+49", 1, "7110", "110"},  {"5xx.", "", 3, "555112", "112"},  {"x.", "", 1, "4112", "112"},
             {"8.", "0049", 1, "8112", "112"}, {"70", "933", 2, "70", "933 test"}};
  for (const auto form :
       {NumberForm::plus, NumberForm::bare, NumberForm::double_zero, NumberForm::national, NumberForm::as_dialled}) {
    Trunk trunk = directory.all<Trunk>().at("provider");
    trunk.called = form;
    directory.apply(Put<Trunk>{trunk});
    for (const auto& [pattern, prepend, strip, dialled, called] : all) {
      OutboundRule rule;
      rule.name = "odd", rule.pattern = pattern, rule.prepend = prepend, rule.strip = strip, rule.position = 2;
      rule.trunks = {"provider"};
      directory.apply(Put<OutboundRule>{rule});
      EXPECT_EQ(leads(dialled, &berlin), called) << pattern << " " << dialled << " " << word_of(form);
    }
  }
}

TEST_F(EmergencyNumbersAt, AreCallsForHelpAlsoForWhoMayCallNothing) {
  auto alice = *directory.extension(ExtensionNumber{"101"});
  alice.may_call = {};
  directory.apply(PutExtension{alice});
  OutboundRule rule;
  rule.name = "odd", rule.pattern = "72", rule.prepend = "112", rule.strip = 2;
  rule.trunks = {"provider"};
  directory.apply(Put<OutboundRule>{rule});
  EXPECT_EQ(leads("72", &berlin), "112");
  EXPECT_EQ(leads("72", &berlin, true), "refused") << "nobody is logged in: it is a number like another";
}

// A trunk abroad: help that is called there would come there.
TEST_F(EmergencyNumbersAt, OfTheTrunksCountryAloneAreRefused) {
  for (const char* dialled : {"110", "+49110", "90049110", "0049110"}) {
    Steps steps;
    const Route found =
        route(dialled, {true, ExtensionNumber{"101"}, local_site(), &london}, codes, directory, 0, &steps);
    ASSERT_TRUE(std::holds_alternative<Refused>(found)) << dialled;
    EXPECT_EQ(std::get<Refused>(found).status, 403) << dialled;
    EXPECT_EQ(steps.back().kind, StepKind::emergency_abroad) << dialled;
  }
  EXPECT_EQ(leads("+49112", &london), "112") << "it is one in London as well";
}

// The exchange that a company has reaches help as well, with the person's number and from its own address.
TEST_F(EmergencyNumbersAt, LeaveByNoAccountUpstream) {
  Trunk pbx;
  pbx.name = "pbx", pbx.kind = TrunkKind::accounts, pbx.country = "DE";
  UpstreamAccount account;
  account.extension = "101", account.trunk = "pbx";
  directory.apply({Put<Trunk>{pbx}, Put<UpstreamAccount>{account}});
  EXPECT_TRUE(std::holds_alternative<ToUpstream>(
      route("110110", {true, ExtensionNumber{"101"}, local_site(), &berlin}, codes, directory)));
  for (const char* dialled : {"112", "+112", "0049112", "+49-112", "0112", "1-1-2", "9112"})
    EXPECT_EQ(leads(dialled, &berlin), "112") << dialled;
  for (const char* dialled : {"110", "+49110", "0049110"}) EXPECT_EQ(leads(dialled, &london), "refused") << dialled;
  auto line = directory.all<OutboundRule>().at("line");
  line.enabled = false;
  directory.apply(Put<OutboundRule>{line});
  EXPECT_EQ(leads("9112", &berlin), "112") << "the rule need not be in force";
  EXPECT_EQ(leads("00112", nullptr), "112");
  EXPECT_EQ(leads("+112", nullptr), "112");
}

// No spelling makes a number an emergency number that isn't one, and no longer number is one.
TEST_F(EmergencyNumbersAt, AreWholeNumbers) {
  for (const char* dialled : {"1100", "011", "11", "9119222", "91100", "99110", "110110"})
    EXPECT_EQ(leads(dialled, &berlin).find_first_of("0123456789"), std::string::npos) << dialled;
}

}  // namespace
}  // namespace roamdesk::routing
