#include "exchange/calls/book.hpp"

#include <gtest/gtest.h>

namespace roamdesk::calls {
namespace {

sip::Message request(const std::string& to_tag, const std::string& from_tag, const std::string& call_id = "a@us") {
  sip::Message message;
  message.method = "BYE";
  message.call_id = call_id;
  message.to.params.set("tag", to_tag);
  message.from.params.set("tag", from_tag);
  return message;
}

class BookOfCalls : public testing::Test {
 protected:
  // A leg of `number` at branch-1 whose INVITE we sent.
  Leg& add(const std::string& number, const std::string& tag, std::optional<PeerId> peer = PeerId{1}) {
    Leg leg{book.next_leg_id(), InviteClient{}, SessionTimer::Terms{}};
    leg.dialog = sip::Dialog::beginning("a@us", tag, {}, {}, {});
    leg.dialog.remote_tag = "theirs";
    leg.alias = {.call_id = "alias of " + tag, .local_tag = "x " + tag, .remote_tag = "y " + tag};
    leg.flow.address.site = SiteId{"branch-1"};
    leg.who.peer = peer;
    leg.who.party.number = number;
    return book.add(std::move(leg));
  }

  Book book;
  const SiteId site{"branch-1"};
};

TEST_F(BookOfCalls, FindsADialogByAllOfItsNamesAndItsSite) {
  const Leg& leg = add("101", "ours");
  EXPECT_EQ(book.find_dialog(site, request("ours", "theirs")), &leg);
  EXPECT_FALSE(book.find_dialog(site, request("other", "theirs")));
  EXPECT_FALSE(book.find_dialog(site, request("ours", "other")));
  EXPECT_FALSE(book.find_dialog(site, request("ours", "theirs", "b@us")));
  EXPECT_FALSE(book.find_dialog(SiteId{"branch-2"}, request("ours", "theirs")));
}

TEST_F(BookOfCalls, FindsTheForksBelowAPeerThatHasNotAnswered) {
  Leg& leg = add("101", "ours");
  leg.dialog.remote_tag.clear();
  EXPECT_EQ(book.find_dialog(site, request("ours", "any")), &leg);
}

TEST_F(BookOfCalls, FindsWhatReplacesNamesEitherWayRound) {
  const Leg& leg = add("101", "ours");
  EXPECT_EQ(book.find_replaced({"a@us", "ours", "theirs"}), &leg);
  EXPECT_EQ(book.find_replaced({"a@us", "theirs", "ours"}), &leg);
  EXPECT_EQ(book.find_replaced({"alias of ours", "x ours", "y ours"}), &leg);
  EXPECT_EQ(book.find_replaced({"alias of ours", "y ours", "x ours"}), &leg);
  // The names of one don't open the other.
  EXPECT_FALSE(book.find_replaced({"alias of ours", "ours", "theirs"}));
  EXPECT_FALSE(book.find_replaced({"a@us", "x ours", "y ours"}));
  EXPECT_FALSE(book.find_replaced({"a@us", "ours", ""}));
}

TEST_F(BookOfCalls, FindsNoDialogForReplacesThatEndsOrIsUpWhereOnlyAnEarlyOneIsMeant) {
  Leg& leg = add("101", "ours");
  EXPECT_EQ(book.find_replaced({"a@us", "ours", "theirs", true}), &leg);
  leg.state = Up{};
  EXPECT_FALSE(book.find_replaced({"a@us", "ours", "theirs", true}));
  EXPECT_EQ(book.find_replaced({"a@us", "ours", "theirs"}), &leg);
  leg.state = Ending{};
  EXPECT_FALSE(book.find_replaced({"a@us", "ours", "theirs"}));
}

TEST_F(BookOfCalls, KnowsALegByItsNewTagAlone) {
  Leg& leg = add("101", "ours");
  book.rename(leg, "fork");
  EXPECT_EQ(book.find_dialog(site, request("fork", "theirs")), &leg);
  EXPECT_FALSE(book.find_dialog(site, request("ours", "theirs")));
  EXPECT_EQ(book.inconsistency(), "");
}

TEST_F(BookOfCalls, CountsThePeersDialogs) {
  const auto first = add("101", "one").id;
  const auto second = add("102", "two").id;
  const auto third = add("103", "three", std::nullopt).id;
  EXPECT_EQ(book.dialogs_of(PeerId{1}), 2u);
  EXPECT_EQ(book.dialogs_of(PeerId{2}), 0u);
  EXPECT_EQ(book.dialogs_of(std::optional<PeerId>{}), 0u);
  for (const auto id : {first, second, third}) book.remove(id);
  EXPECT_EQ(book.dialogs_of(PeerId{1}), 0u);
  EXPECT_TRUE(book.empty());
}

TEST_F(BookOfCalls, KnowsACallByEachOfItsIdsUntilItIsRemoved) {
  const DialogueId dialogue = book.next_dialogue_id();
  const auto serial =
      book.add(Call{.id = CallId{"call"}, .kind = VoiceDialogue{.id = dialogue}, .from = {}, .to = {}}).serial;
  EXPECT_EQ(book.call(serial), book.call(CallId{"call"}));
  EXPECT_EQ(book.call(serial), book.call(dialogue));
  EXPECT_EQ(book.remove(serial).id, CallId{"call"});
  EXPECT_FALSE(book.call(CallId{"call"}));
  EXPECT_FALSE(book.call(dialogue));
  EXPECT_TRUE(book.empty());
}

}  // namespace
}  // namespace roamdesk::calls
