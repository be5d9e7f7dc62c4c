#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {
namespace {

class Redirections : public Calls {
 protected:
  void SetUp() override { own.habits.rejects = 486; }
  Phone &a = world.add("101"), &desk = world.add("102"), &own = world.add("102");
  Phone &c = world.add("103"), &d = world.add("104"), &e = world.add("105");
  static bool rang(const Phone& phone) { return !phone.dialogs.empty(); }
};

// RFC 3261 §8.1.3.4.
TEST_F(Redirections, TryTheContactsByTheirPreference) {
  desk.habits.rejects = 302;
  desk.habits.contacts = {"<sip:104@pbx.example.com>;q=0.2", "<sip:103@pbx.example.com>;q=0.75",
                          "<sip:105@pbx.example.com>"};
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_TRUE(rang(e) && !rang(c) && !rang(d));  // no q is 1
  e.reject(486, world.now);
  world.run(500ms);
  EXPECT_TRUE(rang(c) && !rang(d));
  c.reject(480, world.now);
  world.run(500ms);
  ASSERT_TRUE(rang(d));
  d.answer(world.now);
  world.run(500ms);
  EXPECT_TRUE(world.talk(a, d));
}

TEST_F(Redirections, GoPastContactsThatCantBeReached) {
  desk.habits.rejects = 302;
  desk.habits.contacts = {"<sip:forbidden@pbx.example.com>;q=1.0", "<sip:nobody@pbx.example.com>;q=0.9",
                          "<sip:101@pbx.example.com>;q=0.8", "<sip:103@pbx.example.com>;q=0.7",
                          "<sip:104@pbx.example.com>;q=0.05"};
  c.habits.silent = true;
  a.dial("102", world.now);
  world.run(10s);
  EXPECT_FALSE(rang(c));
  EXPECT_TRUE(rang(d));
}

TEST_F(Redirections, OfAContactGoBeforeWhatIsLeft) {
  desk.habits.rejects = c.habits.rejects = 302;
  desk.habits.contacts = {"<sip:103@pbx.example.com>;q=0.9", "<sip:104@pbx.example.com>;q=0.8"};
  c.habits.contacts = {"<sip:105@pbx.example.com>;q=0.1"};
  e.habits.rejects = 486;
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_TRUE(rang(e) && rang(d));
  // Each with the rights of the phone that named it.
  EXPECT_EQ(world.routed,
            (std::vector<std::pair<std::string, std::string>>{{"102", "103"}, {"103", "105"}, {"102", "104"}}));
}

TEST_F(Redirections, ThatLeadInCirclesEnd) {
  desk.habits.rejects = c.habits.rejects = d.habits.rejects = 302;
  desk.habits.contacts = c.habits.contacts =
      d.habits.contacts = {"<sip:103@pbx.example.com>", "<sip:104@pbx.example.com>", "<sip:102@pbx.example.com>",
                           "<sip:101@pbx.example.com>"};
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_EQ(c.dialogs.size(), 1u);
  EXPECT_EQ(d.dialogs.size(), 1u);
  EXPECT_EQ(desk.dialogs.size(), 1u);
  EXPECT_EQ(a.at().status, 486);
}

TEST_F(Redirections, ToMoreContactsThanTheBoundEnd) {
  desk.habits.rejects = 302;
  for (int i = 0; i < 20; ++i) desk.habits.contacts.push_back("<sip:nobody" + std::to_string(i) + "@pbx.example.com>");
  desk.habits.contacts.push_back("<sip:103@pbx.example.com>");
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_FALSE(rang(c));
  EXPECT_EQ(a.at().status, 486);
}

TEST_F(Redirections, EndWithADecline) {
  desk.habits.rejects = 302;
  desk.habits.contacts = {"<sip:103@pbx.example.com>;q=0.9", "<sip:104@pbx.example.com>;q=0.8"};
  c.habits.rejects = 603;
  a.dial("102", world.now);
  world.run(500ms);
  EXPECT_FALSE(rang(d));
  EXPECT_EQ(a.at().status, 603);
}

}  // namespace
}  // namespace roamdesk::calls
