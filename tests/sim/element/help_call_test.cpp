#include "common/sip/parse.hpp"
#include "tests/sim/element/help.hpp"

// 112 by a trunk: from the right place, with the right number, past everything.
namespace roamdesk::sim {
namespace {

class HelpCall : public Help {};

TEST_P(HelpCall, CarriesTheDesksNumberAndPlaceAndNeverThePersons) {
  auto person = *sim.element().directory().extension(ExtensionNumber{"101"});
  person.outside_number = "+4930777101", person.name = "Alice";
  sim.have(PutExtension{person});
  const std::string numbers[] = {"+4930555001", "+4930555002"}, floors[] = {"0", "2"};
  for (const std::size_t at : {0u, 1u}) {
    log_in(*desks[at], "101");
    const auto call = desks[at]->dial("112");
    ASSERT_TRUE(is_up(*desks[at], call));
    EXPECT_FALSE(desks[at]->call(call)->challenged);
    const auto& m = invite();
    EXPECT_EQ(to_string(m.request_uri), "sip:112@provider.example");
    EXPECT_EQ(m.from.uri.user, numbers[at]);
    EXPECT_EQ(value(m, "P-Asserted-Identity"), "<sip:" + numbers[at] + "@provider.example>");
    EXPECT_EQ(value(m, "Priority"), "emergency");
    EXPECT_FALSE(m.header("Privacy"));
    const auto place = part(m, "application/pidf+xml");
    EXPECT_NE(place.find("<ca:FLR>" + floors[at] + "</ca:FLR>"), std::string::npos) << place;
    EXPECT_NE(place.find("<ca:SEAT>" + id_of(*desks[at]) + "</ca:SEAT>"), std::string::npos) << place;
    const auto text = sip::serialise(m);
    for (const char* hers : {"+4930777101", "Alice", ":101@"}) EXPECT_EQ(text.find(hers), std::string::npos) << text;
    desks[at]->hang_up();
    sim.run_for(2s);
  }
}

TEST_P(HelpCall, HasOneSessionDescriptionAndOnePlaceThatItsHeaderNames) {
  ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
  const auto& m = invite();
  const auto count = [&](const char* type) {
    std::size_t found = 0;
    for (auto at = m.body.find(type); at != std::string::npos; at = m.body.find(type, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("Content-Type: application/sdp"), 1u);
  EXPECT_EQ(count("Content-Type: application/pidf+xml"), 1u);
  EXPECT_NE(part(m, "application/sdp").find("m=audio "), std::string::npos);
  EXPECT_EQ(m.headers_named("Geolocation").size(), 1u);
  const auto cid = value(m, "Geolocation");
  ASSERT_TRUE(cid.starts_with("<cid:") && cid.ends_with(">")) << cid;
  EXPECT_EQ(count(("Content-ID: <" + cid.substr(5)).c_str()), 1u);
  EXPECT_EQ(value(m, "Geolocation-Routing"), "yes");
}

// From the console any other call is hung up, but none for help.
TEST_P(HelpCall, IsHungUpByThoseWhoTalkAndNobodyElse) {
  log_in(*desks[0], "101");
  log_in(*desks[1], "102");
  const auto hang_up = [&] {
    api::Outcome outcome{};
    sim.console().hang_up(sim.element().calls().at(0).id.value(), Simulation::admin(),
                          [&](const api::Answer& answer) { outcome = answer.outcome; });
    sim.run_for(2s);
    return outcome;
  };
  const auto help = desks[0]->dial("112");
  ASSERT_TRUE(is_up(*desks[0], help));
  EXPECT_EQ(hang_up(), api::Outcome::clash);
  EXPECT_FALSE(desks[0]->idle());
  desks[0]->hang_up();
  sim.run_for(2s);

  desks[1]->habits.answers = true;
  const auto other = desks[0]->dial("102");
  ASSERT_TRUE(is_up(*desks[0], other));
  EXPECT_EQ(hang_up(), api::Outcome::ok);
  EXPECT_TRUE(desks[0]->idle() && desks[1]->idle());
  EXPECT_TRUE(sim.element().calls().empty());
}

TEST_P(HelpCall, LeavesFromAnIdleDeskWithinThreeHundredMilliseconds) {
  const auto begun = sim.time();
  desks[2]->dial("112");
  ASSERT_TRUE(sim.run_until([&] { return invites_to("112") == 1; }, 300ms)) << (sim.time() - begun).count();
}

TEST_P(HelpCall, LeavesFromAPhoneThatNobodyKnowsWithTheSitesPlace) {
  sim.change_settings([](auto& settings) { settings.emergency_location = "ground"; });
  Handset unknown{sim, site(), "203.0.113.77"};
  EXPECT_EQ(unknown.invite({"x", "x", "x"}, "112"), 200);
  EXPECT_EQ(invite().from.uri.user, "+4930555001");
  const auto place = part(invite(), "application/pidf+xml");
  EXPECT_NE(place.find("<tuple "), std::string::npos) << "of a device that nobody knows nothing is said";
  EXPECT_EQ(place.find("SEAT"), std::string::npos);
  unknown.bye();
}

TEST_P(HelpCall, FromADeskWhoseRegistrationHasEndedHasTheDesksPlaceWhereItIsStillThatDesk) {
  sim.change_settings([](auto& settings) { settings.emergency_location = "ground"; });
  const auto own = desks[1]->own();
  const auto name = id_of(*desks[1]);
  const auto ip = to_string(own.address);
  desks[1]->power_off();
  sim.run_for(3min);
  const auto floor_of = [&](const std::string& from_ip, std::uint16_t port, const char* user) {
    Handset handset{sim, site(), from_ip, port};
    EXPECT_EQ(handset.invite({user, user, "x"}, "112"), 200);
    const auto place = part(invite(), "application/pidf+xml");
    const bool seat = place.find("<ca:SEAT>" + name + "</ca:SEAT>") != std::string::npos;
    const bool upstairs = place.find("<ca:FLR>2</ca:FLR>") != std::string::npos;
    EXPECT_EQ(seat, upstairs) << place;
    EXPECT_EQ(invite().from.uri.user, seat ? "+4930555002" : "+4930555001");
    handset.bye();
    sim.run_for(1min);
    return seat;
  };
  EXPECT_TRUE(floor_of(ip, own.port, name.c_str()));
  EXPECT_FALSE(floor_of(ip, own.port, "somebody")) << "another phone has got the address";
  EXPECT_FALSE(floor_of("203.0.113.80", own.port, name.c_str())) << "it has moved, or it is another one";
  EXPECT_FALSE(floor_of(ip, 5999, name.c_str()));
  sim.run_for(25h);
  EXPECT_FALSE(floor_of(ip, own.port, name.c_str())) << "that was yesterday";
}

TEST_P(HelpCall, OfTheCountrysNumberATestNumberAndOneBehindAPrefixGoesTheSameWay) {
  OutboundRule nine;
  nine.name = "nine", nine.position = 2, nine.pattern = "9.", nine.strip = 1, nine.trunks = {"provider"};
  sim.have(Put<OutboundRule>{nine});
  const std::vector<std::pair<std::string, std::string>> numbers{{"112", "112"},  {"110", "110"}, {"911", "911"},
                                                                 {"9911", "911"}, {"933", "933"}, {"1-1-2", "112"}};
  for (const auto& [dialled, called] : numbers) {
    provider.heard.clear();
    ASSERT_TRUE(is_up(*desks[0], desks[0]->dial(dialled))) << dialled;
    EXPECT_EQ(invites_to(called), 1u) << dialled;
    desks[0]->hang_up();
    sim.run_for(2s);
  }
}

TEST_P(HelpCall, InEveryWrittenFormLeavesAsACallForHelpAndNeverAsAnotherOne) {
  OutboundRule plus;
  plus.name = "plus", plus.position = 3, plus.pattern = "+.", plus.trunks = {"provider"};
  OutboundRule any = plus;
  any.name = "any", any.position = 4, any.pattern = ".";
  sim.have(Put<OutboundRule>{plus});
  sim.have(Put<OutboundRule>{any});
  log_in(*desks[1], "101");
  for (const auto form : {NumberForm::bare, NumberForm::plus, NumberForm::national}) {
    trunk.called = form;
    sim.put_trunk(trunk);
    sim.run_for(1s);
    for (const char* dialled : {"+112", "00112", "+49112", "0049112", "0112", "+49-112"})
      for (DeskPhone* phone : {desks[0], desks[1]}) {
        provider.heard.clear();
        ASSERT_TRUE(is_up(*phone, phone->dial(dialled))) << dialled;
        EXPECT_EQ(provider.count("INVITE"), 1u) << dialled;
        EXPECT_EQ(invites_to("112"), 1u) << dialled;
        EXPECT_EQ(value(invite(), "Priority"), "emergency") << dialled;
        EXPECT_TRUE(invite().header("Geolocation")) << dialled;
        EXPECT_EQ(invite().from.uri.user, phone == desks[0] ? "+4930555001" : "+4930555002") << dialled;
        phone->hang_up();
        sim.run_for(2s);
      }
  }
  EXPECT_GE(sim.element().directory().all<Emergency>().size(), 2u) << "and it is told";
}

TEST_P(HelpCall, ThatARuleMakesOfAnotherNumberIsOneToo) {
  OutboundRule odd;
  odd.name = "odd", odd.position = 0, odd.pattern = "72", odd.strip = 2, odd.prepend = "112", odd.trunks = {"provider"};
  sim.have(Put<OutboundRule>{odd});
  log_in(*desks[1], "101");
  ASSERT_TRUE(is_up(*desks[1], desks[1]->dial("72")));
  EXPECT_EQ(invites_to("112"), 1u);
  EXPECT_TRUE(invite().header("Geolocation"));
  EXPECT_EQ(invite().from.uri.user, "+4930555002");
}

TEST_P(HelpCall, ByATelUriIsOneToo) {
  const auto first = desks[0]->dial("112");
  ASSERT_TRUE(is_up(*desks[0], first));
  auto again = *sip::parse(desks[0]->call(first)->opening);
  desks[0]->hang_up();
  sim.run_for(2s);
  int n = 0;
  for (const char* uri : {"tel:112", "tel:+49-112", "tel:112;phone-context=+49", "sip:112@pbx.example;user=phone",
                          "sip:+49112@pbx.example;user=phone", "sips:112@pbx.example"}) {
    provider.heard.clear();
    again.request_uri = *sip::parse_uri(uri);
    again.call_id = "tel-" + std::to_string(++n);
    again.via.front().params.set("branch", "z9hG4bKtel" + std::to_string(n));
    sim.say({site(), sip::Transport::udp, sim.face(site()), desks[0]->own()}, sip::serialise(again));
    sim.run_for(500ms);
    EXPECT_EQ(invites_to("112"), 1u) << uri;
    EXPECT_TRUE(invites_to("112") == 0 || invite().header("Geolocation")) << uri;
    sim.run_for(1min);  // nobody acknowledges it
  }
}

TEST_P(HelpCall, WithEveryLimitAtItsEndAndTheTrunkFullEndsExactlyOneOtherCall) {
  for (const std::size_t lines : {1u, 3u}) {
    trunk.calls = static_cast<unsigned>(lines), trunk.calls_per_hour = static_cast<unsigned>(lines);
    trunk.calls_reserved_in = 0;
    sim.put_trunk(trunk);
    provider.lines = lines;
    provider.heard.clear();
    sim.change_settings([](auto& settings) { settings.outside_calls = settings.outside_calls_per_hour = 3; });
    log_in(*desks[1], "101");
    std::vector<std::string> calls;
    for (std::size_t i = 0; i < lines; ++i) {
      calls.push_back(desks[1]->dial("0301234567"));
      ASSERT_TRUE(is_up(*desks[1], calls.back())) << i;
      sim.run_for(1s);
    }
    const auto help = desks[0]->dial("112");
    ASSERT_TRUE(sim.run_until([&] { return invites_to("112") == 1; }, 300ms));
    ASSERT_TRUE(is_up(*desks[0], help));
    sim.run_for(5s);
    ASSERT_EQ(hung_up().size(), 1u) << lines;
    EXPECT_TRUE(hung_up()[0].starts_with("preemption")) << hung_up()[0];
    EXPECT_TRUE(desks[1]->over().contains(calls.back())) << "the newest";
    EXPECT_EQ(invites_to("112"), 1u);
    EXPECT_TRUE(desks[0]->call(help)->up);
    desks[0]->hang_up();
    desks[1]->hang_up();
    sim.run_for(70min);
    sim.log_out(*desks[1]);
    ASSERT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*desks[1]); }, 60s));
  }
}

