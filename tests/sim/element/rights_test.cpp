#include <gtest/gtest.h>

#include "tests/sim/element/handset.hpp"

// Who a request speaks for (exchange/rights), attacked: yesterday's credentials, another address, another site.
namespace roamdesk::sim {
namespace {

class Rights : public testing::TestWithParam<const char*> {
 protected:
  Rights() {
    for (const auto* number : {"102", "103", "104"}) sim.add_extension(number);
    phone = &sim.add_desk(1, site());
    callee = &sim.add_desk(2, site());
    sim.log_in(*callee, "102");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(*callee, "102"); }, 60s));
    yesterdays = keys_of(*phone);
  }
  static SiteId site() { return SiteId{GetParam()}; }
  Handset& stranger(const std::string& ip = "192.168.1.66", std::uint16_t port = 5060) {
    return *handsets.emplace_back(std::make_unique<Handset>(sim, site(), ip, port));
  }
  // In the place of the desk's phone, which is off from now on.
  Handset& handset(std::uint16_t port = 5060, sip::Transport transport = sip::Transport::udp) {
    phone->power_off();
    return *handsets.emplace_back(
        std::make_unique<Handset>(sim, site(), to_string(phone->own().address), port, transport));
  }
  // The desk's idle credentials of this moment.
  Keys todays() const {
    const auto& desk = *sim.element().directory().desk_of(phone->mac());
    return {desk.id.value(), desk.idle.user.str(), desk.idle.password.reveal()};
  }
  void settle_as(const std::string& number) {
    sim.log_in_by_code(*phone, number);
    ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(*phone, number); }, 60s));
  }
  // Of a call by the desk's phone.
  int calls(const std::string& number) {
    const auto call = phone->dial(number);
    sim.run_for(3s);
    const int status = phone->call(call)->status;
    phone->hang_up();
    sim.run_for(1s);
    return status;
  }
  // Whether a call to the person rings at the desk's phone.
  bool rings_for(const std::string& number) {
    const auto call = callee->dial(number);
    sim.run_for(3s);
    const bool up = callee->call(call)->up;
    callee->hang_up();
    sim.run_for(1s);
    return up;
  }
  // Idle rights: no person's calls, no person's lamps.
  void expect_idle(Handset& who, const Keys& keys) {
    EXPECT_EQ(who.invite(keys, "102"), 403);
    EXPECT_GE(who.subscribe(keys, "102"), 400);
  }
  Endpoint registered_at() { return sim.element().registrar().find(phone->mac())->flow.peer; }

  Simulation sim;
  std::vector<std::unique_ptr<Handset>> handsets;
  DeskPhone *phone = nullptr, *callee = nullptr;
  Keys yesterdays;
};

TEST_P(Rights, OfYesterdaysIdleCredentialsAreNoneOnceTheDeskIsSettled) {
  settle_as("104");
  auto& mallory = stranger();
  expect_idle(mallory, yesterdays);
  EXPECT_EQ(mallory.register_as(yesterdays), 403);
  EXPECT_TRUE(rings_for("104"));
  EXPECT_EQ(mallory.rings, 0u);
  EXPECT_EQ(calls("102"), 200) << "the desk's phone is as it was";
}

// No attacker can have them: they were drawn at the login, and no file has them. But if one had.
TEST_P(Rights, OfTodaysIdleCredentialsAreAnIdleDesksAndTakeNothing) {
  settle_as("104");
  auto& mallory = stranger();
  expect_idle(mallory, todays());
  EXPECT_EQ(mallory.register_as(todays()), 403);
  EXPECT_EQ(mallory.register_as(todays(), "", 0), 403);
  EXPECT_EQ(mallory.register_as(todays(), "", 0, "*"), 403);
  EXPECT_EQ(mallory.invite(todays(), "*77*5*"), 403);
  EXPECT_EQ(mallory.invite(todays(), "*77*103*"), 403);
  EXPECT_EQ(mallory.invite(todays(), "112"), 503) << "an emergency call is answered, whoever makes it";
  EXPECT_EQ(sim.who_is_at(*phone), "104");
  EXPECT_EQ(registered_at(), phone->own());
  EXPECT_TRUE(rings_for("104"));
  EXPECT_EQ(mallory.rings, 0u);
}

TEST_P(Rights, AreReportedOnceAMinuteHoweverOftenSomebodyTries) {
  settle_as("104");
  auto& mallory = stranger();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(mallory.register_as(todays()), 403);
  sim.run_for(1s);
  EXPECT_EQ(sim.audits("phone.impostor"), 1u);
  EXPECT_EQ(sim.impostors, 1u);
  sim.run_for(61s);
  EXPECT_EQ(sim.audits("phone.impostor"), 2u) << "how many more there were";
  auto& other = stranger("192.168.1.67");
  other.register_as(todays());
  sim.run_for(1s);
  EXPECT_EQ(sim.audits("phone.impostor"), 3u) << "another source by itself";
}

