#include "fixture.hpp"

namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class TrunksOfAdministration : public AdministrationTest {
 protected:
  static Trunk trunk(bool enabled = true) {
    Trunk trunk;
    trunk.name = "provider";
    trunk.domain = "sip.example.org";
    trunk.user = "u";
    trunk.enabled = enabled;
    return trunk;
  }
  api::Answer change(const Change& change) {
    return answer_to(
        [&](auto& a, auto done) { a.change([change](const Directory&) { return Changes{change}; }, by(), done); });
  }
  std::string condition() {
    const auto state = administration_ptr()->trunk_state("provider");
    return state ? state->condition : "unknown";
  }
};

TEST_F(TrunksOfAdministration, RunFromWhenTheyAreStoredUntilTheyAreDeleted) {
  EXPECT_EQ(condition(), "unknown");
  EXPECT_EQ(change(Put<Trunk>{trunk()}).outcome, Outcome::ok);
  EXPECT_EQ(condition(), "locating");
  EXPECT_EQ(change(Put<Trunk>{trunk(false)}).outcome, Outcome::ok);
  EXPECT_EQ(condition(), "off");
  EXPECT_EQ(change(Put<Trunk>{trunk()}).outcome, Outcome::ok);
  EXPECT_EQ(condition(), "locating");
  EXPECT_EQ(change(Delete<Trunk>{"provider"}).outcome, Outcome::ok);
  EXPECT_EQ(condition(), "unknown");
}

TEST_F(TrunksOfAdministration, DoNotRunWhenTheyCouldNotBeStored) {
  const AskedPtr asked = ask(
      [&](auto& a, auto done) { a.change([](const Directory&) { return Changes{Put<Trunk>{trunk()}}; }, by(), done); });
  EXPECT_EQ(condition(), "unknown");
  store_next(false);
  EXPECT_EQ(asked->outcome(), Outcome::unavailable);
  EXPECT_EQ(condition(), "unknown");
}

TEST_F(TrunksOfAdministration, KeepTheSbcAtWhoseSiteTheyAre) {
  have_sbc("branch-1");
  Trunk at_branch = trunk();
  at_branch.site = SiteId{"branch-1"};
  have(Put<Trunk>{at_branch});
  const auto removal = [](auto& a, auto done) { a.delete_sbc("branch-1", by(), done); };
  EXPECT_EQ(answer_to(removal).outcome, Outcome::clash);
  EXPECT_THAT(answer_to(removal).message, HasSubstr("provider"));
  have(Delete<Trunk>{"provider"});
  OutboundRule rule;
  rule.name = "line";
  rule.sites = {SiteId{"branch-1"}};
  have(Put<OutboundRule>{rule});
  EXPECT_THAT(answer_to(removal).message, HasSubstr("line"));
  have(Delete<OutboundRule>{"line"});
  EXPECT_EQ(answer_to(removal).outcome, Outcome::ok);
}

}  // namespace
}  // namespace roamdesk::test
