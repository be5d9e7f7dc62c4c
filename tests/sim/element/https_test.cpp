#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/sim/element/simulation.hpp"

// Phones on their way from HTTP to HTTPS, and strangers who would have their files in the clear.
namespace roamdesk::sim {
namespace {

class Https : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    for (const auto* number : {"101", "102"}) sim.add_extension(number);
  }
  // By turns at the core's own network and at a branch.
  SiteId site() const { return GetParam() ? branch() : local_site(); }
  std::string by_mac() const {
    return "http://" + std::string{GetParam() ? "192.168.1.5" : "10.0.0.1"} + ":5000/provision/";
  }
  void set(ProvisioningScheme scheme) {
    EXPECT_EQ(sim.change_settings([&](auto& settings) { settings.provisioning = scheme; }).outcome, api::Outcome::ok);
  }
  HttpsState state(const DeskPhone& phone) const { return sim.phone_record(phone).https.value_or(HttpsState::off); }
  void reboot(DeskPhone& phone) {
    phone.reboot();
    sim.run_for(2min);
  }
  // By restarts: the first brings it the certificate, the second lets it show that it trusts it, the third brings it
  // the new URL, by which it comes at the fourth.
  void settle(DeskPhone& phone) {
    for (int i = 0; i < 5 && state(phone) != HttpsState::settled; ++i) reboot(phone);
    ASSERT_EQ(state(phone), HttpsState::settled);
    ASSERT_TRUE(phone.url().starts_with("https://"));
  }
  static std::string in_clear(std::string url) {
    url.erase(4, 1);
    if (const auto port = url.find(":5001"); port != std::string::npos) url.replace(port, 5, ":5000");
    return url;
  }
  bool reported(const std::string& why) const {
    return std::any_of(sim.troubles.begin(), sim.troubles.end(),
                       [&](const auto& trouble) { return trouble.starts_with("provisioning.suspicious " + why); });
  }
  Simulation sim;
};
INSTANTIATE_TEST_SUITE_P(AtBothPlaces, Https, testing::Bool(),
                         [](const auto& at) { return std::string{at.param ? "Branch" : "Core"}; });

TEST_P(Https, IsReachedStepByStepAndNoPhoneIsThrownOut) {
  auto& first = sim.add_desk(1, site());
  auto& second = sim.add_desk(2, site());
  sim.log_in_by_code(first, "101");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(first, "101"); }, 60s));
  EXPECT_EQ(state(first), HttpsState::off);
  set(ProvisioningScheme::https);
  EXPECT_EQ(state(first), HttpsState::waiting);
  sim.run_for(61min);
  EXPECT_EQ(state(first), HttpsState::trying) << "its hourly fetch has brought it the certificate";
  sim.run_for(3h);
  for (auto* phone : {&first, &second}) {
    EXPECT_TRUE(phone->registered());
    EXPECT_EQ(state(*phone), HttpsState::trying) << "it shows that it trusts when it registers anew";
  }
  sim.log_out(first);
  sim.run_for(1min);
  EXPECT_EQ(state(first), HttpsState::ready);
  sim.run_for(130min);
  EXPECT_EQ(state(first), HttpsState::settled);
  EXPECT_EQ(state(second), HttpsState::trying) << "each by itself";
  sim.log_in_by_code(first, "102");
  EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(first, "102"); }, 60s));
  settle(second);
  EXPECT_TRUE(sim.is_idle_desk(second));
}

TEST_P(Https, OfASettledPhoneIsNotTalkedDownToHttp) {
  auto& phone = sim.add_desk(1, site());
  set(ProvisioningScheme::https);
  std::vector<std::string> urls{in_clear("https" + phone.url().substr(4))};
  settle(phone);
  sim.log_in_by_code(phone, "101");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
  urls.push_back(in_clear(phone.url()));
  const auto own = to_string(phone.own().address);
  for (const bool off : {false, true}) {
    if (off) {
      phone.power_off();
      sim.run_for(10min);
    }
    // Also who has taken the phone's own address.
    for (const auto& from : {own, std::string{"192.168.1.66"}})
      for (const auto& url : urls) {
        EXPECT_EQ(sim.fetch_from(from, phone, url), 404) << from << ", off: " << off;
        EXPECT_EQ(sim.fetch_from(from, phone, url + "ca.pem"), 404);
        EXPECT_EQ(sim.fetch_from(from, phone, by_mac()), 404);
      }
    EXPECT_EQ(state(phone), HttpsState::settled);
  }
  EXPECT_TRUE(reported("in_the_clear"));
  EXPECT_GE(sim.audits("provisioning.suspicious"), 1u);
  sim.restart_core();
  EXPECT_EQ(sim.fetch_from(own, phone, urls.back()), 404) << "a restart forgets nothing";
  phone.power_on();
  EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 120s));
  EXPECT_EQ(sim.fetch_from("192.168.1.66", phone, phone.url()), 404) << "TLS is no proof of who asks";
}

