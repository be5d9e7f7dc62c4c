#include "tests/sim/element/upstream_office.hpp"

// Before the exchange that a company has already: accounts, and calls in either direction.
namespace roamdesk::sim {
namespace {

class UpstreamTest : public UpstreamOffice {};

TEST_P(UpstreamTest, AnAccountIsRegisteredWhileItsPersonSitsAtADesk) {
  EXPECT_EQ(condition("101"), upstream::Condition::registered);
  ASSERT_TRUE(pbx.contacts.contains("101"));
  EXPECT_EQ(pbx.contacts["101"].host, to_string(sim.face(site()).address));
  sim.log_out(*desk);
  sim.run_for(20s);
  EXPECT_FALSE(pbx.contacts.contains("101")) << "voicemail and forwarding there do their work now";
  EXPECT_EQ(condition("101"), upstream::Condition::logged_out);
  EXPECT_TRUE(pbx.contacts.contains("102")) << "always";
  sim.log_in(*desk, "101");
  sim.run_for(60s);
  EXPECT_TRUE(pbx.contacts.contains("101"));
}

TEST_P(UpstreamTest, APhoneOfOnesOwnCountsAsWell) {
  put(account("103"));
  pbx.registrar.passwords["103"] = "secret-103";
  sim.log_out(*other);
  sim.run_for(20s);
  EXPECT_EQ(condition("103"), upstream::Condition::logged_out);
  auto& phone = sim.add_phone(3, site());
  sim.assign(phone, "103");
  sim.run_for(10s);
  EXPECT_NE(condition("103"), upstream::Condition::logged_out);
}

TEST_P(UpstreamTest, AFreshProcessIsTheSameForTheRegistrar) {
  const auto before = pbx.contacts;
  const auto call_id = pbx.last("REGISTER")->call_id;
  pbx.heard.clear();
  sim.restart_core();
  sim.run_for(10s);
  EXPECT_EQ(condition("101"), upstream::Condition::registered);
  EXPECT_EQ(pbx.contacts, before);
  ASSERT_GE(pbx.count("REGISTER"), 2u);
  for (const auto& request : pbx.heard)
    if (request.method == "REGISTER") {
      EXPECT_EQ(request.contact.size(), 1u);
    }
}

TEST_P(UpstreamTest, WhatIsNotOursGoesThereAsTheCallersOwnAccount) {
  calls::sim::Challenging challenge;
  challenge.realm = "pbx.example";
  challenge.password = "secret-101";
  pbx.out.challenges = challenge;
  ASSERT_EQ(dial(*desk, "205"), 200);
  const auto* invite = pbx.last("INVITE");
  EXPECT_EQ(to_string(invite->request_uri), "sip:205@pbx.example");
  EXPECT_EQ(to_string(invite->from.uri), "sip:101@pbx.example");
  EXPECT_EQ(invite->contact.at(0).uri, pbx.contacts["101"]);
  EXPECT_EQ(pbx.count("INVITE"), 2u) << "challenged once";
  const auto calls = sim.element().calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].to.number, "205");
  hang_up(*desk);
  EXPECT_GE(pbx.count("BYE"), 1u);
  EXPECT_TRUE(sim.element().calls().empty());
  ASSERT_EQ(dial(*desk, "0301234567"), 200) << "outside numbers too: as it is dialled, by the rules there";
  EXPECT_EQ(pbx.last("INVITE")->request_uri.user, "0301234567");
}

TEST_P(UpstreamTest, SpeechIsSealedAsTheUpstreamSaysAndNotAsItsPhonesDo) {
  sim.change_settings([](roamdesk::Settings& s) { s.srtp = Srtp::optional; });
  trunk.srtp = Srtp::required;
  sim.put_trunk(trunk);
  sim.run_for(1s);
  EXPECT_NE(dial(*desk, "205"), 200) << "its keys would travel in the open";
  EXPECT_EQ(pbx.count("INVITE"), 0u);
  trunk.srtp = Srtp::off;
  sim.put_trunk(trunk);
  sim.run_for(1s);
  ASSERT_EQ(dial(*desk, "205"), 200);
  EXPECT_EQ(pbx.last("INVITE")->body.find("a=crypto"), std::string::npos);
}

