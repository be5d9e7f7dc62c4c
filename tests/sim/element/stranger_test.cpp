#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/sim/element/simulation.hpp"

// A stranger on the phones' own network who knows a phone's MAC, its URL of today or of yesterday, and how it speaks.
namespace roamdesk::sim {
namespace {

const std::string stranger = "192.168.1.66", second_stranger = "192.168.1.67";

class Stranger : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    for (const auto* number : {"101", "102", "103"}) sim.add_extension(number);
  }
  // By turns at the core's own network and at a branch.
  SiteId site() const { return GetParam() ? branch() : local_site(); }
  std::string by_mac() const {
    return "http://" + std::string{GetParam() ? "192.168.1.5" : "10.0.0.1"} + ":5000/provision/";
  }
  DeskPhone& occupied_desk() {
    auto& phone = sim.add_desk(1, site());
    sim.log_in_by_code(phone, "101");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 30s));
    return phone;
  }
  DeskPhone& own_phone(const std::string& number) {
    auto& phone = sim.add_phone(7, site());
    phone.power_on();
    sim.run_for(30s);
    EXPECT_EQ(sim.assign(phone, number).outcome, api::Outcome::ok);
    EXPECT_TRUE(sim.run_until([&] { return phone.registered() && phone.shows() == number; }, 60s));
    return phone;
  }
  std::size_t told() const {
    return static_cast<std::size_t>(std::count_if(sim.to_strangers.begin(), sim.to_strangers.end(),
                                                  [](const auto& text) { return text.starts_with("NOTIFY "); }));
  }
  bool reported(const std::string& why) const {
    return std::any_of(sim.troubles.begin(), sim.troubles.end(),
                       [&](const auto& trouble) { return trouble.starts_with("provisioning.suspicious " + why); });
  }
  std::string address_of(const DeskPhone& phone) const { return sim.phone_record(phone).ip; }
  Simulation sim;
};
INSTANTIATE_TEST_SUITE_P(AtBothPlaces, Stranger, testing::Bool(),
                         [](const auto& at) { return std::string{at.param ? "Branch" : "Core"}; });

TEST_P(Stranger, WithThePhonesUrlOfTodayOrYesterdayGetsNothingWhileItIsThere) {
  auto& phone = sim.add_desk(1, site());
  std::vector<std::string> urls{phone.url()};
  for (const auto* number : {"101", "102", "103"}) {
    sim.log_in(phone, number);
    ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, number); }, 60s));
    urls.push_back(phone.url());
    for (const auto& url : urls) EXPECT_EQ(sim.fetch_from(stranger, phone, url), 404) << number;
  }
  EXPECT_EQ(std::set<std::string>(urls.begin(), urls.end()).size(), urls.size()) << "each log-in draws a new one";
  EXPECT_TRUE(reported("foreign_address"));
  EXPECT_GE(sim.audits("provisioning.suspicious"), 1u);
  EXPECT_EQ(address_of(phone), to_string(phone.own().address));
  EXPECT_TRUE(sim.is_at_desk(phone, "103"));
}

// Also in a window, which is open to every address at first.
TEST_P(Stranger, MakesNoOtherMakersPhoneOfOneByWhatItSaysOfItself) {
  auto& phone = own_phone("101");
  const auto before = sim.phone_record(phone);
  const auto mac = phone.mac().text();
  const std::vector<std::string> agents{"Cisco-CP-8865-3PCC/12.0.3_" + mac, "PolyEdge-Edge_E350-UA/8.3.1.0614_" + mac,
                                        "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 " + mac + ")",
                                        "Fanvil X7C 2.12.1 " + mac, "Htek UC926 2.0.4.2 " + mac};
  for (const bool in_window : {false, true}) {
    for (const auto& agent : agents) {
      if (in_window) {
        phone.power_off();
        sim.run_for(10min);
        EXPECT_EQ(sim.provision(phone).outcome, api::Outcome::ok);
      }
      sim.fetch_from(stranger, phone, by_mac(), agent);
      sim.fetch_from(stranger, phone, phone.url(), agent);
      sim.fetch_from(stranger, phone, by_mac() + "8841-3PCC.xml", agent);
      const auto after = sim.phone_record(phone);
      EXPECT_EQ(after.vendor, before.vendor) << agent;
      EXPECT_EQ(after.model, before.model) << agent;
      EXPECT_EQ(after.firmware, before.firmware) << agent;
      EXPECT_EQ(after.assigned_to, before.assigned_to) << agent;
    }
  }
}

TEST_P(Stranger, CountsNotAsThePhoneThatWasToldToFetch) {
  auto& phone = occupied_desk();
  phone.habits.fetch_works = phone.habits.heeds_reboot = false;
  const auto url = phone.url();
  sim.log_out(phone);
  for (int i = 0; i < 30; ++i) {
    sim.fetch_from(stranger, phone, url);
    sim.run_for(1s);
  }
  EXPECT_FALSE(sim.desk(phone).settled);
  phone.habits = Habits{};
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 65min));
}