TEST_P(Rights, OfAnEndedSessionAreNeverTheNextPersons) {
  settle_as("104");
  const Keys doras = keys_of(*phone);
  auto& dora = stranger();
  phone->habits.fetch_works = phone->habits.heeds_reboot = false;
  sim.log_out(*phone);
  expect_idle(dora, doras);
  sim.log_in(*phone, "103");
  expect_idle(dora, doras);
  EXPECT_EQ(dora.register_as(doras), 403) << "the phone is where the login found it";
  EXPECT_EQ(dora.register_as(doras, "", 0, "*"), 403);
  EXPECT_TRUE(rings_for("103")) << "at the registered address";
  EXPECT_EQ(dora.rings, 0u);
  phone->habits.fetch_works = true;
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(*phone, "103"); }, 5min));
  expect_idle(dora, doras);
  EXPECT_EQ(dora.register_as(doras), 403);
  EXPECT_TRUE(rings_for("103"));
}

// Her old session registered as the same number.
TEST_P(Rights, OfAnEndedSessionAreNotThoseOfTheSamePersonsNext) {
  settle_as("104");
  const Keys before = keys_of(*phone);
  phone->habits.fetch_works = phone->habits.heeds_reboot = false;
  sim.log_out(*phone);
  sim.log_in(*phone, "104");
  auto& who = stranger();
  expect_idle(who, before);
  EXPECT_EQ(who.register_as(before, "", 0, "*"), 403);
  EXPECT_EQ(registered_at(), phone->own());
}

TEST_P(Rights, BetweenLoginAndRegistrationAreThePersonsWhereTheLoginWasDialledOnly) {
  phone->habits.fetch_works = phone->habits.heeds_reboot = false;
  sim.log_in_by_code(*phone, "104");
  ASSERT_EQ(sim.who_is_at(*phone), "104");
  EXPECT_EQ(phone->auth_user(), yesterdays.user) << "it has nothing else yet";
  EXPECT_EQ(calls("102"), 200);
  EXPECT_TRUE(rings_for("104"));
  auto& mallory = stranger();
  expect_idle(mallory, yesterdays);
  EXPECT_EQ(mallory.register_as(yesterdays), 403);
  EXPECT_TRUE(rings_for("104"));
  EXPECT_EQ(mallory.rings, 0u);
  EXPECT_EQ(calls("102"), 200);
}

// Whatever else is at the phone's address isn't the flow.
TEST_P(Rights, OfAnotherPortAtThatAddressAreIdle) {
  phone->habits.fetch_works = phone->habits.heeds_reboot = false;
  sim.log_in_by_code(*phone, "104");
  auto& mallory = stranger(to_string(phone->own().address), 5090);
  expect_idle(mallory, yesterdays);
  EXPECT_EQ(mallory.register_as(yesterdays), 200) << "it may be the phone, which has booted";
  expect_idle(mallory, yesterdays);
  EXPECT_FALSE(rings_for("104"));
  EXPECT_EQ(mallory.rings, 0u);
  sim.run_for(40s);  // the phone refreshes
  EXPECT_TRUE(rings_for("104"));
}

TEST_P(Rights, OfTheBridgeEndWithTheDelivery) {
  phone->habits.fetch_works = phone->habits.heeds_reboot = false;
  sim.log_in_by_code(*phone, "104");
  EXPECT_EQ(calls("102"), 200);
  sim.run_for(6min);
  EXPECT_TRUE(phone->registered());
  EXPECT_EQ(sim.who_is_at(*phone), "104");
  EXPECT_EQ(calls("102"), 403);
  EXPECT_FALSE(rings_for("104"));
  // Its person types the PIN once more, and is there.
  sim.log_in_by_code(*phone, "104");
  EXPECT_EQ(calls("102"), 200);
  EXPECT_TRUE(rings_for("104"));
}

TEST_P(Rights, OfTheBridgeLastAsLongAsACallThatKeepsThePhoneFromFetching) {
  phone->habits.heeds_resync = phone->habits.heeds_reboot = false;
  sim.log_in_by_code(*phone, "104");
  const auto call = phone->dial("102");
  ASSERT_TRUE(sim.run_until([&] { return phone->call(call)->up; }, 5s));
  sim.run_for(20min);
  ASSERT_TRUE(phone->call(call)->up);
  sim.add_extension("105");
  auto& third = sim.add_desk(3, site());
  sim.log_in(third, "105");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(third, "105"); }, 60s));
  const auto second = third.dial("104");
  sim.run_for(3s);
  EXPECT_TRUE(third.call(second)->up);
  third.hang_up();
  phone->hang_up();
  sim.run_for(6min);
  EXPECT_FALSE(rings_for("104"));
}

