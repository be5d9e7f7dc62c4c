#include "exchange/routing/outside.hpp"

#include <gmock/gmock.h>

#include "exchange/routing/route.hpp"

namespace roamdesk::routing {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

class Outside : public testing::Test {
 protected:
  Outside() {
    Extension alice;
    alice.number = ExtensionNumber{"101"};
    alice.name = "Alice";
    alice.may_call = {NumberClass::national, NumberClass::mobile};
    directory.apply(PutExtension{alice});
    Extension bob = alice;
    bob.number = ExtensionNumber{"102"};
    bob.name = "Bob";
    bob.may_call = {NumberClass::national,      NumberClass::mobile,  NumberClass::shared_cost,
                    NumberClass::international, NumberClass::premium, NumberClass::unknown};
    directory.apply(PutExtension{bob});
    put_trunk("berlin", "DE", "30");
  }
  void put_trunk(const std::string& name, const std::string& country, const std::string& area,
                 NumberForm called = NumberForm::plus, std::vector<std::string> countries = {}, bool enabled = true) {
    Trunk trunk;
    trunk.name = name;
    trunk.country = country;
    trunk.area_code = area;
    trunk.called = called;
    trunk.countries = std::move(countries);
    trunk.enabled = enabled;
    directory.apply(Put<Trunk>{trunk});
  }
  OutboundRule put_rule(const std::string& name, unsigned position, const std::string& pattern,
                        std::vector<std::string> trunks, unsigned strip = 0, const std::string& prepend = "") {
    OutboundRule rule;
    rule.name = name;
    rule.position = position;
    rule.pattern = pattern;
    rule.trunks = std::move(trunks);
    rule.strip = strip;
    rule.prepend = prepend;
    directory.apply(Put<OutboundRule>{rule});
    return rule;
  }
  Route dial(std::string_view user, const char* extension = "102", const char* site = "local", unsigned turn = 0) {
    steps.clear();
    return route(user, Dialler{false, ExtensionNumber{extension}, SiteId{site}}, codes, directory, turn, &steps);
  }
  // "berlin:+4930…, munich:089…", or the status of a refusal.
  std::string leads(std::string_view user, const char* extension = "102", const char* site = "local",
                    unsigned turn = 0) {
    const Route found = dial(user, extension, site, turn);
    if (const auto* refused = std::get_if<Refused>(&found)) return std::to_string(refused->status);
    if (const auto* emergency = std::get_if<ToEmergency>(&found)) return "emergency " + emergency->number;
    if (const auto* inside = std::get_if<ToExtension>(&found)) return "extension " + inside->number.value();
    std::string text;
    for (const auto& [trunk, called] : std::get<ToOutside>(found).attempts)
      text += (text.empty() ? "" : ", ") + trunk + ":" + called;
    return text + (std::get<ToOutside>(found).hide ? " hidden" : "");
  }
  std::string why() const {
    std::string text;
    for (const Step& step : steps) text += text_of(step) + "\n";
    return text;
  }