TEST_P(Stranger, GetsNothingWhileThePhoneIsOffWhoeverIsLoggedInThere) {
  auto& phone = occupied_desk();
  const auto url = phone.url();
  phone.power_off();
  sim.run_for(10min);
  EXPECT_EQ(sim.fetch_from(stranger, phone, url), 404);
  sim.log_out(phone);
  EXPECT_EQ(sim.fetch_from(stranger, phone, url), 404);
  sim.log_in(phone, "102");
  sim.restart_core();
  EXPECT_EQ(sim.fetch_from(stranger, phone, url), 404);
  phone.power_on();
  EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "102"); }, 60s));
}

// It registers with what it has, and fetches then.
TEST_P(Stranger, IsNotWhatAPhoneIsThatBootsAtANewAddress) {
  for (const bool fetches : {true, false}) {
    for (const std::string now_there : {"101", "102", ""}) {
      SCOPED_TRACE("then there: '" + now_there + "', fetches at boot: " + (fetches ? "yes" : "no"));
      Simulation other;
      for (const auto* number : {"101", "102"}) other.add_extension(number);
      auto& phone = other.add_desk(1, site());
      other.log_in(phone, "101");
      ASSERT_TRUE(other.run_until([&] { return other.is_at_desk(phone, "101"); }, 60s));
      phone.habits.fetches_at_boot = fetches;
      phone.power_off();
      other.run_for(1min);
      if (now_there != "101") other.log_out(phone);
      if (now_there == "102") other.log_in(phone, "102");
      other.run_for(9min);
      other.move(phone, "192.168.1.200");
      phone.power_on();
      const auto took = other.run_until(
          [&] { return now_there.empty() ? other.is_idle_desk(phone) : other.is_at_desk(phone, now_there); }, 120s);
      ASSERT_TRUE(took);
      EXPECT_LE(*took, 60s);
      EXPECT_EQ(other.phone_record(phone).ip, "192.168.1.200");
      EXPECT_EQ(other.fetch_from("192.168.1.101", phone, phone.url()), 404) << "where it was before";
    }
  }
}

TEST_P(Stranger, GetsNothingOfAPersonsOwnPhoneByItsMac) {
  auto& phone = own_phone("102");
  for (const auto after : {0min, 2min, 12min, 600min}) {
    sim.run_for(after);
    for (const bool off : {false, true}) {
      off ? phone.power_off() : phone.power_on();
      sim.run_for(off ? 400s : 60s);
      for (const bool by_unicast : {true, false}) sim.ask_from(stranger, phone, by_unicast);
      EXPECT_EQ(told(), 0u) << after.count() << " min, off: " << off;
      EXPECT_EQ(sim.fetch_from(stranger, phone, by_mac()), 404);
      EXPECT_EQ(sim.fetch_from(stranger, phone, phone.url()), 404);
    }
  }
  EXPECT_TRUE(reported("plug_and_play"));
  EXPECT_GE(sim.audits("provisioning.suspicious"), 2u);
  EXPECT_EQ(sim.audits("phone.reset"), 0u);
  phone.power_on();
  EXPECT_TRUE(sim.run_until([&] { return phone.registered(); }, 60s));
  EXPECT_EQ(phone.shows(), "102");
}

// It was reset, too: that is what the window is for.
TEST_P(Stranger, IsNotAPersonsOwnPhoneThatIsProvisionedAgain) {
  auto& phone = own_phone("102");
  phone.power_off();
  phone.forget_configuration();
  sim.run_for(15min);
  phone.power_on();
  sim.run_for(5min);
  EXPECT_EQ(phone.shows(), "") << "nobody has asked for it yet";
  sim.provision(phone);
  EXPECT_TRUE(sim.run_until([&] { return phone.registered() && phone.shows() == "102"; }, 60s));
}

TEST_P(Stranger, WhoComesSecondInAWindowGetsNothing) {
  for (const bool restarts : {false, true}) {
    auto& phone = sim.add_phone(restarts ? 3 : 2, site());
    sim.define_desk(phone);
    sim.assign(phone);
    EXPECT_EQ(sim.fetch(phone, by_mac()), 200);
    if (restarts) sim.restart_core();
    EXPECT_EQ(sim.fetch_from(stranger, phone, by_mac()), 404);
    sim.ask_from(stranger, phone);
    EXPECT_EQ(told(), 0u);
    EXPECT_EQ(sim.fetch(phone, by_mac()), 200) << "the first one still does";
    sim.provision(phone);
    EXPECT_EQ(sim.fetch_from(second_stranger, phone, by_mac()), 200) << "a new window is for whoever is first";
    EXPECT_EQ(sim.fetch(phone, by_mac()), 404);
  }
}

// Two at once, before the store has said of either that it was served.
TEST_P(Stranger, WhoIsSecondByAMillisecondGetsNothing) {
  auto& phone = sim.add_phone(2, site());
  sim.define_desk(phone);
  sim.assign(phone);
  const auto ask = [&](const std::string& ip) {
    door::HttpRequest request;
    request.site = site();
    request.peer = {*parse_ipv4(ip), 40000};
    request.path = "/provision/" + phone.mac().text() + ".cfg";
    return sim.element().handle_http(request, sim.now()).status;
  };
  EXPECT_EQ(ask("192.168.1.102"), 200);
  EXPECT_EQ(ask(stranger), 404);
}

