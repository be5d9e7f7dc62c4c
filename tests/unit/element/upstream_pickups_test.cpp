#include "exchange/element/upstream_pickups.hpp"

#include <gtest/gtest.h>

#include <string>

namespace roamdesk::element {
namespace {

using presence::DialogState, presence::Direction;

class UpstreamAliases : public testing::Test {
 protected:
  static presence::DialogInfo call(const std::string& id, const std::string& call_id = "there") {
    presence::DialogInfo made;
    made.id = id;
    made.call_id = call_id;
    made.local_tag = "l";
    made.remote_tag = "r";
    made.direction = Direction::recipient;
    made.state = DialogState::early;
    return made;
  }
  presence::DialogInfo shown(const presence::Watched& whom, presence::DialogInfo made) {
    std::vector all{std::move(made)};
    pickups.rename(whom, all);
    return all.at(0);
  }
  std::optional<UpstreamPickups::Ringing> named(const presence::DialogInfo& as) const {
    return pickups.find({as.call_id, as.local_tag, as.remote_tag, false});
  }

  unsigned count = 0;
  UpstreamPickups pickups{[this] { return "alias-" + std::to_string(++count); }};
  const presence::Watched carla{ExtensionNumber{"205"}, "old-pbx"}, namesake{ExtensionNumber{"205"}, "second"};
};

TEST_F(UpstreamAliases, FindTheCallByItsAliasEitherWayRoundAndByNothingElse) {
  const auto alias = shown(carla, call("a"));
  const auto found = named(alias);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->watched, carla);
  EXPECT_EQ(to_string(found->there), "there;to-tag=r;from-tag=l;early-only") << "the upstream's own tag is the To's";
  EXPECT_TRUE(pickups.find({alias.call_id, alias.remote_tag, alias.local_tag, true}));
  for (const auto& wrong : {sip::Replaces{"there", "r", "l", true},
                            {"there", "l", "r", true},
                            {alias.call_id, "r", "l", true},
                            {alias.call_id, alias.local_tag, alias.local_tag, true},
                            {alias.call_id, "", "", true},
                            {"", alias.local_tag, alias.remote_tag, true}})
    EXPECT_FALSE(pickups.find(wrong)) << to_string(wrong);
}

TEST_F(UpstreamAliases, KeepAnAliasAsLongAsTheCallRings) {
  const auto first = shown(carla, call("a"));
  EXPECT_EQ(shown(carla, call("a")), first);
  const auto next = shown(carla, call("a", "another"));
  EXPECT_NE(next.call_id, first.call_id);
  EXPECT_FALSE(named(first));
  const auto elsewhere = shown(namesake, call("a", "another"));
  EXPECT_NE(elsewhere.call_id, next.call_id) << "another exchange's";
  EXPECT_EQ(named(next)->watched, carla);
  EXPECT_EQ(named(elsewhere)->watched, namesake);
}

TEST_F(UpstreamAliases, NameNothingThatDoesNotRingThere) {
  const auto ringing = shown(carla, call("a"));
  for (const auto state : {DialogState::trying, DialogState::confirmed}) {
    auto other = call("a");
    other.state = state;
    EXPECT_EQ(shown(carla, other).call_id + shown(carla, other).local_tag + shown(carla, other).remote_tag, "");
    EXPECT_FALSE(named(ringing)) << "it is over";
  }
  auto dials = call("a");
  dials.direction = Direction::initiator;
  EXPECT_EQ(shown(carla, dials).call_id, "");
  EXPECT_EQ(shown(carla, call("a", "")).call_id, "") << "without names";
  const auto again = shown(carla, call("a"));
  std::vector<presence::DialogInfo> none;
  pickups.rename(carla, none);
  EXPECT_FALSE(named(again));
}

}  // namespace
}  // namespace roamdesk::element
