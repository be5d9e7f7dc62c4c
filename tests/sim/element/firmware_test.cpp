#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "exchange/firmware/waves.hpp"
#include "tests/sim/element/simulation.hpp"

// Firmware for phones: one, ten per cent, the rest; by night; and whoever asks for it without being in turn.
namespace roamdesk::sim {
namespace {
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* version = "124.86.0.75";
constexpr const char* file = "T33G-124.86.0.75.rom";

class FirmwareRounds : public testing::Test {
 protected:
  FirmwareRounds() {
    for (const auto* number : {"101", "102"}) sim.add_extension(number);
  }
  void have_desks(unsigned count, Habits habits = {}) {
    for (unsigned i = 1; i <= count; ++i) desks.push_back(&sim.add_desk(i, i % 2 ? branch() : local_site(), habits));
  }
  void put_in() {
    sim.change(Put<FirmwareFile>{{.sha256 = std::string(64, 'a'),
                                  .name = file,
                                  .vendor = phones::Vendor::yealink,
                                  .version = version,
                                  .models = {"T33G"},
                                  .bytes = 1000}});
  }
  void pin(const std::string& from = "20:00", const std::string& until = "05:00") {
    pinned.from = from;
    pinned.until = until;
    sim.change(Put<FirmwarePin>{pinned});
  }
  firmware::Progress progress() const { return *sim.element().firmware().progress(pinned.model); }
  std::size_t with_version() const {
    return static_cast<std::size_t>(
        std::count_if(desks.begin(), desks.end(), [](const DeskPhone* one) { return one->firmware == version; }));
  }
  std::size_t offered() const {
    return static_cast<std::size_t>(
        std::count_if(desks.begin(), desks.end(), [](const DeskPhone* one) { return !one->offered().empty(); }));
  }
  // Of exactly this URL.
  int fetch(const DeskPhone& phone, const std::string& url) {
    int status = -1;
    sim.fetch(phone, url, [&](int answer, const std::string&) { status = answer; });
    sim.run_until([&] { return status != -1; }, 10s);
    return status;
  }
  bool all_done() const { return progress().wave == firmware::Wave::done; }