TEST_P(HelpCall, IsNoneOfTheTrunksHourAlsoAfterARestart) {
  trunk.calls_per_hour = trunk.minutes_per_hour = 1;
  sim.put_trunk(trunk);
  log_in(*desks[0], "101");
  const auto calls_for_help = [&] {
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
      sim.run_for(1min);
      desks[0]->hang_up();
      sim.run_for(2s);
    }
  };
  calls_for_help();
  EXPECT_TRUE(is_up(*desks[0], desks[0]->dial("0301234567")));
  desks[0]->hang_up();
  sim.run_for(61min);
  calls_for_help();
  sim.restart_core();
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(*desks[0], "101"); }, 2min));
  sim.run_for(2min);
  EXPECT_TRUE(is_up(*desks[0], desks[0]->dial("0301234567")));
  EXPECT_EQ(outcome(*desks[0], desks[0]->dial("0301234568")), 486) << "and an ordinary call is";
}

TEST_P(HelpCall, WhereTheProviderSaysFullEndsOneOtherCallAndAsksAgain) {
  for (const int says : {486, 503, 600}) {
    provider.lines = 2;
    provider.full = says;
    provider.heard.clear();
    log_in(*desks[1], "101");
    const auto first = desks[1]->dial("0301234567");
    ASSERT_TRUE(is_up(*desks[1], first));
    sim.run_for(1s);
    ASSERT_TRUE(is_up(*desks[1], desks[1]->dial("0301234568")));
    const auto help = desks[0]->dial("112");
    ASSERT_TRUE(is_up(*desks[0], help, 1s)) << says;
    sim.run_for(5s);
    EXPECT_EQ(hung_up().size(), 1u) << says;
    EXPECT_EQ(invites_to("112"), 2u) << says;
    EXPECT_TRUE(desks[1]->call(first)->up) << "the older one goes on";
    EXPECT_EQ(sim.element()
                  .outside()
                  .trunks()
                  .machine(*sim.element().outside().trunks().find("provider"))
                  ->status()
                  .condition,
              trunks::Condition::registered)
        << "a full trunk isn't a broken one";
    desks[0]->hang_up();
    desks[1]->hang_up();
    sim.run_for(2min);
    sim.log_out(*desks[1]);
    ASSERT_TRUE(sim.run_until([&] { return sim.is_idle_desk(*desks[1]); }, 60s));
  }
}

