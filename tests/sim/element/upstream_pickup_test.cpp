#include "exchange/presence/dialog_info_reader.hpp"
#include "tests/sim/element/upstream_lamp_office.hpp"

// A key that watches a number at the exchange which a company has already is pressed while it rings there; and who else
// would like to have that call.
namespace roamdesk::sim {
namespace {

using presence::DialogState;

class UpstreamPickup : public UpstreamLampOffice {
 protected:
  // As that exchange names its dialog with the phone that rings.
  static presence::DialogInfo named(presence::DialogInfo call, const std::string& call_id = "pickup-7@10.0.0.1:5060") {
    call.call_id = call_id;
    call.local_tag = "of-the-phone";
    call.remote_tag = "of-the-pbx";
    return call;
  }
  static presence::DialogInfo ringing() { return named(call_in(DialogState::early)); }
  // What the newest NOTIFY says of the first call.
  static presence::DialogInfo shown_on(const Handset& phone) {
    const auto read = presence::read_dialog_info(phone.lamp);
    return read && !read->dialogs.empty() ? read->dialogs[0].dialog : presence::DialogInfo{};
  }
  static std::string replaces(const presence::DialogInfo& call, bool swapped = false, const std::string& more = {}) {
    return "Replaces: " + call.call_id + ";to-tag=" + (swapped ? call.remote_tag : call.local_tag) +
           ";from-tag=" + (swapped ? call.local_tag : call.remote_tag) + more + "\r\n";
  }
  // 101's lamp of 205 rings.
  presence::DialogInfo lit(Handset& phone) {
    EXPECT_EQ(phone.subscribe(keys_of(*desk), "205"), 200);
    sim.run_for(1s);
    EXPECT_EQ(notify(pbx, asked("205").back(), told(ringing())), 200);
    EXPECT_TRUE(is_lit(phone));
    return shown_on(phone);
  }
  void expect_untouched() const { EXPECT_EQ(pbx.count("INVITE"), 0u) << "the other exchange heard of it"; }
};

TEST_P(UpstreamPickup, GoesThereNamingTheDialogInItsWords) {
  pbx.out.habits.answers = true;
  auto phone = at_desk(*desk);
  const auto call = lit(phone);
  // Phones name it either way round, and send it to the number that they watch, or to who calls there.
  std::size_t heard = 0;
  for (const auto& [number, swapped, more] :
       {std::tuple{"205", false, ""}, {"205", true, ";early-only"}, {"0301234567", false, ";early-only"}}) {
    EXPECT_EQ(phone.invite(keys_of(*desk), number, replaces(call, swapped, more)), 200) << number;
    ASSERT_EQ(pbx.count("INVITE"), ++heard);
    const auto* invite = pbx.last("INVITE");
    EXPECT_EQ(invite->header("Replaces"), "pickup-7@10.0.0.1:5060;to-tag=of-the-pbx;from-tag=of-the-phone;early-only");
    EXPECT_TRUE(invite->lists("Require", "replaces")) << "lest it makes another call of it";
    EXPECT_EQ(to_string(invite->request_uri), "sip:205@pbx.example");
    EXPECT_EQ(to_string(invite->from.uri), "sip:101@pbx.example");
    phone.bye();
    sim.run_for(1s);
  }
  EXPECT_EQ(sim.audits("call.takeover_refused"), 0u);
}

TEST_P(UpstreamPickup, IsAnsweredAsTheExchangeThereAnswers) {
  auto phone = at_desk(*desk);
  const auto call = lit(phone);
  for (const auto& [there, here] : {std::pair{481, 480}, {486, 486}, {420, 420}, {603, 603}}) {
    pbx.out.habits.refuses = there;
    EXPECT_EQ(phone.invite(keys_of(*desk), "205", replaces(call)), here) << there;
  }
}

TEST_P(UpstreamPickup, IsOfWhoWatchesByAnOutboundRuleToo) {
  OutboundRule rule;
  rule.name = "stayed";
  rule.position = 1;
  rule.pattern = "2xx";
  rule.trunks = {"old-pbx"};
  sim.have(Put<OutboundRule>{rule});
  auto person = *sim.element().directory().extension(ExtensionNumber{"103"});
  person.may_call.insert(NumberClass::unknown);
  sim.have(PutExtension{person});
  auto phone = at_desk(*other);
  ASSERT_EQ(phone.subscribe(keys_of(*other), "205"), 200);
  sim.run_for(1s);
  ASSERT_EQ(notify(pbx, asked("205").back(), told(ringing())), 200);
  pbx.out.habits.answers = true;
  pbx.registrar.only_own_flow = false;
  EXPECT_EQ(phone.invite(keys_of(*other), "205", replaces(shown_on(phone))), 200);
  ASSERT_TRUE(pbx.last("INVITE"));
  EXPECT_EQ(pbx.last("INVITE")->header("Replaces"),
            "pickup-7@10.0.0.1:5060;to-tag=of-the-pbx;from-tag=of-the-phone;early-only");
}

TEST_P(UpstreamPickup, OfWhatRingsHereNeedsNoRightToCallWhoCalls) {
  desk->habits.answers = false;
  auto phone = at_desk(*other);
  ASSERT_EQ(phone.subscribe(keys_of(*other), "101"), 200);
  ASSERT_EQ(call_account("101"), 180);
  ASSERT_TRUE(is_lit(phone));
  // Many phones send it to who calls; 103 may call nobody outside.
  ASSERT_NE(phone.invite(keys_of(*other), "0301234567"), 200);
  EXPECT_EQ(phone.invite(keys_of(*other), "0301234567", replaces(shown_on(phone))), 200);
}

TEST_P(UpstreamPickup, LampsTellNoNameOfItsDialog) {
  auto phone = at_desk(*desk);
  const auto call = lit(phone);
  for (const auto* name : {"pickup-7", "10.0.0.1", "of-the-p"})
    EXPECT_EQ(phone.lamp.find(name), std::string::npos) << phone.lamp;
  EXPECT_FALSE(call.call_id.empty() || call.local_tag.empty() || call.remote_tag.empty());
  ASSERT_EQ(notify(pbx, asked("205").back(), told(named(call_in(DialogState::confirmed)))), 200);
  EXPECT_EQ(shown_on(phone).call_id, "") << "it doesn't ring any more";
}

TEST_P(UpstreamPickup, WithoutNamesThereIsNothingThatAKeyCouldName) {
  auto phone = at_desk(*desk);
  ASSERT_EQ(phone.subscribe(keys_of(*desk), "205"), 200);
  sim.run_for(1s);
  ASSERT_EQ(notify(pbx, asked("205").back(), told(DialogState::early)), 200);
  ASSERT_TRUE(is_lit(phone));
  EXPECT_EQ(shown_on(phone).call_id, "");
  pbx.out.habits.answers = true;
  EXPECT_EQ(phone.invite(keys_of(*desk), "*8205"), 200);
  EXPECT_EQ(to_string(pbx.last("INVITE")->request_uri), "sip:*8205@pbx.example") << "its pickup code does it";
}

// ---- who else would like to have it

TEST_P(UpstreamPickup, IsNotOfWhoMayNotWatchThatNumber) {
  auto phone = at_desk(*desk);
  const auto call = lit(phone);
  auto third = at_desk(*other);
  EXPECT_EQ(third.invite(keys_of(*other), "205", replaces(call)), 481) << "103 has no account and no rule";
  EXPECT_EQ(third.invite(keys_of(*other), "102", replaces(call)), 481) << "by another number";
  EXPECT_EQ(sim.audits("call.takeover_refused"), 1u) << "once a minute";
  const auto yesterdays = keys_of(*desk);
  sim.log_out(*desk);
  sim.run_for(30s);
  EXPECT_NE(phone.invite(yesterdays, "205", replaces(call)), 200) << "yesterday's credentials";
  EXPECT_EQ(phone.invite(keys_of(*desk), "205", replaces(call)), 481) << "an idle desk";
  EXPECT_NE(phone.invite({"101", "101", "guessed"}, "205", replaces(call)), 200) << "a stranger";
  expect_untouched();
}

TEST_P(UpstreamPickup, IsNotOfAnAccountAtAnotherExchange) {
  Provider second_pbx{sim, site(), "198.51.100.2"};
  sim.names["second.example"] = {{second_pbx.target()}, 300s, std::nullopt, false};
  second_pbx.registrar.passwords["103"] = "secret-103";
  auto second = trunk;
  second.name = "second";
  second.domain = "second.example";
  sim.put_trunk(second);
  auto at_second = account("103");
  at_second.trunk = "second";
  put(at_second);
  sim.run_for(5s);
  auto phone = at_desk(*desk), third = at_desk(*other);
  const auto call = lit(phone);
  ASSERT_EQ(third.subscribe(keys_of(*other), "205"), 200) << "the same number, at the other one";
  EXPECT_EQ(third.invite(keys_of(*other), "205", replaces(call)), 481);
  EXPECT_EQ(second_pbx.count("INVITE"), 0u);
  expect_untouched();
}

TEST_P(UpstreamPickup, IsOverWithTheCall) {
  auto phone = at_desk(*desk);
  const auto yesterdays = lit(phone);
  ASSERT_EQ(notify(pbx, asked("205").back(), idle()), 200);
  EXPECT_EQ(phone.invite(keys_of(*desk), "205", replaces(yesterdays)), 481) << "it has ended";
  ASSERT_EQ(notify(pbx, asked("205").back(), told(named(call_in(DialogState::early), "the-next-one"))), 200);
  EXPECT_EQ(phone.invite(keys_of(*desk), "205", replaces(yesterdays)), 481) << "another one rings";
  const auto unheard = shown_on(phone);
  pbx.go_silent(true);
  sim.run_for(11min);
  EXPECT_EQ(phone.invite(keys_of(*desk), "205", replaces(unheard)), 481) << "nothing is known of that exchange";
  expect_untouched();
}

TEST_P(UpstreamPickup, IsOverWhenTheNumberMovesHere) {
  auto phone = at_desk(*desk);
  const auto call = lit(phone);
  sim.add_extension("205");
  sim.run_for(2s);
  EXPECT_EQ(phone.invite(keys_of(*desk), "205", replaces(call)), 481);
  expect_untouched();
}

TEST_P(UpstreamPickup, IsNotOfWhoGuesses) {
  auto phone = at_desk(*desk);
  const auto call = lit(phone);
  auto mixed = call;
  mixed.local_tag = mixed.remote_tag;
  for (const auto& guess : {ringing(), named(call_in(DialogState::early), "nobody-subscribed-to-it"), mixed})
    EXPECT_EQ(phone.invite(keys_of(*desk), "205", replaces(guess)), 481) << guess.call_id;
  EXPECT_EQ(phone.invite(keys_of(*desk), "205", "Replaces: " + call.call_id + "\r\n"), 481) << "without tags";
  expect_untouched();
}

TEST_P(UpstreamPickup, OfADialogOfOursThatItNamesTouchesNothingHere) {
  // 101 is called from there, and speaks: a dialog of which the other exchange knows all names.
  ASSERT_EQ(call_account("101"), 200);
  ASSERT_TRUE(pbx.out.at().up);
  const auto ours = pbx.out.at();
  auto of_ours = named(call_in(DialogState::early), ours.call_id);
  of_ours.local_tag = ours.local.tag();
  of_ours.remote_tag = ours.remote.tag();
  auto& third = sim.add_desk(3, site());
  sim.log_in(third, "102");
  ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(third, "102"); }, 60s));
  auto phone = at_desk(third);
  ASSERT_EQ(phone.subscribe(keys_of(third), "205"), 200);
  sim.run_for(1s);
  ASSERT_EQ(notify(pbx, asked("205").back(), told(of_ours)), 200);
  EXPECT_EQ(phone.lamp.find(ours.call_id), std::string::npos);
  pbx.out.habits.refuses = 481;
  EXPECT_EQ(phone.invite(keys_of(third), "205", replaces(shown_on(phone))), 480)
      << "it is asked there, and nowhere else";
  EXPECT_EQ(phone.invite(keys_of(third), "205", replaces(of_ours)), 481) << "by its own names";
  EXPECT_EQ(call_account("102",
                         [&](sip::Message& m) {
                           m.add_header("Replaces", ours.call_id + ";to-tag=" + std::string{ours.remote.tag()} +
                                                        ";from-tag=" + std::string{ours.local.tag()});
                         }),
            481)
      << "the other exchange itself";
  sim.run_for(5s);
  EXPECT_TRUE(pbx.out.dialogs.front().up) << "101 speaks on";
  EXPECT_FALSE(pbx.out.dialogs.front().over);
}

INSTANTIATE_TEST_SUITE_P(AtASite, UpstreamPickup, testing::Values("local", "branch-1"),
                         [](const auto& row) { return std::string{row.param} == "local" ? "Core" : "Branch"; });

}  // namespace
}  // namespace roamdesk::sim
