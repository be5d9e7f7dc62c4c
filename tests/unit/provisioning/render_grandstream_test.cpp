#include <gmock/gmock.h>

#include <optional>
#include <set>
#include <string>

#include "rendered.hpp"

namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

TEST(Render, ConfiguresAGrandstreamByAliases) {
  const auto root = parsed(body(occupied_view(Vendor::grandstream)));
  EXPECT_EQ(root.child_text("mac"), "c074ad112233");
  const auto& c = *root.child("config");
  EXPECT_EQ(c.attribute("version"), "2");
  const auto item = [&](const char* name) { return c.child_text("item", "name", name); };
  EXPECT_EQ(item("account.1.sip.userid"), "101");
  EXPECT_EQ(item("account.1.sip.subscriber.userid"), "s-4f2a");
  EXPECT_EQ(item("account.1.sip.server.1.address"), "pbx.example.com");
  EXPECT_EQ(item("account.1.sip.outboundProxy.1.address"), "192.168.1.5:5060");
  EXPECT_EQ(item("account.1.sip.registerExpiration"), "1");  // minutes
  EXPECT_EQ(item("account.1.sip.subscribe.forMwi"), "Yes");
  EXPECT_EQ(item("account.1.call.callLog"), "Disable");
  EXPECT_EQ(item("account.4.sip.subscriber.password"), "");
  EXPECT_EQ(item("pks.vpk.1.keyMode"), "SpeedDial");
  EXPECT_EQ(item("pks.vpk.1.value"), "*77*5*");
  EXPECT_EQ(item("pks.vpk.2.keyMode"), "Line");
  EXPECT_EQ(item("pks.vpk.3.keyMode"), "BLF");
  EXPECT_EQ(item("pks.vpk.16.keyMode"), "None");
  EXPECT_EQ(item("pks.vpk.17.keyMode"), "(none)");
  EXPECT_EQ(item("provisioning.config.serverPath"), "192.168.1.5:5000/provision/TOKENtokenTOKENtoken");
  EXPECT_EQ(item("account.1.sip.subscriber.name"), "O'Brien <&\"> äöü");
  EXPECT_EQ(item("pks.vpk.1.account"), "0");
  EXPECT_EQ(item("dateTime.timezone"), "CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00");
}

TEST(Render, NamesAGrandstreamsTimeZoneOnlyWhereItsClockChangesAsTheListSays) {
  const auto zone = [](int minutes, std::optional<ClockChanges> changes) {
    auto view = idle_view(Vendor::grandstream);
    view.utc_offset_minutes = minutes;
    view.clock_changes = changes;
    const auto root = parsed(body(view));
    return std::pair{root.child("config")->child_text("item", "name", "dateTime.timezone"),
                     root.child("config")->child_text("item", "name", "dateTime.timezone.custom")};
  };
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(zone(0, ClockChanges{{3, 5, 7, 1}, {10, 5, 7, 2}, 60}).first,
            "GMT+0BST-1,M3.5.0/01:00:00,M10.5.0/02:00:00");
  EXPECT_EQ(zone(-300, ClockChanges{{3, 2, 7, 2}, {11, 1, 7, 2}, 60}).first, "EST5EDT");
  EXPECT_EQ(zone(-300, std::nullopt).first, "EST5");
  EXPECT_EQ(zone(330, std::nullopt), (Pair{"TZT-5:30", "MTZ-5:30"}));
  // Athens, whose rule isn't the same in all the vendor's lists; Sydney; Chatham; Newfoundland.
  EXPECT_EQ(zone(120, ClockChanges{{3, 5, 7, 3}, {10, 5, 7, 4}, 60}),
            (Pair{"customize", "MTZ-2MDT-3,M3.5.0/03:00:00,M10.5.0/04:00:00"}));
  EXPECT_EQ(zone(600, ClockChanges{{10, 1, 7, 2}, {4, 1, 7, 3}, 60}),
            (Pair{"customize", "MTZ-10MDT-11,M10.1.0/02:00:00,M4.1.0/03:00:00"}));
  EXPECT_EQ(zone(765, ClockChanges{{9, 5, 7, 2}, {4, 1, 7, 3}, 60}).second,
            "MTZ-12:45MDT-13:45,M9.5.0/02:00:00,M4.1.0/03:00:00");
  EXPECT_EQ(zone(-210, std::nullopt), (Pair{"customize", "MTZ+3:30"}));
}