TEST_P(HelpCall, NeverEndsAnotherOneForHelp) {
  trunk.calls = 1;
  sim.put_trunk(trunk);
  const auto one = desks[0]->dial("112");
  ASSERT_TRUE(is_up(*desks[0], one));
  const auto other = desks[1]->dial("112");
  ASSERT_TRUE(is_up(*desks[1], other)) << "our own limit is none for it";
  sim.run_for(5s);
  EXPECT_TRUE(desks[0]->call(one)->up);
  EXPECT_TRUE(hung_up().empty());
}

TEST_P(HelpCall, WhereThePlaceIsNotTakenIsRepeatedAtOnceWithout) {
  provider.reads_location = false;
  const auto call = desks[0]->dial("112");
  ASSERT_TRUE(sim.run_until([&] { return invites_to("112") == 1; }, 1s));
  ASSERT_TRUE(sim.run_until([&] { return invites_to("112") == 2; }, 200ms));
  EXPECT_FALSE(invite().header("Geolocation"));
  EXPECT_FALSE(invite().header("Geolocation-Routing"));
  EXPECT_EQ(invite().content_type, "application/sdp");
  EXPECT_EQ(invite().from.uri.user, "+4930555001") << "the number says where";
  EXPECT_TRUE(is_up(*desks[0], call));
}