TEST_P(Https, IsShownByThePhoneAloneAndOnlyOverTls) {
  auto& phone = sim.add_desk(1, site());
  set(ProvisioningScheme::https);
  const auto clear = phone.url(), tls = "https" + clear.substr(4);
  const auto own = to_string(phone.own().address);
  for (const auto& url : {clear, tls})
    for (const char* name : {"ca.pem", "reached"})
      EXPECT_EQ(sim.fetch_from("192.168.1.66", phone, url + name), 404) << url << name;
  EXPECT_EQ(state(phone), HttpsState::waiting);
  sim.fetch_from(own, phone, tls + "reached");
  EXPECT_EQ(state(phone), HttpsState::waiting) << "it wasn't told yet to check certificates";
  reboot(phone);
  ASSERT_EQ(state(phone), HttpsState::trying);
  EXPECT_EQ(sim.fetch_from(own, phone, phone.url() + "reached"), 404);
  EXPECT_EQ(state(phone), HttpsState::trying);
}

// Its clock is wrong, say, and it signals over TLS.
TEST_P(Https, IsGivenUpForAPhoneThatCantCheckOurCertificate) {
  Habits habits;
  habits.trusts = false;
  auto& phone = sim.add_desk(1, site(), habits);
  set(ProvisioningScheme::https);
  sim.run_for(6h);
  EXPECT_EQ(state(phone), HttpsState::refused);
  EXPECT_TRUE(sim.is_idle_desk(phone)) << "it is back";
  EXPECT_TRUE(phone.url().starts_with("http://"));
  sim.log_in_by_code(phone, "101");
  EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, "101"); }, 60s));
  for (int i = 0; i < 4; ++i) reboot(phone);
  EXPECT_EQ(state(phone), HttpsState::refused) << "and isn't tried again by itself";
  EXPECT_TRUE(sim.is_at_desk(phone, "101"));
  phone.habits.trusts = true;
  EXPECT_EQ(sim.provision(phone).outcome, api::Outcome::ok);
  sim.run_for(1min);
  settle(phone);
}

// That it is off for long is no sign of it.
TEST_P(Https, IsNotGivenUpForAPhoneThatIsSwitchedOffEachNight) {
  auto& phone = sim.add_desk(1, site());
  set(ProvisioningScheme::https);
  for (int night = 0; night < 6; ++night) {
    phone.power_off();
    sim.run_for(10h);
    phone.power_on();
    sim.run_for(5min);
    EXPECT_NE(state(phone), HttpsState::refused) << night;
  }
  EXPECT_EQ(state(phone), HttpsState::settled);
}

TEST_P(Https, IsLeftAgainWhereHttpIsSet) {
  auto& phone = sim.add_desk(1, site());
  set(ProvisioningScheme::https);
  settle(phone);
  set(ProvisioningScheme::http);
  EXPECT_EQ(state(phone), HttpsState::off);
  sim.run_for(61min);
  EXPECT_TRUE(phone.url().starts_with("http://"));
  sim.run_for(61min);
  EXPECT_TRUE(sim.is_idle_desk(phone));
  set(ProvisioningScheme::https);
  EXPECT_EQ(state(phone), HttpsState::waiting) << "it begins anew";
  settle(phone);
}

// Somebody has pressed the pin: it knows neither its URL nor our authority.
TEST_P(Https, IsReachedAgainByAPhoneThatWasReset) {
  auto& phone = sim.add_desk(1, site());
  set(ProvisioningScheme::https);
  settle(phone);
  phone.power_off();
  sim.run_for(2min);
  phone.forget_configuration();
  phone.power_on();
  EXPECT_TRUE(sim.run_until([&] { return sim.is_idle_desk(phone); }, 5min));
  EXPECT_TRUE(phone.url().starts_with("http://"));
  settle(phone);
}

TEST_P(Https, StaysAsItIsWhereASettledPhoneIsProvisionedAgain) {
  auto& phone = sim.add_desk(1, site());
  set(ProvisioningScheme::https);
  settle(phone);
  EXPECT_EQ(sim.provision(phone).outcome, api::Outcome::ok);
  sim.run_for(2min);
  EXPECT_EQ(state(phone), HttpsState::settled);
  EXPECT_TRUE(phone.url().starts_with("https://"));
}

}  // namespace
}  // namespace roamdesk::sim
