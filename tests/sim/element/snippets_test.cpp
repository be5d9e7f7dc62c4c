#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/sim/element/simulation.hpp"

// Lines of an administrator's own: they reach the phones that they are for, one after the other, and none in a call.
namespace roamdesk::sim {
namespace {
using testing::HasSubstr;

class SnippetsReachPhones : public testing::Test {
 protected:
  void have_desks(unsigned count) {
    for (unsigned i = 1; i <= count; ++i) desks.push_back(&sim.add_desk(i, i % 2 ? branch() : local_site()));
    sim.run_for(2min);
  }
  std::size_t with(const std::string& format) const {
    return static_cast<std::size_t>(
        std::count_if(desks.begin(), desks.end(), [&](const auto* one) { return one->date_format() == format; }));
  }
  unsigned fetches() const {
    unsigned all = 0;
    for (const auto* one : desks) all += one->fetches;
    return all;
  }
  Simulation sim;
  std::vector<DeskPhone*> desks;
};

TEST_F(SnippetsReachPhones, OneAfterTheOther) {
  have_desks(20);
  sim.change(Put<Snippet>{{"yealink", "local_time.date_format = 3"}});
  sim.run_for(500ms);
  EXPECT_LE(with("3"), 6u) << "not all at once";
  ASSERT_TRUE(sim.run_until([&] { return with("3") == 20; }, 10s));
  sim.change(Put<Snippet>{{"yealink:T33G", "local_time.date_format = 5"}});
  ASSERT_TRUE(sim.run_until([&] { return with("5") == 20; }, 10s)) << "the model's win";
  sim.change(Delete<Snippet>{"yealink:T33G"});
  ASSERT_TRUE(sim.run_until([&] { return with("3") == 20; }, 10s));
}

TEST_F(SnippetsReachPhones, OfTheirModelAlone) {
  have_desks(2);
  const unsigned before = fetches();
  sim.change(Put<Snippet>{{"yealink:T46U", "local_time.date_format = 3"}});
  sim.change(Put<Snippet>{{"snom", "<dim_timer>3</dim_timer>"}});
  sim.run_for(1min);
  EXPECT_EQ(fetches(), before);
}

TEST_F(SnippetsReachPhones, WhenTheirCallIsOver) {
  for (const auto* number : {"101", "102"}) sim.add_extension(number);
  have_desks(2);
  sim.log_in(*desks[0], "101");
  sim.log_in(*desks[1], "102");
  sim.run_for(1min);
  const auto call = desks[0]->dial("102");
  ASSERT_TRUE(sim.run_until([&] { return desks[0]->call(call) && desks[0]->call(call)->up; }, 20s));
  const unsigned before = fetches();
  sim.change(Put<Snippet>{{"yealink", "local_time.date_format = 3"}});
  sim.run_for(5min);
  EXPECT_EQ(fetches(), before);
  desks[0]->hang_up();
  ASSERT_TRUE(sim.run_until([&] { return with("3") == 2; }, 1min));
  EXPECT_EQ(desks[0]->shows(), "101") << "who sits there stays";
}

TEST_F(SnippetsReachPhones, AndAreLookedAtWithoutSecrets) {
  have_desks(1);
  sim.change(Put<Snippet>{{"yealink", "local_time.date_format = 3"}});
  const auto stored = sim.console().finished_file(desks[0]->mac(), std::nullopt);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->name, desks[0]->mac().text() + ".cfg");
  EXPECT_THAT(stored->text, HasSubstr("local_time.date_format = 3\n"));
  EXPECT_THAT(stored->text, HasSubstr("account.1.password = ***\n"));
  EXPECT_THAT(stored->text, testing::Not(HasSubstr(desks[0]->password())));
  EXPECT_EQ(stored->own.size(), 1u);
  const auto other = sim.console().finished_file(desks[0]->mac(), Snippet{"yealink", "local_time.date_format = 7"});
  EXPECT_THAT(other->text, HasSubstr("local_time.date_format = 7\n"));
  EXPECT_THAT(other->text, testing::Not(HasSubstr("local_time.date_format = 3\n")));
  sim.run_for(1min);
  EXPECT_EQ(desks[0]->date_format(), "3") << "looking changes nothing";
  EXPECT_FALSE(sim.console().finished_file(*Mac::parse("001565ffffff"), std::nullopt));
}

TEST_F(SnippetsReachPhones, OnlyWhereTheModelKnowsThem) {
  const auto problem = [&](const char* model, const char* text) {
    const auto found = sim.console().snippet_problem({model, text});
    return found ? found->detail : "";
  };
  EXPECT_EQ(problem("grandstream:GRP2614", "<item name=\"network.vlan\">7</item>"), "");
  EXPECT_THAT(problem("grandstream:GXP1630", "<P51>7</P51>\n<item name=\"network.vlan\">7</item>"),
              HasSubstr("text line 2: item isn't known by this model"));
  EXPECT_THAT(problem("yealink:T1000", "a = 1"), HasSubstr("no model of Yealink"));
}

}  // namespace
}  // namespace roamdesk::sim