TEST_P(HelpCall, HasNoPlaceForATrunkThatDoesNotKnowIt) {
  trunk.geolocation = false;
  sim.put_trunk(trunk);
  ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
  EXPECT_EQ(invite().content_type, "application/sdp");
  EXPECT_FALSE(invite().header("Geolocation"));
}

class HelpByTwoTrunks : public Help {
 protected:
  HelpByTwoTrunks() {
    sim.names["second.example"] = {{second.target()}, 300s, std::nullopt, false};
    auto other = trunk;
    other.name = "second", other.domain = "second.example", other.main_number = "+4940123450";
    sim.put_trunk(other);
    auto both = location("ground", "0", "+4930555001");
    both.trunks = {"provider", "second"};
    sim.have(Put<Location>{both});
    sim.run_for(2s);
  }
  Provider second{sim, SiteId{GetParam().trunk}, "198.51.100.2"};
};

TEST_P(HelpByTwoTrunks, GoesOnAfterAnyRefusalOfTheFirst) {
  for (const int refusal : {403, 404, 480, 486, 488, 500, 503, 603}) {
    provider.out.habits.refuses = refusal;
    second.heard.clear();
    ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112"), 2s)) << refusal;
    EXPECT_EQ(second.count("INVITE"), 1u) << refusal;
    EXPECT_EQ(second.last("INVITE")->from.uri.user, "+4930555001");
    desks[0]->hang_up();
    sim.run_for(5min);
  }
}