TEST_P(Stranger, WhoAsksByUnicastResetsNoDesk) {
  auto& phone = occupied_desk();
  phone.power_off();
  sim.run_for(15min);
  sim.ask_from(stranger, phone, true);
  EXPECT_EQ(told(), 0u);
  EXPECT_EQ(sim.who_is_at(phone), "101");
  EXPECT_TRUE(reported("plug_and_play"));
}

TEST_P(Stranger, WhoResetsADeskOpensItsWindowForThatAddressOnly) {
  auto& phone = sim.add_desk(1, site());
  phone.power_off();
  phone.forget_configuration();
  sim.run_for(15min);
  phone.power_on();
  ASSERT_TRUE(sim.run_until([&] { return !phone.url().empty(); }, 60s));
  EXPECT_EQ(sim.fetch_from(stranger, phone, phone.url()), 404);
  EXPECT_EQ(sim.fetch_from(stranger, phone, by_mac()), 404);
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 60s));
}

TEST_P(Stranger, WhoAnnouncesAPhonesMacBeforeAssignMakesAConflict) {
  auto& phone = sim.add_phone(2, site());
  sim.define_desk(phone);
  phone.power_on();
  sim.run_for(30s);
  EXPECT_FALSE(sim.phone_record(phone).conflict());
  sim.ask_from(stranger, phone);
  EXPECT_TRUE(sim.phone_record(phone).conflict());
  EXPECT_EQ(address_of(phone), to_string(phone.own().address)) << "the first stays";
  const auto asked = sim.assign(phone);
  EXPECT_EQ(asked.outcome, api::Outcome::clash);
  for (const auto& address : {stranger, to_string(phone.own().address)})
    EXPECT_NE(asked.message.find(address), std::string::npos) << asked.message;
  EXPECT_EQ(sim.assign(phone, std::nullopt, second_stranger).outcome, api::Outcome::clash) << "who never announced it";
  EXPECT_EQ(told(), 0u);
  EXPECT_EQ(sim.assign(phone, std::nullopt, to_string(phone.own().address)).outcome, api::Outcome::ok);
  EXPECT_EQ(sim.fetch_from(stranger, phone, by_mac()), 404) << "the window is for the one that was named";
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 60s));
  EXPECT_EQ(told(), 0u);
  EXPECT_FALSE(sim.phone_record(phone).conflict());
}

TEST_P(Stranger, WhoIsNamedAtAssignIsTheOneThatIsTold) {
  auto& phone = sim.add_phone(2, site());
  sim.ask_from(stranger, phone);
  sim.define_desk(phone);
  phone.power_on();
  sim.run_for(30s);
  EXPECT_EQ(address_of(phone), stranger);
  EXPECT_EQ(sim.assign(phone, std::nullopt, to_string(phone.own().address)).outcome, api::Outcome::ok);
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 60s));
  EXPECT_EQ(told(), 0u);
}

TEST_P(Stranger, WhoFloodsWithMacsLeavesRoomForNewPhones) {
  auto& phone = sim.add_phone(2, site());
  const SiteId elsewhere = GetParam() ? local_site() : branch();
  auto& far = sim.add_phone(3, elsewhere);
  door::HttpRequest request;
  request.site = site();
  request.peer = {*parse_ipv4(stranger), 40000};
  const auto audits = sim.audits("provisioning.suspicious");
  for (unsigned i = 0; i < 10'000; ++i) {
    char name[40];
    std::snprintf(name, sizeof name, "/provision/805ec1%06x.cfg", i);
    request.path = name;
    EXPECT_EQ(sim.element().handle_http(request, sim.now()).status, 404);
  }
  EXPECT_LE(sim.console().phones().size(), 64u);
  for (auto* new_one : {&phone, &far}) new_one->power_on();
  sim.run_for(30s);
  for (auto* new_one : {&phone, &far}) EXPECT_TRUE(sim.console().phone(new_one->mac())) << "shown as new";
  EXPECT_EQ(sim.audits("provisioning.suspicious"), audits);
  sim.restart_core();
  EXPECT_TRUE(sim.console().phones().empty()) << "in memory only";
}

TEST_P(Stranger, WhoGuessesUrlsFillsNeitherLogNorAudit) {
  auto& phone = occupied_desk();
  const auto before = sim.troubles.size();
  for (unsigned i = 0; i < 1'000; ++i) {
    sim.fetch_from(stranger, phone, by_mac() + std::to_string(i) + "/");
    sim.fetch_from(stranger, phone, phone.url());
    sim.fetch_from(stranger, phone, by_mac());
  }
  const auto minutes = 3u;  // 50 ms for each, and the minute in which it begins
  EXPECT_LE(sim.troubles.size() - before, minutes * 9);
  EXPECT_LE(sim.audits("provisioning.suspicious"), minutes * 8);
}

}  // namespace
}  // namespace roamdesk::sim