TEST_P(UpstreamTest, CodesThatAreNotOursGoThereUntouchedAndOursDont) {
  for (const auto& [dialled, heard] : {std::pair{"*97", "*97"},
                                       {"*21*0301234%23", "*21*0301234%23"},
                                       {"**205", "**205"},
                                       {"*31*205", "205"},
                                       {"205%23", "205"}}) {
    ASSERT_EQ(dial(*desk, dialled), 200) << dialled;
    EXPECT_EQ(pbx.last("INVITE")->request_uri.user, heard) << dialled;
    hang_up(*desk);
  }
  const auto count = pbx.count("INVITE");
  for (const auto* ours : {"*77*", "*77*5*"}) {
    dial(*desk, ours);
    hang_up(*desk);
  }
  EXPECT_EQ(pbx.count("INVITE"), count);
}

TEST_P(UpstreamTest, AnEmergencyNumberNeverGoesThere) {
  for (const auto* number : {"112", "911", "*31*112"}) {
    EXPECT_NE(dial(*desk, number), 200) << number;
    hang_up(*desk);
  }
  EXPECT_EQ(pbx.count("INVITE"), 0u) << "it would carry the person's number and the exchange's address";
}

TEST_P(UpstreamTest, AnExtensionOfOursIsCalledHere) {
  EXPECT_EQ(dial(*desk, "103"), 200);
  EXPECT_EQ(pbx.count("INVITE"), 0u);
}

TEST_P(UpstreamTest, ACallToAnAccountRingsWhereItsPersonSits) {
  ASSERT_EQ(call_account("101"), 200);
  const auto calls = sim.element().calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].to.number, "101");
  EXPECT_EQ(calls[0].from.number, "205") << "as the exchange has it: called back, it is called there";
  pbx.out.hang_up();
  for (auto bytes = pbx.out.poll_bytes(); bytes; bytes = pbx.out.poll_bytes()) sim.say(pbx.at(), *bytes);
  sim.run_for(2s);
  EXPECT_TRUE(sim.element().calls().empty());
}

TEST_P(UpstreamTest, ACallToAnAccountWhosePersonIsNowhereIs480AtOnce) {
  const auto begun = sim.time();
  EXPECT_EQ(call_account("102"), 480);
  EXPECT_LT(sim.time() - begun, 1s) << "so that the voicemail there takes it";
}

TEST_P(UpstreamTest, OptionsToAnAccountAreAnsweredByUsAtOnce) {
  EXPECT_EQ(pbx.ask("OPTIONS", pbx.contacts["101"].user), 200) << "it asks after each Contact of ours";
}

TEST_P(UpstreamTest, WhatItSaysOfAMailboxLightsThatPersonsLampThoughNobodyAsked) {
  Handset lamp{sim, site(), to_string(desk->own().address), 5999};
  ASSERT_EQ(lamp.subscribe(keys_of(*desk), "101", "message-summary"), 200);
  sim.run_for(1s);
  EXPECT_NE(lamp.mailbox.find("Messages-Waiting: no"), std::string::npos) << lamp.mailbox;
  const auto tell = [&](const std::string& user, const std::string& to, const std::string& body) {
    const auto status = pbx.ask("NOTIFY", user, [&](sip::Message& m) {
      m.to.uri.user = to;
      m.add_header("Event", "message-summary");
      m.add_header("Subscription-State", "active");
      m.add_header("Content-Type", "application/simple-message-summary");
      m.body = body;
    });
    sim.run_for(1s);
    return status;
  };
  EXPECT_EQ(tell(pbx.contacts["101"].user, "101", "Messages-Waiting: yes\r\nVoice-Message: 2/1\r\n"), 200);
  EXPECT_NE(lamp.mailbox.find("Voice-Message: 2/1"), std::string::npos) << lamp.mailbox;
  EXPECT_EQ(tell("101", "101", "Messages-Waiting: no\r\nVoice-Message: 0/3\r\n"), 200) << "by the name in To as well";
  EXPECT_NE(lamp.mailbox.find("Messages-Waiting: no"), std::string::npos) << lamp.mailbox;
  const auto before = lamp.mailbox;
  for (const auto* nobody : {"102", "103", "999", ""})
    EXPECT_EQ(tell(nobody, nobody, "Messages-Waiting: yes\r\nVoice-Message: 9/9\r\n"), 200)
        << nobody << ": else it tells it again each minute for ever";
  EXPECT_EQ(tell(pbx.contacts["101"].user, "101", "nonsense"), 200);
  EXPECT_EQ(lamp.mailbox, before) << "another's mailbox is none of 101's";
}

