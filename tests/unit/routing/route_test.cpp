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
  ivr::Purpose dialogue(std::string_view user, Dialler dialler) const {
    return std::get<ToDialogue>(dial(user, dialler)).purpose;
  }

  static constexpr bool desk = true;
  Dialler idle_desk{desk, std::nullopt}, alices_desk{desk, ExtensionNumber{"101"}},
      own_phone{false, ExtensionNumber{"101"}};
  Codes codes = codes_of(Settings{});
  Directory directory;
};

TEST_F(Routing, AnIdleDeskReachesTheLoginAndEmergencyNumbersAndNothingElse) {
  EXPECT_EQ(dialogue("*77*101*", idle_desk), ivr::Purpose{ivr::AskLogin{ExtensionNumber{"101"}}});
  EXPECT_EQ(std::get<ToEmergency>(dial("112", idle_desk)).number, "112");
  EXPECT_EQ(std::get<Refused>(dial("102", idle_desk)).status, 403);
}

TEST_F(Routing, TheBareCodeAsksForTheExtension) {
  EXPECT_EQ(dialogue("*77*", idle_desk), ivr::Purpose{ivr::AskLogin{}});
}

TEST_F(Routing, ACodeFromAPersonsOwnPhoneIsAnsweredByAPrompt) {
  const ivr::Purpose prompt = ivr::Announce{ivr::Prompt::not_a_hot_desk};
  EXPECT_EQ(dialogue("%2A77%2A101%2A", own_phone), prompt);
  EXPECT_EQ(dialogue("*77*5*", own_phone), prompt);
}

TEST_F(Routing, ALoggedInDeskLogsOutLogsTheNextPersonInAndCalls) {
  EXPECT_EQ(dialogue("*77*5*", alices_desk), ivr::Purpose{ivr::AskLogout{}});
  EXPECT_EQ(dialogue("*77*102", alices_desk), ivr::Purpose{ivr::AskLogin{ExtensionNumber{"102"}}});
  EXPECT_EQ(std::get<ToExtension>(dial("102", alices_desk)).number, ExtensionNumber{"102"});
}

TEST_F(Routing, AnUnknownNumberIsNotFound) { EXPECT_EQ(std::get<Refused>(dial("999", own_phone)).status, 404); }

TEST_F(Routing, AnEmergencyCallIsNeverRefusedWhoeverDials) {
  EXPECT_TRUE(std::holds_alternative<ToEmergency>(dial("911", Dialler{})));
}

}  // namespace
}  // namespace roamdesk::routing
