#include <gtest/gtest.h>

#include "fixture.hpp"

// Yealink: what a person can leave behind, and what older and newer firmware call it.
namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

std::map<std::string, std::string> file_of_yealink(const PhoneView& view) {
  return yealink_settings(provisioner().render(view).body);
}

TEST(Yealink, PicksUpByEachOfTheNamesThatFirmwareHasForIt) {
  auto view = occupied_view(Vendor::yealink, "T46U");
  view.pickup_code = "*20*";
  auto s = file_of_yealink(view);
  EXPECT_EQ(s["linekey.3.type"], "16");
  EXPECT_EQ(s["linekey.3.pickup_value"], "*20*");
  EXPECT_EQ(s["linekey.3.extension"], "*20*102");
  EXPECT_EQ(s["features.blf_pickup_only_send_code"], "0");
  for (const auto* key : {"1", "2", "4", "5", "27"}) {
    const auto at = std::string{"linekey."} + key;
    EXPECT_EQ(s[at + ".pickup_value"], "%NULL%") << key;
    EXPECT_EQ(s[at + ".extension"], "%NULL%") << key;
  }
}

TEST(Yealink, LosesWhatThePersonBeforeSwitchedOn) {
  auto s = file_of_yealink(idle_view(Vendor::yealink, "T46U"));
  for (const auto* off :
       {"phone_setting.lock", "phone_setting.phone_lock.enable", "features.fwd_mode", "features.dnd_mode",
        "features.dnd.enable", "account.1.dnd.enable", "account.1.always_fwd.enable", "account.1.busy_fwd.enable",
        "account.1.timeout_fwd.enable", "forward.always.enable", "account.1.auto_answer", "account.1.anonymous_call",
        "account.1.reject_anonymous_call", "static.dm.enable"})
    EXPECT_EQ(s[off], "0") << off;
  for (const auto* cleared : {"account.1.always_fwd.target", "account.1.busy_fwd.target",
                              "account.1.timeout_fwd.target", "account.1.always_fwd.on_code", "account.1.dnd.on_code"})
    EXPECT_EQ(s[cleared], "%NULL%") << cleared;
  EXPECT_EQ(s["local_contact.data.delete"], "http://localhost/all");
  for (int key = 1; key <= 14; ++key)
    for (const auto* what : {".type", ".line", ".value", ".label", ".extension"})
      EXPECT_EQ(s["programablekey." + std::to_string(key) + what], "%NULL%") << key;
}

TEST(Yealink, KeepsAPersonsContactsAndLockOnTheirOwnPhone) {
  auto view = occupied_view(Vendor::yealink, "T46U");
  view.occupancy = Occupancy::dedicated;
  const auto s = file_of_yealink(view);
  EXPECT_FALSE(s.contains("local_contact.data.delete"));
  EXPECT_FALSE(s.contains("phone_setting.phone_lock.enable"));
}

TEST(Yealink, HasTheKeysOfEachExpansionModuleCleared) {
  for (const auto& model : provisioner().models().all()) {
    if (model.vendor != Vendor::yealink) continue;
    auto s = file_of_yealink(occupied_view(Vendor::yealink, model.name));
    for (std::size_t module = 1; module <= model.modules; ++module)
      for (std::size_t key = 1; key <= model.module_keys; ++key) {
        const auto at = "expansion_module." + std::to_string(module) + ".key." + std::to_string(key);
        EXPECT_EQ(s[at + ".type"], "0") << model.name << " " << at;
        EXPECT_EQ(s[at + ".value"], "%NULL%") << model.name << " " << at;
      }
    EXPECT_FALSE(s.contains("expansion_module." + std::to_string(model.modules + 1) + ".key.1.type")) << model.name;
  }
  EXPECT_EQ(provisioner().models().find(Vendor::yealink, "SIP-T46S").module_keys, 40u);
  EXPECT_EQ(provisioner().models().find(Vendor::yealink, "SIP-T85W").module_keys, 78u);
}

TEST(Yealink, OfTheNewestSeriesHasAllItsKeys) {
  const std::tuple<const char*, std::size_t, std::size_t> wanted[] = {
      {"SIP-T73U", 12, 48}, {"SIP-T73W", 12, 48}, {"SIP-T74U", 16, 60}, {"SIP-T74W", 16, 60}, {"SIP-T77U", 16, 95},
      {"SIP-T85W", 16, 72}, {"SIP-T87W", 16, 95}, {"SIP-T88W", 16, 95}, {"SIP-T88V", 16, 95}, {"VP-T49G", 16, 29}};
  for (const auto& [name, lines, keys] : wanted) {
    const auto* model = provisioner().models().exact(Vendor::yealink, name);
    ASSERT_NE(model, nullptr) << name;
    EXPECT_EQ(model->lines, lines) << name;
    EXPECT_EQ(model->keys, keys) << name;
  }
}

}  // namespace
}  // namespace roamdesk::provisioning
