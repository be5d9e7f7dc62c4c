#include "exchange/provisioning/key_layout.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "fixture.hpp"

namespace roamdesk::provisioning {
namespace {

PhoneView view_with(Occupancy occupancy, std::size_t places, bool line_key, std::vector<Key> keys) {
  auto view = idle_view(phones::Vendor::yealink);
  view.occupancy = occupancy;
  view.model.keys = places;
  view.model.needs_line_key = line_key;
  view.keys = std::move(keys);
  return view;
}

Key blf(const std::string& value) { return {KeyType::blf, value, "to " + value}; }

TEST(KeyLayout, PutsLogInFirstAtAnIdleDesk) {
  const auto layout = lay_out_keys(view_with(Occupancy::idle_desk, 3, true, {blf("102")}));
  EXPECT_EQ(layout.keys[0], (ShownKey{KeyType::speed_dial, "*77*", "Log in"}));
  EXPECT_EQ(layout.keys[1].kind, KeyType::line);
  EXPECT_EQ(layout.keys[2], ShownKey{});
  EXPECT_TRUE(layout.not_shown.empty());
}

TEST(KeyLayout, MovesAPersonsKeysDownAndNamesWhatDoesNotFit) {
  const auto layout =
      lay_out_keys(view_with(Occupancy::occupied_desk, 4, true,
                             {blf("102"), {KeyType::none, "", ""}, blf("103"), {KeyType::none, "", ""}, blf("104")}));
  EXPECT_EQ(layout.keys[0], (ShownKey{KeyType::speed_dial, "*77*5*", "Log out"}));
  EXPECT_EQ(layout.keys[2].value, "102");
  EXPECT_EQ(layout.keys[3], ShownKey{});
  EXPECT_EQ(layout.not_shown, (std::vector<Key>{blf("103"), blf("104")}));
  EXPECT_EQ(layout.first_own, 2u);
  EXPECT_EQ(layout.own, 2u);
}

TEST(KeyLayout, UsesTheCodesInForce) {
  auto view = view_with(Occupancy::occupied_desk, 1, false, {});
  view.logout_code = "*99*";
  EXPECT_EQ(lay_out_keys(view).keys[0].value, "*99*");
}

TEST(KeyLayout, ShowsNothingWhereThereAreNoKeys) {
  const auto layout = lay_out_keys(view_with(Occupancy::occupied_desk, 0, false, {blf("102")}));
  EXPECT_TRUE(layout.keys.empty());
  EXPECT_EQ(layout.not_shown.size(), 1u);
}

TEST(KeyLayout, KeepsThePlaceOfAKeyThatCantBeDialled) {
  const auto layout =
      lay_out_keys(view_with(Occupancy::occupied_desk, 3, false, {{KeyType::blf, "|@/", "x"}, blf("102")}));
  EXPECT_EQ(layout.keys[1], ShownKey{});
  EXPECT_EQ(layout.keys[2].value, "102");
}

TEST(KeyLayout, MakesNoLineOfAPhysicalKey) {
  const Key line{KeyType::line, "", "Line"};
  auto view = view_with(Occupancy::occupied_desk, 4, false, {line, blf("102"), line, blf("103")});
  view.model.physical_keys = 1;
  auto layout = lay_out_keys(view);
  EXPECT_EQ(layout.keys[1].kind, KeyType::line);
  EXPECT_EQ(layout.keys[3], ShownKey{});
  EXPECT_EQ(layout.not_shown, (std::vector<Key>{line, blf("103")}));
  view.model.physical_keys = 2;
  EXPECT_EQ(lay_out_keys(view).keys[2].value, "102");
}

TEST(KeyLayout, GoesOnOnModulesWhereTheyAreUsed) {
  const Key line{KeyType::line, "", "Line"};
  auto view = view_with(Occupancy::occupied_desk, 2, false,
                        {blf("102"), blf("103"), {KeyType::none, "", ""}, line, blf("104"), blf("105")});
  view.model.modules = 2;
  view.model.module_keys = 2;
  view.model.module_keys_used = false;
  EXPECT_EQ(lay_out_keys(view).not_shown.size(), 4u) << "they are nobody's";
  EXPECT_EQ(lay_out_keys(view).modules, std::vector<ShownKey>(4));
  view.model.module_keys_used = true;
  const auto layout = lay_out_keys(view);
  EXPECT_EQ(layout.keys[1].value, "102");
  ASSERT_EQ(layout.modules.size(), 4u);
  EXPECT_EQ(layout.modules[0].value, "103");
  EXPECT_EQ(layout.modules[1], ShownKey{}) << "places stay";
  EXPECT_EQ(layout.modules[2], ShownKey{}) << "no line there";
  EXPECT_EQ(layout.modules[3].value, "104");
  EXPECT_EQ(layout.own_on_modules, 4u);
  EXPECT_EQ(layout.not_shown, (std::vector<Key>{line, blf("105")}));
  view.occupancy = Occupancy::idle_desk;
  EXPECT_EQ(lay_out_keys(view).modules, std::vector<ShownKey>(4)) << "nobody's at an idle desk";
}

TEST(KeyLayout, HoldsWhateverThePersonHas) {
  EXPECT_TRUE(rc::check("layout", [] {
    const auto places = *rc::gen::inRange<std::size_t>(0, 40);
    const bool line_key = *rc::gen::arbitrary<bool>();
    const auto occupancy = *rc::gen::element(Occupancy::idle_desk, Occupancy::occupied_desk, Occupancy::dedicated);
    const auto types = *rc::gen::container<std::vector<KeyType>>(
        rc::gen::element(KeyType::blf, KeyType::speed_dial, KeyType::line, KeyType::none, KeyType::dnd, KeyType::park));
    std::vector<Key> keys;
    for (std::size_t i = 0; i < types.size(); ++i)
      keys.push_back({types[i], types[i] == KeyType::none ? "" : std::to_string(200 + i), ""});
    const auto layout = lay_out_keys(view_with(occupancy, places, line_key, keys));

    RC_ASSERT(layout.keys.size() == places);
    const std::size_t ours = (occupancy == Occupancy::dedicated ? 0 : 1) + (line_key ? 1 : 0);
    if (occupancy != Occupancy::dedicated && places > 0) RC_ASSERT(layout.keys[0].kind == KeyType::speed_dial);
    if (line_key && places >= ours) RC_ASSERT(layout.keys[ours - 1].kind == KeyType::line);
    std::size_t lost = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const bool real = keys[i].type != KeyType::none;
      const auto place = ours + i;
      if (occupancy == Occupancy::idle_desk) {
        if (place < places) RC_ASSERT(layout.keys[place] == ShownKey{});
      } else if (place < places) {
        // In its own place, one (or two) down.
        RC_ASSERT((layout.keys[place].kind != KeyType::none) == real);
        if (real) RC_ASSERT(layout.keys[place].value == keys[i].value);
      } else if (real) {
        RC_ASSERT(lost < layout.not_shown.size() && layout.not_shown[lost] == keys[i]);
        ++lost;
      }
    }
    RC_ASSERT(layout.not_shown.size() == lost);
  }));
}

}  // namespace
}  // namespace roamdesk::provisioning