TEST(Render, LeavesAGrandstreamNoCodecOfItsOwnChoice) {
  auto view = idle_view(Vendor::grandstream);
  view.codecs = {"g722", "g729"};
  const auto root = parsed(body(view));
  const auto choice = [&](int place) {
    return root.child("config")->child_text("item", "name", "account.1.codec.choice." + std::to_string(place));
  };
  EXPECT_EQ(choice(1), "G.722");
  for (int place = 2; place <= 8; ++place) EXPECT_EQ(choice(place), "G.729A/B") << place;

  // Opus isn't among a GXP16xx's codecs.
  view = idle_view(Vendor::grandstream, "GXP1625");
  view.codecs = {"opus", "g722"};
  EXPECT_EQ(parsed(body(view)).child("config")->child_text("P57"), "9");
  view.codecs = {"opus"};
  EXPECT_EQ(parsed(body(view)).child("config")->child_text("P57"), "8");
  view = idle_view(Vendor::grandstream, "GXP1780");
  view.codecs = {"opus"};
  EXPECT_EQ(parsed(body(view)).child("config")->child_text("P98"), "125");
}

// What isn't named stays, and then the person before is still there.
TEST(Render, ClearsEveryKeyAndAccountOfEachGrandstream) {
  for (const auto& model : provisioner().models().all()) {
    if (model.vendor != Vendor::grandstream) continue;
    const auto root = parsed(body(idle_view(Vendor::grandstream, model.name)));
    const auto& c = *root.child("config");
    std::set<std::string> names;
    for (const auto& e : c.children)
      EXPECT_TRUE(names.insert(e.name == "item" ? e.attribute("name") : e.name).second)
          << model.name << " twice: " << e.name << e.attribute("name");
    std::size_t keys = 0;
    const auto virtual_keys = model.keys - model.physical_keys;
    if (model.dialect.empty()) {
      for (std::size_t key = 1; key <= 200; ++key)
        for (const auto* kind : {"pks.vpk.", "pks.mpk."})
          keys += names.contains(kind + std::to_string(key) + ".keyMode") ? 1 : 0;
      EXPECT_EQ(names.contains("pks.vpk." + std::to_string(virtual_keys) + ".value"), virtual_keys > 0) << model.name;
      EXPECT_EQ(names.contains("pks.mpk." + std::to_string(model.physical_keys) + ".value"), model.physical_keys > 0);
      EXPECT_EQ(names.contains("pks.ext." + std::to_string(model.module_keys) + ".value"), model.module_keys > 0);
      for (std::size_t line = 2; line <= model.lines; ++line)
        EXPECT_EQ(c.child_text("item", "name", "account." + std::to_string(line) + ".enable"), "No") << model.name;
    } else {
      for (int p = 1363; p <= 1373; p += 2) keys += names.contains("P" + std::to_string(p)) ? 1 : 0;
      for (int p = 23800; p <= 23900; p += 4) keys += names.contains("P" + std::to_string(p)) ? 1 : 0;
      for (int p = 323; p <= 329; ++p) keys += names.contains("P" + std::to_string(p)) ? 1 : 0;
      keys += names.contains("P353") ? 1 : 0;
      for (std::size_t line = 2; line <= model.lines; ++line) {
        const auto first = 100 * (line <= 4 ? line + 2 : line <= 6 ? line + 12 : line + 499);
        EXPECT_EQ(c.child_text("P" + std::to_string(first + 1)), "0") << model.name << " account " << line;
      }
    }
    EXPECT_EQ(keys, model.keys) << model.name;
  }
}

