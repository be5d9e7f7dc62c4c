#include "exchange/routing/route.hpp"

#include <gtest/gtest.h>

namespace roamdesk::routing {
namespace {

class Routing : public testing::Test {
 protected:
  Routing() {
    Extension bob;
    bob.number = ExtensionNumber{"102"};
    directory.apply(PutExtension{bob});
  }
  Route dial(std::string_view user, Dialler dialler) const { return route(user, dialler, codes, directory); }

  static constexpr bool desk = true;
  Dialler idle_desk{desk, std::nullopt}, alices_desk{desk, ExtensionNumber{"101"}},
      own_phone{false, ExtensionNumber{"101"}};
  ivr::Codes codes;
  Directory directory;
};

TEST_F(Routing, AnIdleDeskReachesTheLoginAndEmergencyNumbersAndNothingElse) {
  EXPECT_EQ(std::get<ToLogin>(dial("*77*101*", idle_desk)).extension, ExtensionNumber{"101"});
  EXPECT_EQ(std::get<ToEmergency>(dial("112", idle_desk)).number, "112");
  EXPECT_EQ(std::get<Refused>(dial("102", idle_desk)).status, 403);
}

TEST_F(Routing, TheBareCodeAsksForTheExtension) {
  EXPECT_EQ(std::get<ToLogin>(dial("*77*", idle_desk)).extension, std::nullopt);
}

TEST_F(Routing, ACodeFromAPersonsOwnPhoneIsAnsweredByAPrompt) {
  EXPECT_TRUE(std::holds_alternative<NotAHotDesk>(dial("%2A77%2A101%2A", own_phone)));
  EXPECT_TRUE(std::holds_alternative<NotAHotDesk>(dial("*77*5*", own_phone)));
}

TEST_F(Routing, ALoggedInDeskLogsOutLogsTheNextPersonInAndCalls) {
  EXPECT_TRUE(std::holds_alternative<ToLogout>(dial("*77*5*", alices_desk)));
  EXPECT_EQ(std::get<ToLogin>(dial("*77*102", alices_desk)).extension, ExtensionNumber{"102"});
  EXPECT_EQ(std::get<ToExtension>(dial("102", alices_desk)).number, ExtensionNumber{"102"});
}

TEST_F(Routing, AnUnknownNumberIsNotFound) { EXPECT_EQ(std::get<Refused>(dial("999", own_phone)).status, 404); }

TEST_F(Routing, AnEmergencyCallIsNeverRefusedWhoeverDials) {
  EXPECT_TRUE(std::holds_alternative<ToEmergency>(dial("911", Dialler{})));
}

}  // namespace
}  // namespace roamdesk::routing