TEST_P(Rights, AfterAnAdministratorsLoginAreThoseOfTheRegisteredAddress) {
  phone->habits.fetch_works = phone->habits.heeds_reboot = false;
  sim.log_in(*phone, "104");
  EXPECT_EQ(calls("102"), 200);
  EXPECT_TRUE(rings_for("104"));
  auto& mallory = stranger();
  expect_idle(mallory, yesterdays);
  EXPECT_EQ(mallory.register_as(yesterdays), 403);
}

TEST_P(Rights, AfterALoginAtADeskWhosePhoneIsOffAreNobodysUntilItIsBackAsTheSession) {
  phone->power_off();
  sim.run_for(2min);
  EXPECT_EQ(sim.log_in(*phone, "104").outcome, api::Outcome::later);
  auto& mallory = stranger();
  expect_idle(mallory, yesterdays);
  EXPECT_EQ(mallory.register_as(yesterdays), 200) << "it may be the phone, at another address";
  EXPECT_FALSE(rings_for("104"));
  EXPECT_EQ(mallory.rings, 0u);
  phone->habits.fetches_at_boot = false;
  phone->power_on();
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(*phone, "104"); }, 2min)) << "he keeps it from nothing";
  EXPECT_TRUE(rings_for("104"));
  EXPECT_EQ(mallory.register_as(yesterdays), 403);
}

TEST_P(Rights, OfTheBridgeFollowThePhonesRegistration) {
  auto& first = handset();
  ASSERT_EQ(first.register_as(yesterdays, "the-phone"), 200);
  sim.log_in(*phone, "104");
  EXPECT_EQ(first.invite(yesterdays, "102"), 200);
  first.bye();
  // Another port, as behind a NAT that has forgotten it: the same Call-ID, which no other sender knows.
  auto& second = *handsets.emplace_back(std::make_unique<Handset>(sim, site(), to_string(phone->own().address), 6000));
  expect_idle(second, yesterdays);
  auto& third = *handsets.emplace_back(std::make_unique<Handset>(sim, site(), to_string(phone->own().address), 7000));
  ASSERT_EQ(third.register_as(yesterdays), 200);
  expect_idle(third, yesterdays);
  for (int i = 0; i < 3; ++i) ASSERT_EQ(first.register_as(yesterdays, "the-phone"), 200);
  for (int i = 0; i < 12; ++i) second.register_as(yesterdays, "the-phone");  // until its CSeq is higher
  EXPECT_EQ(second.invite(yesterdays, "102"), 200);
  second.bye();
  EXPECT_FALSE(rings_for("104"));  // it is busy, but it was rung
  EXPECT_EQ(second.rings, 1u);
  EXPECT_EQ(first.rings, 0u);
}

TEST_P(Rights, OfTheBridgeOutliveAConnectionThatIsClosed) {
  auto& first = handset(40001, sip::Transport::tcp);
  ASSERT_EQ(first.register_as(yesterdays, "the-phone"), 200);
  ASSERT_EQ(first.invite(yesterdays, "*77*104*"), 200);
  first.press(Simulation::pin_of("104") + "#");
  ASSERT_EQ(sim.who_is_at(*phone), "104");
  sim.run_for(5s);
  first.close();
  auto& second = *handsets.emplace_back(
      std::make_unique<Handset>(sim, site(), to_string(phone->own().address), 40002, sip::Transport::tcp));
  expect_idle(second, yesterdays);
  for (int i = 0; i < 20; ++i) second.register_as(yesterdays, "the-phone");
  EXPECT_EQ(second.invite(yesterdays, "102"), 200);
  second.bye();
  rings_for("104");
  EXPECT_EQ(second.rings, 1u);
}

TEST_P(Rights, OfTheBridgeTakeTheLampsWithThem) {
  auto& watcher = handset();
  ASSERT_EQ(watcher.register_as(yesterdays, "the-phone"), 200);
  sim.log_in(*phone, "104");
  ASSERT_EQ(watcher.subscribe(yesterdays, "102"), 200);
  for (int minute = 0; minute < 6; ++minute) {
    for (int i = 0; i < 2; ++i) watcher.register_as(yesterdays, "the-phone");
    sim.run_for(30s);
  }
  sim.run_for(3min);
  EXPECT_EQ(watcher.lamps_over, 1u);
  EXPECT_GE(watcher.subscribe(yesterdays, "102"), 400);
}

