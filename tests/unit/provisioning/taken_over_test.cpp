#include "common/phones/taken_over.hpp"

#include <gmock/gmock.h>

#include "service_fixture.hpp"

// A phone that another system has provisioned, and that asks us by that system's paths: it is helped where it is known
// and awaited, as any other phone is at first, and a stranger is refused like any stranger.
namespace roamdesk::provisioning {
namespace {
using testing::HasSubstr;

class TakenOverPhones : public Provisioning {
 protected:
  // As both programs do it.
  HttpOutcome ask(const std::string& target, const std::string& agent, WallTime at = t0,
                  const std::string& site = "branch-1") {
    return get(phones::path_taken_over(target, agent).value_or(target), agent, at, site);
  }
  static constexpr const char* yealink = "Yealink SIP-T33G 124.86.0.75 80:5e:c0:11:22:33";
  static constexpr const char* path = "/provisioning/k2j4h5g6/cfg805ec0112233.xml";
};

TEST_F(TakenOverPhones, AreGivenOurUrlAndNothingElseInTheirWindow) {
  const std::pair<const char*, const char*> asked[] = {
      {yealink, path},
      {"Grandstream Model HW GRP2612 SW 1.0.5.15 DevId c074ad112233", "/provisioning/x/cfgc074ad112233.xml"},
      {"Fanvil X3U 2.4.13 0c383e112233", "/provisioning/x/cfg0c383e112233.xml"},
      {"Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12 000413ABCDEF SXM:0 UXM:0)", "/000413abcdef.xml"},
      {"Htek UC923 2.0.4.2 00:1f:c1:11:22:33", "/cfg001fc1112233.xml"},
      {"Cisco-CP-8841-3PCC/11.0 (00562b112233)", "/SEP00562B112233.cnf.xml"}};
  for (const auto& [agent, target] : asked) {
    const auto outcome = ask(target, agent);
    EXPECT_EQ(outcome.answer.status, 200) << agent;
    EXPECT_THAT(outcome.answer.body, HasSubstr("192.168.1.5:5000/provision/token-")) << agent;
    EXPECT_THAT(outcome.answer.body, testing::Not(HasSubstr("fedcba9876543210"))) << "no credentials";
    ASSERT_EQ(outcome.events.size(), 1u) << agent;
    EXPECT_TRUE(std::holds_alternative<RedirectFetched>(outcome.events[0])) << agent;
  }
  const auto poly = ask("/64167f112233.cfg", "FileTransport PolycomVVX-VVX_450-UA/5.9.7.1234 Type/Application");
  EXPECT_THAT(poly.answer.body, HasSubstr("64167f112233-settings.cfg"));
}

TEST_F(TakenOverPhones, AreRefusedByTheSameRulesAsAllOthers) {
  EXPECT_EQ(suspicion(ask(path, yealink, t0 + window_length)), Suspicion::outside_window);
  EXPECT_EQ(suspicion(ask(path, yealink, t0, "branch-2")), Suspicion::wrong_site);
  EXPECT_EQ(suspicion(ask("/805ec0112233.cfg", "Yealink SIP-T33G 124.86.0.75 80:5e:c0:99:99:99")),
            Suspicion::foreign_device)
      << "another phone's file";
  phones.all[0].window_taken = true;
  phones.all[0].known_at = *parse_ipv4("192.168.1.99");
  EXPECT_EQ(suspicion(ask(path, yealink)), Suspicion::foreign_address) << "somebody else was there first";
}

TEST_F(TakenOverPhones, ThatNobodyHasAssignedAreSeenAndGivenNothing) {
  const auto outcome = ask("/provisioning/x/cfg805ec0999999.xml", "Yealink SIP-T33G 124.86.0.75 80:5e:c0:99:99:99");
  EXPECT_EQ(outcome.answer.status, 404);
  EXPECT_EQ(outcome.answer.body, "");
  ASSERT_EQ(outcome.events.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<UnassignedAsked>(outcome.events[0]));
  EXPECT_EQ(ask(path, "curl/8.0").answer.status, 404) << "no phone";
}

}  // namespace
}  // namespace roamdesk::provisioning
