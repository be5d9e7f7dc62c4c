#include "exchange/routing/dial_codes.hpp"

#include <gtest/gtest.h>

namespace roamdesk::routing {
namespace {

const Codes codes = codes_of(Settings{});

std::string asked(std::string_view user, const Codes& with = codes) {
  const Dialled dialled = parse_dialled(user, with);
  switch (dialled.kind) {
    case DialKind::dialogue:
      if (const auto* login = std::get_if<ivr::AskLogin>(&dialled.purpose))
        return "login " + (login->extension ? login->extension->value() : "?");
      return std::holds_alternative<ivr::AskLogout>(dialled.purpose) ? "logout" : "another dialogue";
    case DialKind::emergency:
      return "emergency " + dialled.digits;
    case DialKind::number:
      return "number " + dialled.digits;
  }
  return "";
}

TEST(DialCodes, ReadALoginWithItsExtension) { EXPECT_EQ(asked("*77*101*"), "login 101"); }

TEST(DialCodes, DoNotMindAMissingLastStarATrailingHashOrEscapes) {
  for (const char* user :
       {"*77*101", "*77*101*#", "*77*101#", "%2a77%2A101%2a", "%2A77%2A101%23", "*77*101*;phone-context=x"})
    EXPECT_EQ(asked(user), "login 101") << user;
}

TEST(DialCodes, AskForTheExtensionWhereNoneWasDialled) {
  for (const char* user : {"*77*", "*77", "*77*#", "%2A77%2A", "*77#"}) EXPECT_EQ(asked(user), "login ?") << user;
}

TEST(DialCodes, ReadALogout) {
  for (const char* user : {"*77*5*", "*77*5", "*77*5#", "*77*5*#", "%2A77%2A5%2A"})
    EXPECT_EQ(asked(user), "logout") << user;
}

TEST(DialCodes, DoNotTakeALongerExtensionForALogout) {
  EXPECT_EQ(asked("*77*55*"), "login 55");
  EXPECT_EQ(asked("*77*50"), "login 50");
}

TEST(DialCodes, KnowEmergencyNumbersFirst) {
  EXPECT_EQ(asked("112"), "emergency 112");
  EXPECT_EQ(asked("911#"), "emergency 911");
  EXPECT_EQ(asked("%31%31%32"), "emergency 112");
  EXPECT_EQ(asked("1122"), "number 1122");
}

TEST(DialCodes, LeaveEverythingElseToRouting) {
  for (const char* user : {"101", "HD0001", "", "#", "*", "*7", "*78*101*", "**77*101*"})
    EXPECT_EQ(asked(user), "number " + std::string{user}) << user;
  EXPECT_EQ(asked("*77*1a1*"), "number *77*1a1*");
  EXPECT_EQ(asked("*77*1*2*"), "number *77*1*2*");
  EXPECT_EQ(asked("*77*1234567890123456*"), "number *77*1234567890123456*") << "16 digits are no extension";
}

TEST(DialCodes, StayBoundedWhateverIsDialled) {
  EXPECT_EQ(asked(std::string(100'000, '7')), "number ");
  EXPECT_EQ(asked("*77*" + std::string(300, '%')), "number ");
  EXPECT_EQ(asked("%"), "number %");
  EXPECT_EQ(asked("%2"), "number %2");
  EXPECT_EQ(asked("%zz"), "number %zz");
}

TEST(DialCodes, FollowTheSettings) {
  Settings settings;
  settings.hot_desk_code = "*9";
  settings.logout_code = "*8";
  const Codes other = codes_of(settings);
  EXPECT_EQ(asked("*9101*", other), "login 101");
  EXPECT_EQ(asked("*9", other), "login ?");
  EXPECT_EQ(asked("*8", other), "logout");
  EXPECT_EQ(asked("*77*101*", other), "number *77*101*");
}

std::vector<Service> logout(std::string code) { return {{"logout", std::move(code), ivr::AskLogout{}}}; }
CodeFault fault_of(const Codes& with) {
  const auto checked = check_codes(with);
  return checked.has_value() ? CodeFault{} : checked.error().fault;
}

TEST(DialCodes, AcceptTheDefaults) { EXPECT_TRUE(check_codes(codes).has_value()); }

TEST(DialCodes, RefuseCodesThatClash) {
  EXPECT_EQ(fault_of({"*77*", logout("*77*"), {}}), CodeFault::same);
  EXPECT_EQ(fault_of({"*77*", logout("*77"), {}}), CodeFault::same)
      << "a missing last star doesn't matter when dialled";
  EXPECT_EQ(fault_of({"77*", logout("*77*5*"), {}}), CodeFault::malformed);
  EXPECT_EQ(fault_of({"*", logout("*77*5*"), {}}), CodeFault::malformed);
  EXPECT_EQ(fault_of({"*77*", logout(""), {}}), CodeFault::malformed);
  EXPECT_EQ(fault_of({"*7a*", logout("*5*"), {}}), CodeFault::malformed);
  EXPECT_EQ(fault_of({"*77#", logout("*5*"), {}}), CodeFault::malformed) << "a trailing # isn't dialled";
  EXPECT_EQ(fault_of({"*1234567890123456", logout("*5*"), {}}), CodeFault::malformed);
  EXPECT_EQ(fault_of({"*77*", logout("*77*5*"), {"*77*"}}), CodeFault::shadows_emergency);
  EXPECT_EQ(fault_of({"*77*", logout("*77*5*"), {""}}), CodeFault::shadows_emergency);
}

TEST(DialCodes, TakeWhatAKeypadDialsAndNoExtensionIs) {
  for (const auto* code : {"*7", "*77", "*77*", "**7*", "*123456789012345"}) EXPECT_TRUE(is_code(code)) << code;
  for (const auto* code : {"", "*", "7", "77*", "*7a", "*77#", " *77", "*1234567890123456"})
    EXPECT_FALSE(is_code(code)) << code;
}

TEST(DialCodes, RefuseTheExtensionThatIsTheLogoutCode) {
  const auto five = check_extension(ExtensionNumber{"5"}, codes);
  ASSERT_FALSE(five.has_value());
  EXPECT_EQ(five.error().fault, CodeFault::shadows_extension);
  EXPECT_NE(five.error().detail.find("*77*5*"), std::string::npos) << "says what it clashes with";
  EXPECT_TRUE(check_extension(ExtensionNumber{"55"}, codes).has_value());
  EXPECT_TRUE(check_extension(ExtensionNumber{"5"}, Codes{"*77*", logout("*78*"), {}}).has_value());
  EXPECT_FALSE(check_extension(ExtensionNumber{"101"}, Codes{"*77*", logout("*77*101"), {}}).has_value());
}

TEST(DialCodes, OfSeveralServicesReachEachItsOwn) {
  const Codes with{
      "*77*", {{"logout", "*77*5*", ivr::AskLogout{}}, {"other", "*9", ivr::Announce{ivr::Prompt::goodbye}}}, {"112"}};
  EXPECT_TRUE(check_codes(with).has_value());
  EXPECT_EQ(asked("*9*", with), "another dialogue");
  EXPECT_EQ(asked("*77*5", with), "logout");
  EXPECT_EQ(asked("*77*9", with), "login 9");
}

TEST(DialCodes, OfServicesThatClashAreRefused) {
  const auto with = [](const char* one, const char* other) {
    return Codes{
        "*77*", {{"logout", one, ivr::AskLogout{}}, {"other", other, ivr::Announce{ivr::Prompt::goodbye}}}, {}};
  };
  EXPECT_EQ(fault_of(with("*8*", "*8")), CodeFault::same);
  EXPECT_EQ(fault_of(with("*8*", "*77")), CodeFault::same);
  EXPECT_EQ(fault_of(with("*8*", "9")), CodeFault::malformed);
  EXPECT_EQ(fault_of(with("*8*", "*9*")), CodeFault{});
  const auto seven = check_extension(ExtensionNumber{"7"}, with("*77*5*", "*77*7"));
  ASSERT_FALSE(seven.has_value());
  EXPECT_EQ(seven.error().fault, CodeFault::shadows_extension);
  EXPECT_NE(seven.error().detail.find("the other code \"*77*7\""), std::string::npos) << seven.error().detail;
}

TEST(DialCodes, RefuseAnExtensionThatIsAnEmergencyNumber) {
  EXPECT_EQ(check_extension(ExtensionNumber{"112"}, codes).error().fault, CodeFault::shadows_emergency);
}

}  // namespace
}  // namespace roamdesk::routing