// Names of parameters are spelled otherwise in these; numbers are the same in all.
TEST(Render, GivesGrandstreamsOfHotelsOfWiFiAndOfAndroidNumbers) {
  for (const auto* model : {"GHP621W", "WP826", "WP856", "GXV3480"}) {
    auto view = occupied_view(Vendor::grandstream, model);
    view.time_zone = "Europe/Berlin";
    const auto config = *parsed(body(view)).child("config");
    EXPECT_EQ(config.child_text("item"), "(none)") << model;
    EXPECT_EQ(config.child_text("P35"), "101") << model;
    EXPECT_EQ(config.child_text("P48"), "192.168.1.5:5060") << model;
    EXPECT_EQ(config.child_text("P1409"), "0") << model;
    EXPECT_EQ(config.child_text("P64"),
              view.model.dialect == "android" ? "Europe/Berlin" : "CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00");
    view = idle_view(Vendor::grandstream, model);
    view.time_zone = "Japan";
    EXPECT_EQ(parsed(body(view)).child("config")->child_text("P270"), "HD0001 *77*") << model;
    if (view.model.dialect == "android") {
      EXPECT_EQ(parsed(body(view)).child("config")->child_text("P64"), "auto");
    }
  }
}

TEST(Render, NumbersAGrandstreamsKeysAsItsOwnTemplatesDo) {
  auto view = occupied_view(Vendor::grandstream, "GXP1780");
  view.keys.assign(40, {KeyType::blf, "102", "Bob"});
  auto root = parsed(body(view));
  auto p = [&](const char* name) { return root.child("config")->child_text(name); };
  EXPECT_EQ(p("P1363"), "10");  // Log out
  EXPECT_EQ(p("P1466"), "*77*5*");
  EXPECT_EQ(p("P1365"), "0");  // line
  EXPECT_EQ(p("P1373"), "11");
  EXPECT_EQ(p("P1476"), "102");
  EXPECT_EQ(p("P23800"), "11");   // the seventh
  EXPECT_EQ(p("P23903"), "102");  // the last one's number
  EXPECT_EQ(p("P23904"), "(none)");
  // From the ninth on they are dynamic, and counted otherwise: 0 speed dial, 1 BLF, -1 none; none is a line.
  view.keys.assign(6, {KeyType::blf, "102", "Bob"});
  view.keys.insert(view.keys.end(),
                   {{KeyType::speed_dial, "0049", ""}, {KeyType::line, "", ""}, {KeyType::blf, "103", ""}});
  root = parsed(body(view));
  EXPECT_EQ(p("P23804"), "11");  // the eighth
  EXPECT_EQ(p("P23808"), "0");
  EXPECT_EQ(p("P23811"), "0049");
  EXPECT_EQ(p("P23812"), "-1");
  EXPECT_EQ(p("P23816"), "1");
  EXPECT_EQ(p("P23820"), "-1");
  EXPECT_EQ(lay_out_keys(view).not_shown.size(), 1u);
  view = occupied_view(Vendor::grandstream, "GXP1760");
  view.keys.assign(10, {KeyType::blf, "102", "Bob"});
  root = parsed(body(view));
  EXPECT_EQ(p("P1373"), "11") << "the sixth";
  EXPECT_EQ(p("P23800"), "1") << "it has six fixed ones";

  view = occupied_view(Vendor::grandstream, "GXP1630");
  view.keys.assign(40, {KeyType::blf, "102", "Bob"});
  root = parsed(body(view));
  EXPECT_EQ(p("P1367"), "10");  // a line key without lamp dials
  EXPECT_EQ(p("P323"), "1");
  EXPECT_EQ(p("P303"), "102");
  EXPECT_EQ(p("P321"), "102");
  EXPECT_EQ(p("P353"), "1");
  EXPECT_EQ(p("P356"), "102");
}

}  // namespace
}  // namespace roamdesk::provisioning