TEST_P(UpstreamTest, ACallOutIsSeenByItsTrunkAndInItsLimits) {
  trunk.calls = 1;
  sim.put_trunk(trunk);
  ASSERT_EQ(dial(*desk, "205"), 200);
  const auto number = *sim.element().outside().trunks().find("old-pbx");
  EXPECT_EQ(sim.element().outside().trunks().calls(number), 1u);
  EXPECT_EQ(dial(*desk, "206"), 486);
  EXPECT_EQ(call_account("101"), 486);
  hang_up(*desk);
  EXPECT_EQ(sim.element().outside().trunks().calls(number), 0u);
  EXPECT_EQ(dial(*desk, "205"), 200);
}

TEST_P(UpstreamTest, AnUpstreamThatIsAwayIsSaidAndEverybodyComesBackWithIt) {
  pbx.go_silent(true);
  sim.run_for(11min);
  EXPECT_EQ(condition("101"), upstream::Condition::waiting);
  EXPECT_GE(dial(*desk, "205", 40s), 408);
  const auto& trunks = sim.element().outside().trunks();
  EXPECT_EQ(trunks.machine(*trunks.find("old-pbx"))->status().condition, trunks::Condition::silent);
  EXPECT_EQ(dial(*desk, "103"), 200) << "the house goes on";
  hang_up(*desk);
  pbx.go_silent(false);
  sim.run_for(6min);
  EXPECT_EQ(condition("101"), upstream::Condition::registered);
  EXPECT_EQ(dial(*desk, "205"), 200);
}

TEST_P(UpstreamTest, AProcessThatEndsInACallSendsAByeThereWithTheAccountsCredentials) {
  ASSERT_EQ(dial(*desk, "205"), 200);
  sim.run_for(1s);
  calls::sim::Challenging challenge;
  challenge.password = "secret-101";
  pbx.out.challenges = challenge;
  sim.restart_core();
  sim.run_for(10s);
  EXPECT_GE(pbx.out.refused.size(), 1u);
  EXPECT_EQ(pbx.count("BYE"), pbx.out.refused.size() + 1) << "and the last one was good";
  EXPECT_EQ(sim.stored_dialogs(), 0u);
}

TEST_P(UpstreamTest, ATrunkThatIsSwitchedOffTakesLeaveForAll) {
  trunk.enabled = false;
  sim.put_trunk(trunk);
  sim.run_for(5s);
  EXPECT_TRUE(pbx.contacts.empty());
  EXPECT_EQ(dial(*desk, "205"), 404) << "as without an account";
  trunk.enabled = true;
  sim.put_trunk(trunk);
  sim.run_for(5s);
  EXPECT_EQ(pbx.contacts.size(), 2u);
}

TEST_P(UpstreamTest, AnExtensionThatIsDeletedTakesItsAccountAlong) {
  sim.delete_extension("102");
  sim.run_for(5s);
  EXPECT_FALSE(pbx.contacts.contains("102"));
  EXPECT_TRUE(pbx.contacts.contains("101"));
}

INSTANTIATE_TEST_SUITE_P(AtASite, UpstreamTest, testing::Values("local", "branch-1"),
                         [](const auto& row) { return std::string{row.param} == "local" ? "Core" : "Branch"; });

}  // namespace
}  // namespace roamdesk::sim
