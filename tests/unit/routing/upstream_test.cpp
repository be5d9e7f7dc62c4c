#include <gmock/gmock.h>

#include "exchange/routing/route.hpp"

// Whose calls go by an account at another exchange, and how what was dialled is said there.
namespace roamdesk::routing {
namespace {

class UpstreamRoute : public testing::Test {
 protected:
  UpstreamRoute() {
    for (const char* number : {"101", "102"}) {
      Extension person;
      person.number = ExtensionNumber{number};
      directory.apply(PutExtension{person});
    }
    put_trunk("old-pbx", TrunkKind::accounts);
    put_trunk("berlin", TrunkKind::registration);
    OutboundRule rule;
    rule.name = "all";
    rule.pattern = ".";
    rule.trunks = {"berlin"};
    directory.apply(Put<OutboundRule>{rule});
    account.extension = "101";
    account.trunk = "old-pbx";
    account.user = "1010";
    directory.apply(Put<UpstreamAccount>{account});
  }
  void put_trunk(const std::string& name, TrunkKind kind, bool enabled = true) {
    Trunk trunk;
    trunk.name = name;
    trunk.kind = kind;
    trunk.enabled = enabled;
    trunk.country = "DE";
    trunk.area_code = "30";
    directory.apply(Put<Trunk>{trunk});
  }
  // What is asked for there, "" where it doesn't go there.
  std::string leads(std::string_view user, std::optional<std::string> extension = "101") {
    Dialler dialler{true, std::nullopt, local_site()};
    if (extension) dialler.extension = ExtensionNumber{*extension};
    steps.clear();
    const Route found = route(user, dialler, codes, directory, 0, &steps);
    const auto* to = std::get_if<ToUpstream>(&found);
    return to ? to->called + (to->hide ? " hidden" : "") : "";
  }

  Codes codes = codes_of(Settings{});
  Directory directory;
  UpstreamAccount account;
  Steps steps;
};

TEST_F(UpstreamRoute, WhatIsNotOursGoesThereAsItWasDialled) {
  for (const auto& [dialled, asked] : std::vector<std::pair<std::string, std::string>>{
           {"205", "205"},
           {"0301234567", "0301234567"},
           {"+49301234567", "+49301234567"},
           {"*97", "*97"},
           {"*21*0301234%23", "*21*0301234%23"},
           {"*21*0301234#", "*21*0301234%23"},
           {"205%23", "205"},
           {"09001234567", "09001234567"},
       })
    EXPECT_EQ(leads(dialled), asked) << dialled;
  EXPECT_EQ(steps.back().kind, StepKind::upstream);
  EXPECT_THAT(text_of(steps.back()), testing::HasSubstr("old-pbx"));
}

TEST_F(UpstreamRoute, WhatIsOursNeverDoes) {
  for (const char* ours : {"101", "102", "*77*", "*77*5*", "*77*101*", "112", "911", "%31%31%32", "*31*112"})
    EXPECT_EQ(leads(ours), "") << ours;
}

TEST_F(UpstreamRoute, BehindTheCodeThatHidesItItShowsNoNumber) {
  EXPECT_EQ(leads("*31*205"), "205 hidden");
  EXPECT_EQ(leads("*31#0301234567"), "0301234567 hidden");
}

TEST_F(UpstreamRoute, NobodyGoesByAnothersAccount) {
  EXPECT_EQ(leads("205", "102"), "");
  EXPECT_EQ(leads("205", std::nullopt), "") << "an idle desk";
  EXPECT_EQ(leads("205", "1010"), "") << "nor by the user's name there";
}

TEST_F(UpstreamRoute, AnAccountOrATrunkThatIsOffIsNone) {
  account.enabled = false;
  directory.apply(Put<UpstreamAccount>{account});
  EXPECT_EQ(leads("205"), "");
  account.enabled = true;
  directory.apply(Put<UpstreamAccount>{account});
  EXPECT_EQ(leads("205"), "205");
  put_trunk("old-pbx", TrunkKind::accounts, false);
  EXPECT_EQ(leads("205"), "");
  put_trunk("old-pbx", TrunkKind::address);
  EXPECT_EQ(leads("205"), "");
  directory.apply(Delete<Trunk>{"old-pbx"});
  EXPECT_EQ(leads("205"), "");
}

}  // namespace
}  // namespace roamdesk::routing