TEST_P(HelpByTwoTrunks, GoesOnAfterTwoSecondsOfSilence) {
  provider.go_silent(true);
  ASSERT_TRUE(is_up(*desks[0], desks[0]->dial("112"), 3s));
  EXPECT_EQ(second.count("INVITE"), 1u);
}

TEST_P(HelpByTwoTrunks, GoesOnAlsoWhereTheFirstHadSaidThatItRings) {
  provider.out.habits.answers = false;
  const auto call = desks[0]->dial("112");
  ASSERT_TRUE(sim.run_until([&] { return invites_to("112") == 1; }, 1s));
  sim.run_for(1s);
  provider.out.refuse(503);
  for (auto bytes = provider.out.poll_bytes(); bytes; bytes = provider.out.poll_bytes()) sim.say(provider.at(), *bytes);
  ASSERT_TRUE(is_up(*desks[0], call));
}

TEST_P(HelpByTwoTrunks, WhereNoneTakesItHearsTheAnnouncementAnd503) {
  provider.out.habits.refuses = 500;
  second.out.habits.refuses = 404;
  const auto call = desks[0]->dial("112");
  EXPECT_EQ(outcome(*desks[0], call), 503);
  EXPECT_TRUE(desks[0]->call(call)->early_media);
  EXPECT_EQ(invites_to("112") + second.count("INVITE"), 2u);
  sim.run_for(1min);
  EXPECT_TRUE(sim.element().calls().empty());
}

TEST_P(HelpCall, LeavesWhileTheStoreFails) {
  sim.fail_store(true);
  EXPECT_TRUE(is_up(*desks[0], desks[0]->dial("112")));
}

TEST_P(HelpCall, GoesOnThroughALoginAndALogoutAndTheDeskDoesNotBootMeanwhile) {
  const auto call = desks[0]->dial("112");
  ASSERT_TRUE(is_up(*desks[0], call));
  const auto boots = desks[0]->boots, told = desks[0]->reboots_told;
  sim.log_in(*desks[0], "102");
  sim.run_for(1min);
  sim.log_out(*desks[0]);
  sim.run_for(1min);
  EXPECT_TRUE(desks[0]->call(call)->up);
  EXPECT_EQ(desks[0]->boots, boots);
  EXPECT_EQ(desks[0]->reboots_told, told);
  EXPECT_TRUE(hung_up().empty());
}

INSTANTIATE_TEST_SUITE_P(From, HelpCall, testing::ValuesIn(everywhere),
                         [](const auto& row) { return std::string{row.param.name}; });
INSTANTIATE_TEST_SUITE_P(From, HelpByTwoTrunks, testing::ValuesIn(everywhere),
                         [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace roamdesk::sim
