#include "fixture.hpp"

namespace roamdesk::test {
namespace {

using phones::Vendor;
using Modules = std::map<std::size_t, std::size_t>;

class DrawnKeys : public AdministrationTest {
 protected:
  // How many keys are drawn on each module, for a person with `keys` lamps.
  Modules modules_of(Vendor vendor, const std::string& model, std::size_t keys) {
    Extension person{number("101")};
    person.keys.assign(keys, {KeyType::blf, "102", "Bob"});
    std::optional<api::DrawnKeys> drawn;
    ask([&](const auto& a, const auto&) { drawn = a.draw_keys(vendor, model, person); });
    Modules found;
    EXPECT_TRUE(drawn) << model;
    if (drawn)
      for (const auto& key : drawn->keys)
        if (key.module) ++found[*key.module];
    return found;
  }
};

// Snom and Grandstream count their modules' keys through; each is drawn by itself, as far as the person's keys go.
TEST_F(DrawnKeys, AreOnEachModuleThatTheyReach) {
  EXPECT_EQ(modules_of(Vendor::snom, "D785", 23), (Modules{{1, 18}}));
  EXPECT_EQ(modules_of(Vendor::snom, "D785", 23 + 19), (Modules{{1, 18}, {2, 18}}));
  EXPECT_EQ(modules_of(Vendor::snom, "D785", 90), (Modules{{1, 18}, {2, 18}, {3, 18}}));
  EXPECT_EQ(modules_of(Vendor::grandstream, "GXP2170", 46 + 41), (Modules{{1, 40}, {2, 40}}));
  EXPECT_EQ(modules_of(Vendor::cisco, "8851", 8 + 29), (Modules{{1, 28}, {2, 28}}));
  EXPECT_EQ(modules_of(Vendor::snom, "D717", 90), (Modules{{1, 40}}));
  EXPECT_EQ(modules_of(Vendor::snom, "D385", 90), Modules{});
}

}  // namespace
}  // namespace roamdesk::test
