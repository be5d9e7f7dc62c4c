#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "sbc/remote/kept_settings.hpp"
#include "sbc/remote/whole_file.hpp"

// What the console wishes, over what stands in sbc.yaml.
namespace roamdesk::sbc {
namespace {

struct SbcSettings : testing::Test {
  std::filesystem::path dir = std::filesystem::temp_directory_path() / ("roamdesk_kept_" + std::to_string(getpid()));
  std::filesystem::path kept = dir / "console-settings";
  KeptSettings::Values own{.log = {log::Level::warning, log::Format::json}, .sip_dscp = 0, .rtp_dscp = 46};
  std::vector<KeptSettings::Values> applied;
  KeptSettings settings = made();

  SbcSettings() {
    log::set_sink([](std::string_view) {});
    std::filesystem::create_directories(dir);
    settings.begin();
  }
  ~SbcSettings() override {
    log::set_sink(nullptr);
    std::filesystem::remove_all(dir);
  }
  KeptSettings made() {
    return {kept, own, [this](const auto& values) { applied.push_back(values); }};
  }
  static tunnel::SettingsOrder order(std::uint8_t level, std::uint8_t sip, std::uint8_t rtp) {
    tunnel::SettingsOrder wished;
    wished.log_level = level;
    wished.sip_dscp = sip;
    wished.rtp_dscp = rtp;
    return wished;
  }
};
constexpr auto unset = tunnel::as_its_file;

TEST_F(SbcSettings, AreThoseOfTheFileUntilTheConsoleSaysSomething) {
  ASSERT_EQ(applied.size(), 1u);
  EXPECT_EQ(applied.back(), own);
  EXPECT_EQ(settings.log_level_text(), "warning");
  EXPECT_EQ(settings.handle(order(unset, unset, unset)).rtp_dscp, 46);
  EXPECT_EQ(applied.size(), 1u) << "nothing has changed";
  EXPECT_FALSE(std::filesystem::exists(kept));
}

TEST_F(SbcSettings, TakeTheConsolesWordOverTheFilesAtOnceAndSayBoth) {
  const auto news = settings.handle(order(0, 24, unset));
  EXPECT_EQ(news.log_level, 0);
  EXPECT_EQ(news.sip_dscp, 24);
  EXPECT_EQ(news.rtp_dscp, 46);
  EXPECT_EQ(news.why, "");
  ASSERT_EQ(applied.size(), 2u);
  EXPECT_EQ(applied.back().log.level, log::Level::debug);
  EXPECT_EQ(applied.back().log.format, log::Format::json) << "the console says nothing of it";
  EXPECT_EQ(settings.log_level_text(), "debug (the console; sbc.yaml says warning)");
  EXPECT_EQ(settings.sip_dscp_text(), "24 (the console; sbc.yaml says 0)");
  EXPECT_EQ(settings.rtp_dscp_text(), "46");
}

TEST_F(SbcSettings, AreKeptOverARestartAndGoBackWhenTheConsoleTakesThemBack) {
  settings.handle(order(0, 24, 40));
  KeptSettings next = made();
  next.begin();
  EXPECT_EQ(next.values().sip_dscp, 24);
  EXPECT_EQ(applied.back().log.level, log::Level::debug);
  next.handle(order(unset, unset, unset));
  EXPECT_EQ(next.values(), own);
  EXPECT_FALSE(std::filesystem::exists(kept));
}

TEST_F(SbcSettings, FollowTheFileWhereTheConsoleSaysNothing) {
  settings.handle(order(unset, 24, unset));
  auto edited = own;
  edited.rtp_dscp = 34;
  edited.sip_dscp = 8;
  settings.use(edited);
  EXPECT_EQ(settings.values().rtp_dscp, 34);
  EXPECT_EQ(settings.values().sip_dscp, 24);
}

TEST_F(SbcSettings, RefuseWhatCannotBeWhole) {
  for (const auto& wrong : {order(4, 24, 46), order(0, 64, 46), order(0, 24, 254)}) {
    EXPECT_NE(settings.handle(wrong).why, "");
    EXPECT_EQ(settings.values(), own);
  }
  EXPECT_EQ(applied.size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(kept));
}

TEST_F(SbcSettings, HoldUntilTheRestartAndSaySoWhereTheyCannotBeKept) {
  std::filesystem::remove_all(dir);
  EXPECT_NE(settings.handle(order(0, unset, unset)).why.find("until the SBC restarts"), std::string::npos);
  EXPECT_EQ(applied.back().log.level, log::Level::debug);
}

TEST_F(SbcSettings, WorkByTheirOwnFileWhereWhatIsKeptIsSpoilt) {
  for (const char* junk : {"log_level loud\n", "sip_dscp 64\n", "sip_dscp 24", "core evil:5090\n", "\n",
                           "rtp_dscp  4\n", "rtp_dscp -1\n", "sip_dscp 24\nenrolment_key x\n"}) {
    std::ofstream{kept} << junk;
    KeptSettings spoilt = made();
    spoilt.begin();
    EXPECT_EQ(spoilt.values(), own) << junk;
  }
  std::ofstream{kept} << std::string(1 << 20, 'x');
  settings.begin();
  EXPECT_EQ(settings.values(), own);
}

// On a disk that loses whatever it wasn't made to keep: a file that wasn't brought to it is empty, whatever its name.
TEST_F(SbcSettings, AreTheOldOnesOrTheNewOnesWhereverThePowerIsCut) {
  struct PowerCut {};
  constexpr std::string_view next = "sip_dscp 40\n";
  for (const auto cut : {WriteStep::drafted, WriteStep::on_the_disk, WriteStep::named}) {
    settings.handle(order(unset, 24, unset));
    bool synced = false;
    EXPECT_THROW(write_whole(kept, next,
                             [&](WriteStep step) {
                               synced = synced || step == WriteStep::on_the_disk;
                               if (step == cut) throw PowerCut{};
                             }),
                 PowerCut);
    for (const auto& entry : std::filesystem::directory_iterator(dir)) {
      const bool is_new = entry.path() != kept || cut == WriteStep::named;
      if (is_new && !synced) std::filesystem::resize_file(entry.path(), 0);
    }
    KeptSettings after = made();
    after.begin();
    EXPECT_EQ(after.values().sip_dscp, cut == WriteStep::named ? 40 : 24);
    // What the cut has left is in nobody's way.
    after.handle(order(unset, 8, unset));
    settings.begin();
    EXPECT_EQ(settings.values().sip_dscp, 8);
  }
}

}  // namespace
}  // namespace roamdesk::sbc
