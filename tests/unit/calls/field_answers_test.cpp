#include "tests/unit/calls/fixture.hpp"

// Answers of phones that can be read only in part (RFC 3261 §8.1.3: what isn't needed of them isn't judged).
namespace roamdesk::calls {
namespace {

class FieldAnswers : public Calls {
 protected:
  Phone &a = world.add("101"), &b = world.add("102");
};

TEST_F(FieldAnswers, SetTheCallUpWithoutAContactAndWithNoMoreThanATagInTo) {
  for (const auto* to : {"", "<>", "sip:@host", "nobody"}) {
    b.habits.words = [to](sip::Message& message) {
      message.contact.clear();
      message.to.unread = to;
    };
    a.dial("102", world.now);
    world.run(500ms);
    b.answer(world.now);
    world.run(500ms);
    EXPECT_TRUE(world.talk(a, b)) << to;
    EXPECT_TRUE(b.at().acked) << to;
    // What follows goes to the URI that was called, over the same flow.
    a.hang_up(world.now);
    world.run(500ms);
    EXPECT_TRUE(b.at().over) << to;
    const auto* bye = last(b, "BYE");
    ASSERT_NE(bye, nullptr) << to;
    EXPECT_EQ(sip::to_string(bye->request_uri), b.contact) << to;
  }
}

}  // namespace
}  // namespace roamdesk::calls
