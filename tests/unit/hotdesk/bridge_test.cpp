#include "tests/unit/hotdesk/fixture.hpp"

// Where a login was dialled, until the phone registers as the session.
namespace roamdesk::hotdesk {
namespace {

class Bridge : public HotDesks {
 protected:
  static sip::FlowAddress at(const char* peer, sip::Transport transport = sip::Transport::udp) {
    return {local_site(), transport, *parse_endpoint("10.0.0.1:5060"), *parse_endpoint(peer)};
  }
  Effects registers(const sip::FlowAddress& from, const std::string& call_id = "its own", const Identity& as = {}) {
    return submit(PhoneRegistered{desk_a, as, from, call_id});
  }
  Effects log_in_from(const sip::FlowAddress& flow, const ExtensionNumber& person) {
    const auto check = all<CheckPin>(submit(
        LoginRequested{AttemptId{++attempts}, desk_a, person, Secret{"4711"}, LoginBy::code, "someone", "desk", flow}));
    return submit(Stored{change_in(submit(PinChecked{check.at(0).attempt, true})).ticket});
  }
  Effects log_in_by_admin(const ExtensionNumber& person) {
    return submit(Stored{change_in(submit(LoginRequested{AttemptId{++attempts}, desk_a, person, Secret{},
                                                         LoginBy::admin, "admin", "console"}))
                             .ticket});
  }
  bool open_at(const sip::FlowAddress& flow) const {
    const auto* place = machine.standing(desk_a).place;
    return place != nullptr && place->open && place->covers(flow);
  }
  const sip::FlowAddress phone = at("10.0.0.7:5060"), moved = at("10.0.0.7:6000"), other = at("10.0.0.8:5060");
};

TEST_F(Bridge, OfALoginByCodeIsTheFlowOfTheCallAndTheRegistrationAtItsAddress) {
  registers(phone);
  const auto by_tcp = at("10.0.0.7:40001", sip::Transport::tcp);  // a large INVITE (RFC 3261 §18.1.1)
  log_in_from(by_tcp, alice);
  EXPECT_TRUE(open_at(by_tcp));
  EXPECT_TRUE(open_at(phone));
  EXPECT_FALSE(open_at(moved));
  EXPECT_FALSE(open_at(other));
}

TEST_F(Bridge, OfALoginByCodeIsNotARegistrationAtAnotherAddress) {
  registers(phone);
  log_in_from(other, alice);
  EXPECT_TRUE(open_at(other));
  EXPECT_FALSE(open_at(phone));
}

TEST_F(Bridge, OfALoginByAnAdministratorIsTheRegistration) {
  registers(phone);
  log_in_by_admin(alice);
  EXPECT_TRUE(open_at(phone));
  EXPECT_FALSE(open_at(moved));
}

TEST_F(Bridge, OfALoginByAnAdministratorIsNowhereWhileThePhoneIsOff) {
  registers(phone);
  submit(BindingExpired{desk_a});
  log_in_by_admin(alice);
  EXPECT_EQ(machine.standing(desk_a).place, nullptr);
  registers(phone, "booted");
  EXPECT_FALSE(open_at(phone));
}

TEST_F(Bridge, FollowsThePhonesOwnRegistrationOnly) {
  registers(phone);
  log_in_from(phone, alice);
  registers(moved, "somebody else's");
  EXPECT_FALSE(open_at(moved));
  registers(phone);
  registers(other);  // the Call-ID, at another address
  EXPECT_FALSE(open_at(other));
  registers(phone);
  registers(moved);
  EXPECT_TRUE(open_at(moved));
}

TEST_F(Bridge, EndsWithTheFirstRegistrationAsTheSession) {
  registers(phone);
  log_in_from(phone, alice);
  registers(phone, "its own", session_at(desk_a));
  EXPECT_EQ(machine.standing(desk_a).place, nullptr);
  registers(phone, "its own", SessionId{idle_of(desk_a).user.str()});
  EXPECT_FALSE(open_at(phone)) << "and isn't opened again";
}

TEST_F(Bridge, EndsWhenTheDeliveryGivesUp) {
  registers(phone);
  log_in_from(phone, alice);
  std::size_t closed = 0;
  for (int i = 0; i < 200 && open_at(phone); ++i) closed += all<BridgeClosed>(pass(1s)).size();
  EXPECT_EQ(closed, 1u);
  ASSERT_NE(machine.standing(desk_a).place, nullptr) << "its place is remembered";
  EXPECT_TRUE(machine.standing(desk_a).place->covers(phone));
}

TEST_F(Bridge, EndsAfterFiveMinutesWhereThePhoneIsAway) {
  log_in_from(phone, alice);  // it dials before it has registered
  EXPECT_TRUE(all<BridgeClosed>(pass(299s)).empty());
  EXPECT_EQ(all<BridgeClosed>(pass(2s)).size(), 1u);
  EXPECT_FALSE(open_at(phone));
}

TEST_F(Bridge, LastsAsLongAsACallAndFiveMinutes) {
  registers(phone);
  submit(DeskBusy{desk_a});
  log_in_from(phone, alice);
  EXPECT_TRUE(all<BridgeClosed>(pass(1h)).empty());
  EXPECT_TRUE(open_at(phone));
  submit(DeskFree{desk_a});
  EXPECT_TRUE(open_at(phone));
  std::size_t closed = 0;
  for (int i = 0; i < 301; ++i) closed += all<BridgeClosed>(pass(1s)).size();
  EXPECT_EQ(closed, 1u);
}

TEST_F(Bridge, EndsWithTheSession) {
  registers(phone);
  log_in_from(phone, alice);
  const Effects effects = submit(LogoutRequested{RequestId{1}, desk_a, EndReason::code, "someone", "desk"});
  EXPECT_FALSE(open_at(phone)) << "before the store has said a word";
  submit(Stored{change_in(effects).ticket});
  EXPECT_EQ(machine.standing(desk_a).place, nullptr);
}

TEST_F(Bridge, OfTheNextPersonIsWhereTheyDialled) {
  registers(phone);
  log_in_from(phone, alice);
  log_in_from(other, bob);
  EXPECT_FALSE(open_at(phone));
  EXPECT_TRUE(open_at(other));
}

TEST_F(Bridge, IsOpenedAnewByWhoeverTypesThePinAgain) {
  registers(phone);
  log_in_from(phone, alice);
  for (int i = 0; i < 400; ++i) pass(1s);
  ASSERT_FALSE(open_at(phone));
  const auto check = all<CheckPin>(submit(
      LoginRequested{AttemptId{++attempts}, desk_a, alice, Secret{"4711"}, LoginBy::code, "someone", "desk", phone}));
  const Effects effects = submit(PinChecked{check.at(0).attempt, true});
  EXPECT_TRUE(open_at(phone));
  EXPECT_EQ(all<TellPhone>(effects).size(), 1u) << "and the phone is told";
}

// An attacker with yesterday's credentials is told in the phone's place; that uses up none of the phone's tries.
TEST_F(Bridge, APhoneThatComesWhereSomebodyElseWasToldIsToldAtOnce) {
  registers(phone);
  submit(BindingExpired{desk_a});
  log_in_by_admin(alice);
  registers(other, "somebody else's", SessionId{idle_of(desk_a).user.str()});
  pass(15s);  // told, told again
  pass(10s);
  EXPECT_EQ(all<TellPhone>(registers(phone, "booted", SessionId{idle_of(desk_a).user.str()})).size(), 1u);
}

}  // namespace
}  // namespace roamdesk::hotdesk