  Simulation sim;
  std::vector<DeskPhone*> desks;
  FirmwarePin pinned{.model = "yealink:T33G", .version = version};
};

TEST_F(FirmwareRounds, BringOnePhoneThenTenPerCentThenTheRest) {
  have_desks(12);
  put_in();
  pin("00:00", "00:00");
  ASSERT_TRUE(sim.run_until([&] { return offered() > 0; }, 1min));
  sim.run_for(1min);
  EXPECT_EQ(offered(), 1u);
  ASSERT_TRUE(sim.run_until([&] { return with_version() == 1; }, 10min));
  ASSERT_TRUE(sim.run_until([&] { return with_version() == 3; }, 20min)) << "ten per cent of twelve are two";
  EXPECT_LE(offered(), 3u);
  ASSERT_TRUE(sim.run_until([&] { return all_done(); }, 1h));
  for (const auto* desk : desks) {
    EXPECT_EQ(desk->firmware_fetches, 1u);
    EXPECT_EQ(sim.phone_record(*desk).firmware, version);
  }
  sim.run_for(1min);  // the next look
  EXPECT_THAT(sim.directory().all<FirmwareTurn>(), IsEmpty());
  sim.run_for(3h);
  EXPECT_EQ(offered(), 0u) << "a phone that has it is told of none";
}

// The branch is in Berlin, the core in Nicosia.
TEST_F(FirmwareRounds, ComeAtNightWhereThePhoneStands) {
  have_desks(2);
  put_in();
  pin("20:00", "05:00");
  sim.run_to(Simulation::date(2026, 11, 23, 17, 58));  // 18:58 there, 19:58 here
  EXPECT_EQ(offered(), 0u);
  EXPECT_EQ(progress().outside_window, 2u);
  sim.run_to(Simulation::date(2026, 11, 23, 18, 40));
  EXPECT_EQ(desks[1]->firmware, version) << "it is evening in Nicosia";
  EXPECT_TRUE(desks[0]->offered().empty()) << "and not yet in Berlin";
  sim.run_to(Simulation::date(2026, 11, 23, 19, 40));
  EXPECT_EQ(desks[0]->firmware, version);
}

TEST_F(FirmwareRounds, WaitForTheEndOfACall) {
  have_desks(2);
  sim.log_in(*desks[0], "101");
  sim.log_in(*desks[1], "102");
  sim.run_for(1min);
  const auto call = desks[0]->dial("102");
  ASSERT_TRUE(sim.run_until([&] { return desks[0]->call(call) && desks[0]->call(call)->up; }, 20s));
  put_in();
  pinned.also_in_use = true;
  pin("00:00", "00:00");
  sim.run_for(30min);
  EXPECT_EQ(offered(), 0u);
  EXPECT_EQ(progress().in_call, 2u);
  EXPECT_EQ(fetch(*desks[0], desks[0]->url() + file), 404);
  desks[0]->hang_up();
  EXPECT_TRUE(sim.run_until([&] { return all_done(); }, 30min));
}

TEST_F(FirmwareRounds, LeaveADeskInItsPersonsDayAlone) {
  have_desks(1);
  sim.log_in(*desks[0], "101");
  put_in();
  pin("00:00", "00:00");
  sim.run_for(11h);
  EXPECT_EQ(offered(), 0u);
  EXPECT_EQ(progress().in_use, 1u);
  EXPECT_TRUE(sim.run_until([&] { return all_done(); }, 2h)) << "the next morning is another day";
  EXPECT_EQ(sim.who_is_at(*desks[0]), "101");
}

TEST_F(FirmwareRounds, StopAtAPhoneThatDoesntTakeItAndSaySo) {
  have_desks(4, {.takes_firmware = false});
  put_in();
  pin("00:00", "00:00");
  sim.run_for(8h);
  EXPECT_TRUE(progress().stopped);
  ASSERT_THAT(progress().failed, SizeIs(1));
  EXPECT_EQ(sim.audits("firmware.not_taken"), 1u);
  EXPECT_EQ(sim.audits("firmware.offered"), firmware::most_tries);
  bool said = false;
  for (const auto& trouble : sim.troubles) said |= trouble.find("firmware.not_taken") != std::string::npos;
  EXPECT_TRUE(said);
  for (auto* desk : desks) desk->habits.takes_firmware = true;
  sim.change(Delete<FirmwareTurn>{progress().failed[0].text()});
  EXPECT_TRUE(sim.run_until([&] { return all_done(); }, 3h));
}

TEST_F(FirmwareRounds, GiveTheFileToThePhoneInItsTurnAlone) {
  have_desks(3);
  const auto& other = *desks[2];
  put_in();
  for (const auto* desk : desks) EXPECT_EQ(fetch(*desk, desk->url() + file), 404) << "nothing is pinned";
  for (auto* desk : desks) desk->habits.takes_firmware = false;
  pin("00:00", "00:00");
  ASSERT_TRUE(sim.run_until([&] { return offered() == 1; }, 1min));
  const DeskPhone* its = nullptr;
  for (const auto* desk : desks)
    if (!desk->offered().empty()) its = desk;
  EXPECT_EQ(fetch(*its, its->url() + file), 200);
  EXPECT_EQ(fetch(*its, its->url() + "t33g-124.86.0.75.ROM"), 200) << "some ask in capitals";
  for (const auto* name : {"T33G-124.86.0.74.rom", "..%2fstore.sqlite", "%2e%2e/store.sqlite", "store.sqlite",
                           "T33G-124.86.0.75.rom%00", "x/T33G-124.86.0.75.rom"})
    EXPECT_EQ(fetch(*its, its->url() + name), 404) << name;
  for (const auto* desk : desks)
    if (desk != its) {
      EXPECT_EQ(fetch(*desk, desk->url() + file), 404) << "it isn't its turn";
    }
  EXPECT_EQ(sim.fetch_from("192.168.1.66", *its, its->url() + file), 404) << "a stranger with its URL";
  EXPECT_EQ(sim.fetch_from("192.168.1.66", *its, its->url() + file, other.agent()), 404);
  const auto by_mac = its->url().substr(0, its->url().find("/provision/") + 11);
  EXPECT_EQ(fetch(*its, by_mac + file), 404) << "without a token";
  for (const auto* desk : desks)
    if (desk != its && desk->site() != its->site()) {
      EXPECT_EQ(fetch(*desk, its->url() + file), 404) << "its URL, at another site";
    }
  // Its turn goes, and the right with it.
  sim.change(Delete<FirmwarePin>{pinned.model});
  EXPECT_EQ(fetch(*its, its->url() + file), 404);
}

TEST_F(FirmwareRounds, GoOnAfterARestart) {
  have_desks(3);
  put_in();
  pin("00:00", "00:00");
  ASSERT_TRUE(sim.run_until([&] { return with_version() == 1; }, 10min));
  sim.stop_core();
  sim.run_for(1min);
  sim.restart_core();
  // It came back with its new version while nobody listened, and says so at its next REGISTER, within an hour.
  EXPECT_TRUE(sim.run_until([&] { return all_done(); }, 2h));
  for (const auto* desk : desks) EXPECT_EQ(desk->firmware_fetches, 1u);
}

}  // namespace
}  // namespace roamdesk::sim