  Codes codes = codes_of(Settings{});
  Directory directory;
  Steps steps;
};

TEST_F(Outside, ANumberLeavesByTheFirstRuleThatFits) {
  put_trunk("cheap", "DE", "30", NumberForm::national);
  put_rule("abroad", 1, "00.", {"cheap"});
  put_rule("home", 2, "0.", {"berlin"});
  put_rule("never", 3, ".", {"cheap"});
  EXPECT_EQ(leads("030123456"), "berlin:+4930123456");
  EXPECT_EQ(leads("0033142685300"), "cheap:0033142685300");
  EXPECT_EQ(leads("101"), "extension 101");
  EXPECT_EQ(leads("12345678"), "cheap:03012345678");
}

TEST_F(Outside, WithoutARuleNothingLeaves) {
  EXPECT_EQ(leads("030123456"), "404");
  EXPECT_THAT(why(), HasSubstr("no outbound rule"));
  put_rule("home", 1, "00.", {"berlin"});
  EXPECT_EQ(leads("030123456"), "404");
}

TEST_F(Outside, ARuleTakesDigitsAwayAndPutsOthersThere) {
  put_rule("line", 1, "9.", {"berlin"}, 1);
  put_rule("short", 2, "7xxx", {"berlin"}, 1, "+4930555");
  EXPECT_EQ(leads("9030123456"), "berlin:+4930123456");
  EXPECT_EQ(leads("7321"), "berlin:+4930555321");
  EXPECT_EQ(leads("+49-30-123456"), "404") << "a rule for dialled digits isn't one for E.164";
}

// What is dialled as within a country is no number of the trunk's country.
TEST_F(Outside, ARuleWithPlusIsForNumbersThatAreDialledWithTheirCountryCode) {
  put_trunk("vienna", "AT", "1");
  put_rule("austria", 1, "+43.", {"vienna"});
  put_rule("rest", 2, ".", {"berlin"});
  for (const char* dialled : {"+4315123456", "004315123456", "%2B43-1-5123456"})
    EXPECT_EQ(leads(dialled), "vienna:+4315123456") << dialled;
  EXPECT_EQ(leads("030123456"), "berlin:+4930123456");
}

TEST_F(Outside, EachClassIsCalledByThoseWhoMay) {
  put_rule("all", 1, ".", {"berlin"});
  EXPECT_EQ(leads("030123456", "101"), "berlin:+4930123456");
  EXPECT_EQ(leads("01701234567", "101"), "berlin:+491701234567");
  const std::pair<const char*, const char*> refused[] = {
      {"0033142685300", "You may not call abroad"},          {"+12423456789", "You may not call abroad"},
      {"09001234567", "You may not call premium numbers"},   {"01801123456", "You may not call shared-cost numbers"},
      {"+33899123456", "You may not call premium numbers"},  {"+870773111632", "You may not call abroad"},
      {"11833", "You may not call numbers of unknown cost"}, {"*99", "You may not call numbers of unknown cost"}};
  for (const auto& [number, reason] : refused) {
    const Route route = dial(number, "101");
    ASSERT_TRUE(std::holds_alternative<Refused>(route)) << number;
    EXPECT_EQ(std::get<Refused>(route).status, 403) << number;
    EXPECT_STREQ(std::get<Refused>(route).reason, reason) << number;
  }
  EXPECT_EQ(leads("09001234567", "102"), "berlin:+499001234567");
  EXPECT_EQ(leads("0033142685300", "102"), "berlin:+33142685300");
}

// An idle desk, an extension that has gone, and who spells a number in another way.
TEST_F(Outside, NoSpellingGetsRoundARefusal) {
  put_rule("all", 1, ".", {"berlin"});
  put_rule("nine", 0, "9.", {"berlin"}, 1);
  for (const char* spelt : {"0033142685300", "+33142685300", "+33-1-42.68.53.00", "%2B33142685300", "tel:+33142685300",
                            "142685300;phone-context=+33", "90033142685300", "*31*0033142685300", "*31#+33142685300",
                            "%2A31%2A9%2B33142685300", "0033142685300%23", "00 33 1 42685300", "0033142685300;x=y",
                            "0000033142685300", "+0033142685300", "*31**31*0033142685300"})
    EXPECT_THAT(leads(spelt, "101"), testing::AnyOf("403", "404")) << spelt << "\n" << why();
  const Dialler idle{true, std::nullopt, local_site()}, gone{false, ExtensionNumber{"199"}, local_site()};
  EXPECT_EQ(std::get<Refused>(route("030123456", idle, codes, directory)).status, 403);
  EXPECT_EQ(std::get<Refused>(route("030123456", gone, codes, directory)).status, 404);
  EXPECT_EQ(std::get<Refused>(route("030123456", Dialler{}, codes, directory)).status, 403);
}

TEST_F(Outside, EmergencyNumbersWinOverEveryRule) {
  put_rule("nine", 0, "9.", {"berlin"}, 1);
  put_rule("greedy", 1, "1.", {"berlin"});
  put_rule("eleven", 2, "11x", {"berlin"});
  put_rule("off", 3, "8xx[1-9].", {"berlin"}, 1);
  OutboundRule off = put_rule("elsewhere", 4, "77.", {"gone"}, 2);
  off.enabled = false;
  off.sites = {SiteId{"branch-1"}};
  directory.apply(Put<OutboundRule>{off});
  for (const char* dialled : {"911", "112", "9911", "9112", "8112", "77911", "*31*112", "*31#911", "*31*9911", "112%23",
                              "9911#", "%39%31%31"})
    for (const char* extension : {"101", "102"})
      EXPECT_THAT(leads(dialled, extension), HasSubstr("emergency ")) << dialled;
  EXPECT_EQ(leads("9911"), "emergency 911");
  EXPECT_EQ(leads("9112"), "emergency 112");
  // From an idle desk and from nobody as well.
  for (const char* dialled : {"911", "9911", "*31*112"})
    for (const Dialler& who : {Dialler{}, Dialler{true, std::nullopt, SiteId{"branch-1"}}})
      EXPECT_TRUE(std::holds_alternative<ToEmergency>(route(dialled, who, codes, directory))) << dialled;
  // What only ends so is a number.
  EXPECT_EQ(leads("9030112"), "berlin:+4930112");
  EXPECT_EQ(leads("5112"), "404");
}

TEST_F(Outside, ACodeInFrontHidesTheNumberOfThisCall) {
  put_rule("all", 1, ".", {"berlin"});
  EXPECT_EQ(leads("*31*030123456"), "berlin:+4930123456 hidden");
  EXPECT_EQ(leads("*31#030123456"), "berlin:+4930123456 hidden");
  EXPECT_EQ(leads("%2A31%23030123456%23"), "berlin:+4930123456 hidden");
  EXPECT_EQ(leads("*31*101"), "extension 101");
  EXPECT_EQ(leads("030123456"), "berlin:+4930123456");
}

TEST_F(Outside, ARuleIsForItsSitesAndClasses) {
  put_trunk("gateway", "DE", "89");
  OutboundRule branch = put_rule("branch", 1, ".", {"gateway", "berlin"});
  branch.sites = {SiteId{"branch-1"}};
  branch.classes = {NumberClass::national};
  directory.apply(Put<OutboundRule>{branch});
  put_rule("all", 2, ".", {"berlin"});
  EXPECT_EQ(leads("123456", "102", "branch-1"), "gateway:+4989123456, berlin:+4930123456");
  EXPECT_EQ(leads("01701234567", "102", "branch-1"), "berlin:+491701234567");
  EXPECT_EQ(leads("123456", "102", "local"), "berlin:+4930123456");
}

TEST_F(Outside, TrunksAreTriedInTheirOrderOrShareTheCalls) {
  put_trunk("a", "DE", "");
  put_trunk("b", "DE", "", NumberForm::bare);
  put_trunk("c", "DE", "", NumberForm::plus, {}, false);
  OutboundRule rule = put_rule("all", 1, ".", {"c", "b", "a", "gone"});
  EXPECT_EQ(leads("030123456"), "b:4930123456, a:+4930123456");
  EXPECT_THAT(why(), HasSubstr("the trunk gone isn't there"));
  rule.order = TrunkOrder::share;
  rule.trunks = {"a", "b"};
  directory.apply(Put<OutboundRule>{rule});
  EXPECT_EQ(leads("030123456", "102", "local", 7), "b:4930123456, a:+4930123456");
  EXPECT_EQ(leads("030123456", "102", "local", 8), "a:+4930123456, b:4930123456");
}

TEST_F(Outside, ARuleWithoutAUsableTrunkLeavesTheNumberToTheNext) {
  put_trunk("off", "DE", "", NumberForm::plus, {}, false);
  put_rule("first", 1, ".", {"off", "gone"});
  EXPECT_EQ(leads("030123456"), "404");
  put_rule("second", 2, ".", {"berlin"});
  EXPECT_EQ(leads("030123456"), "berlin:+4930123456");
}

TEST_F(Outside, ATrunkCallsTheCountriesThatItMay) {
  put_trunk("near", "DE", "30", NumberForm::plus, {"AT", "CH"});
  put_rule("all", 1, ".", {"near"});
  EXPECT_EQ(leads("004315123456"), "near:+4315123456");
  EXPECT_EQ(leads("030123456"), "near:+4930123456");
  for (const char* elsewhere : {"0033142685300", "+12423456789", "+870773111632", "+33899123456"})
    EXPECT_EQ(leads(elsewhere), "403") << elsewhere;
  EXPECT_THAT(why(), HasSubstr("the trunk near may not call FR"));
}

TEST_F(Outside, SaysWhatHappensStepByStep) {
  put_rule("branch only", 1, "0.", {"berlin"});
  OutboundRule rule = directory.all<OutboundRule>().at("branch only");
  rule.sites = {SiteId{"branch-1"}};
  directory.apply(Put<OutboundRule>{rule});
  put_rule("abroad", 2, "000.", {"berlin"});
  put_rule("line", 3, "0.", {"berlin"}, 1);
  dial("0030123456", "101");
  EXPECT_THAT(
      steps, ElementsAre(Step{StepKind::dialled, "0030123456"}, Step{StepKind::rule_other_site, "branch only", "local"},
                         Step{StepKind::rule_other_number, "abroad", "000."}, Step{StepKind::rule_fits, "line", "0."},
                         Step{StepKind::rewritten, "030123456"}, Step{StepKind::read_as, "+4930123456", "DE, national"},
                         Step{StepKind::trunk_called, "berlin", "+4930123456"}));
  for (const Step& step : steps) EXPECT_GT(text_of(step).size(), 10u);
}

}  // namespace
}  // namespace roamdesk::routing