TEST_P(Rights, OfThePhoneThatWasOffForManyPeopleAreIdleAtItsNewAddressUntilItIsBack) {
  phone->power_off();
  sim.run_for(2min);
  for (int i = 0; i < 5; ++i)
    for (const auto* number : {"103", "104"}) {
      sim.log_in(*phone, number);
      sim.log_out(*phone);
    }
  sim.log_in(*phone, "104");
  sim.move(*phone, "192.168.1.200");
  phone->habits.fetches_at_boot = phone->habits.fetch_works = false;
  phone->power_on();
  ASSERT_TRUE(sim.run_until([&] { return phone->registered(); }, 60s)) << "it isn't stranded";
  EXPECT_EQ(phone->auth_user(), yesterdays.user);
  EXPECT_EQ(calls("102"), 403);
  EXPECT_FALSE(rings_for("104"));
  phone->habits.fetch_works = true;
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(*phone, "104"); }, 3min));
  EXPECT_EQ(calls("102"), 200);
}

TEST_P(Rights, OfASettledPhoneGoWithItToANewAddress) {
  settle_as("104");
  sim.move(*phone, "192.168.1.200");
  phone->reboot();
  ASSERT_TRUE(sim.run_until([&] { return registered_at() == phone->own(); }, 60s));
  EXPECT_TRUE(rings_for("104"));
  EXPECT_EQ(calls("102"), 200);
}

// Its own power failed before it had kept the session's configuration.
TEST_P(Rights, OfASettledPhoneThatIsAtAnotherAddressWithWhatItHadBeforeAreThereAfterAMinute) {
  phone->habits.fetch_works = phone->habits.heeds_reboot = false;
  sim.log_in_by_code(*phone, "104");
  sim.move(*phone, "192.168.1.200");
  phone->habits.fetch_works = true;
  phone->habits.fetches_at_boot = false;
  phone->reboot();
  const auto took = sim.run_until([&] { return sim.is_at_desk(*phone, "104"); }, 3min);
  ASSERT_TRUE(took);
  EXPECT_LE(*took, 150s);
}

TEST_P(Rights, AtAnotherSiteAreNone) {
  const SiteId other = site() == local_site() ? branch() : local_site();
  Handset abroad{sim, other, to_string(phone->own().address)};
  EXPECT_EQ(abroad.register_as(yesterdays), 403);
  EXPECT_EQ(abroad.invite(yesterdays, "*77*104*"), 403);
  settle_as("104");
  const Keys session = keys_of(*phone);
  EXPECT_EQ(abroad.register_as(session), 403);
  EXPECT_EQ(abroad.invite(session, "102"), 403);
  EXPECT_EQ(abroad.subscribe(session, "102"), 403);
  EXPECT_TRUE(rings_for("104"));
}

TEST_P(Rights, OfYesterdaysCredentialsAreNoneAtAnIdleDeskThatIsSettled) {
  settle_as("104");
  const Keys doras = keys_of(*phone);
  sim.log_out(*phone);
  ASSERT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*phone); }, 60s));
  auto& mallory = stranger();
  for (const auto& keys : {yesterdays, doras}) {
    expect_idle(mallory, keys);
    EXPECT_EQ(mallory.register_as(keys), 403);
    EXPECT_EQ(mallory.invite(keys, "*77*103*"), 403);
  }
  EXPECT_EQ(registered_at(), phone->own());
}

TEST_P(Rights, AreTheSameAfterTheCoreWasRestarted) {
  settle_as("104");
  const Keys idle = todays();
  sim.restart_core();
  sim.run_for(1s);
  auto& mallory = stranger();
  expect_idle(mallory, idle);
  EXPECT_EQ(mallory.register_as(idle), 403);
  EXPECT_TRUE(rings_for("104"));
}

TEST_P(Rights, OfALegAreThoseItBeganWith) {
  settle_as("104");
  const Keys doras = keys_of(*phone);
  sim.add_extension("105");
  auto& third = sim.add_desk(3, site());
  sim.log_in(third, "105");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(third, "105"); }, 60s));
  auto& dora = handset();
  ASSERT_EQ(dora.invite(doras, "102"), 200);
  sim.log_out(*phone);
  EXPECT_EQ(dora.invite(doras, "102"), 403) << "a new call";
  EXPECT_EQ(dora.refer("105"), 202);
  EXPECT_TRUE(sim.run_until([&] { return !third.idle(); }, 5s)) << "whom she transfers it to";
}

INSTANTIATE_TEST_SUITE_P(LocalAndBehindAnSbc, Rights, testing::Values("local", "branch-1"));

}  // namespace
}  // namespace roamdesk::sim
