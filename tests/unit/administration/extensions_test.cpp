#include "fixture.hpp"

namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class Extensions : public AdministrationTest {
 protected:
  static auto creating(const std::string& digits) {
    return [digits](auto& a, auto done) {
      a.create_extension({number(digits), "", "scrypt$x", false, {}}, by("extension.created"), done);
    };
  }
};

TEST_F(Extensions, AreMadeWithTheirAuditRecordInOneVector) {
  const AskedPtr asked = ask(creating("101"));
  EXPECT_FALSE(asked->answer) << "not before it is durable";
  EXPECT_FALSE(directory().extension(number("101"))) << "memory never says what a crash could take back";
  const Changes changes = store_next();
  EXPECT_EQ(count<PutExtension>(changes), 1u);
  ASSERT_EQ(count<AppendAudit>(changes), 1u);
  EXPECT_EQ(std::get<AppendAudit>(changes.back()).record.action, "extension.created");
  EXPECT_EQ(asked->outcome(), Outcome::ok);
  EXPECT_TRUE(directory().extension(number("101")));
}

TEST_F(Extensions, AreNotMadeWhereTheStoreFails) {
  const AskedPtr asked = ask(creating("101"));
  store_next(false);
  EXPECT_EQ(asked->outcome(), Outcome::unavailable);
  EXPECT_FALSE(directory().extension(number("101")));
}

TEST_F(Extensions, AreMadeOnceThoughTwoAskAtTheSameMoment) {
  const AskedPtr first = ask(creating("101")), second = ask(creating("101"));
  store_everything();
  EXPECT_EQ(first->outcome(), Outcome::ok);
  EXPECT_EQ(second->outcome(), Outcome::clash);
}

TEST_F(Extensions, CanNotStandBesideACodeOrAnEmergencyNumber) {
  for (const auto* digits : {"5", "112", "911"}) {
    EXPECT_EQ(answer_to(creating(digits)).outcome, Outcome::clash) << digits;
    EXPECT_TRUE(stored_.empty()) << digits;
  }
}

// Under a rule that takes the 9 away, 9911 and 9112 are emergency calls, whatever else the rule asks for.
TEST_F(Extensions, CanNotBeAnEmergencyNumberBehindARulesPrefix) {
  OutboundRule rule;
  rule.name = "line";
  rule.pattern = "9x[2-9].";
  rule.trunks = {"provider"};
  rule.strip = 1;
  rule.enabled = false;
  have(Put<OutboundRule>{rule});
  for (const auto* digits : {"9911", "9112"}) {
    const api::Answer answer = answer_to(creating(digits));
    EXPECT_EQ(answer.outcome, Outcome::clash) << digits;
    EXPECT_THAT(answer.message, HasSubstr("line")) << digits;
  }
  const AskedPtr other = ask(creating("9113"));
  store_everything();
  EXPECT_EQ(other->outcome(), Outcome::ok);
}

// Of one location is enough: the person may log in there.
TEST_F(Extensions, CanNotBeAnEmergencyNumberOfALocation) {
  Location london;
  london.name = "london";
  london.address.country = "GB";
  london.test_numbers = {"933"};
  have(Put<Location>{london});
  for (const auto* digits : {"999", "933"}) {
    const api::Answer answer = answer_to(creating(digits));
    EXPECT_EQ(answer.outcome, Outcome::clash) << digits;
    EXPECT_THAT(answer.message, HasSubstr("emergency")) << digits;
  }
  const AskedPtr other = ask(creating("110"));
  store_everything();
  EXPECT_EQ(other->outcome(), Outcome::ok);
}

TEST_F(Extensions, ThatAreToldOfCallsForHelpAreNotDeleted) {
  have_extension("101");
  Location house;
  house.name = "house";
  house.told = {number("101")};
  have(Put<Location>{house});
  const auto deleting = [](auto& a, auto done) { a.delete_extension(number("101"), by(), done); };
  const api::Answer answer = answer_to(deleting);
  EXPECT_EQ(answer.outcome, Outcome::clash);
  EXPECT_THAT(answer.message, HasSubstr("house"));
  EXPECT_TRUE(directory().extension(number("101")));
  have(Delete<Location>{"house"});
  EXPECT_EQ(answer_to(deleting).outcome, Outcome::ok);
}

TEST_F(Extensions, ThatAreNotThereCanNotBeChanged) {
  for (const auto& answer :
       {answer_to([](auto&a, auto done) { a.change_extension(number("101"), {.name = "A"}, by(), done); }),
        answer_to([](auto&a, auto done) { a.delete_extension(number("101"), by(), done); }),
        answer_to([](auto&a, auto done) { a.unlock_extension(number("101"), by(), done); })}) {
    EXPECT_EQ(answer.outcome, Outcome::unknown);
    EXPECT_THAT(answer.message, HasSubstr("101"));
  }
  EXPECT_FALSE(waiting());
}

TEST_F(Extensions, AreSwitchedAllOrNone) {
  have_extension("101");
  const auto answer = answer_to([](auto& a, auto done) {
    a.set_hot_desking({number("101"), number("102"), number("103")}, false, by(), done);
  });
  EXPECT_EQ(answer.outcome, Outcome::unknown);
  EXPECT_THAT(answer.message, HasSubstr("102, 103"));
  EXPECT_TRUE(stored_.empty());
  EXPECT_TRUE(directory().extension(number("101"))->hot_desking);
}

TEST_F(Extensions, AreNamedOneByOneInTheAuditWhenManyAreSwitchedAtOnce) {
  for (const auto* digits : {"101", "102", "103"}) have_extension(digits);
  const auto switch_off = [](std::vector<ExtensionNumber> numbers) {
    return [numbers = std::move(numbers)](auto& a, auto done) {
      a.set_hot_desking(numbers, false, by("extension.changed"), done);
    };
  };
  const auto named = [this] {
    std::vector<std::string> all;
    for (const Changes& changes : stored_)
      for (const Change& change : changes)
        if (const auto* audit = std::get_if<AppendAudit>(&change)) {
          EXPECT_EQ(audit->record.action, "extension.changed");
          EXPECT_EQ(audit->record.actor, "admin");
          all.push_back(audit->record.subject);
        }
    return all;
  };
  EXPECT_EQ(answer_to(switch_off({number("101"), number("103")})).outcome, Outcome::ok);
  EXPECT_THAT(named(), testing::ElementsAre("101", "103"));
  EXPECT_EQ(answer_to(switch_off({number("102")})).outcome, Outcome::ok);
  EXPECT_THAT(named(), testing::ElementsAre("102"));
  EXPECT_EQ(answer_to(switch_off({number("101"), number("102")})).outcome, Outcome::ok) << "they are off already";
  EXPECT_THAT(named(), testing::IsEmpty());
}

TEST_F(Extensions, EndTheirSessionAndGiveUpTheirPhonesWhenDeleted) {
  have_extension("101");
  have_session(have_desk(mac(1)), "101");
  have_own_phone(mac(2), "101");
  EXPECT_EQ(answer_to([](auto& a, auto done) { a.delete_extension(number("101"), by(), done); }).outcome, Outcome::ok);
  ASSERT_FALSE(stored_.empty());
  const Changes& all = stored_.front();
  EXPECT_EQ(count<EndSession>(all), 1u);
  EXPECT_EQ(count<PutPhone>(all), 1u);
  EXPECT_EQ(count<DeleteExtension>(all), 1u);
  EXPECT_EQ(count<AppendAudit>(all), 1u);
  EXPECT_FALSE(directory().phone(mac(2))->assigned);
  EXPECT_FALSE(directory().phone(mac(2))->credentials);
}

// A caller from outside would hear that the number isn't there, and nobody would have been told.
TEST_F(Extensions, AreNotDeletedWhileInboundNumbersLeadToThem) {
  have_extension("101");
  have_extension("102");
  const auto deleting = [](auto& a, auto done) { a.delete_extension(number("101"), by(), done); };
  have(Put<InboundNumber>{{"+4930555101", "+4930555101", number("101"), 0}});
  have(Put<InboundNumber>{{"+4930555200", "+4930555299", number("101"), 0}});
  have(Put<InboundNumber>{{"+4930555102", "+4930555102", number("102"), 0}});
  have(Put<InboundNumber>{{"+4930777000", "+4930777999", {}, 3}});
  have(Put<InboundNumber>{{"+4930888100", "+4930888109", number("100"), 0}});
  const auto refused = answer_to(deleting);
  EXPECT_EQ(refused.outcome, Outcome::clash);
  EXPECT_EQ(refused.message,
            "It is called at +4930555101, +4930555200 to +4930555299; give these inbound numbers to another extension, "
            "or delete them, first.");
  EXPECT_TRUE(directory().extension(number("101")));
  for (int i = 0; i < 9; ++i) {
    const auto many = "+49306660" + std::to_string(i);
    have(Put<InboundNumber>{{many, many, number("101"), 0}});
  }
  EXPECT_THAT(answer_to(deleting).message, HasSubstr("and 6 more;"));
  std::vector<std::string> all;
  for (const auto& [first, inbound] : directory().all<InboundNumber>())
    if (inbound.extension == number("101")) all.push_back(first);
  for (const auto& first : all) have(Delete<InboundNumber>{first});
  EXPECT_EQ(answer_to(deleting).outcome, Outcome::ok) << "a range that only has it in its middle has other extensions";
}

// A login that starts in the same moment makes the store refuse the deletion; then it is decided again.
TEST_F(Extensions, AreDeletedThoughASessionStartsMeanwhile) {
  have_extension("101");
  const HotDesk desk = have_desk(mac(1));
  const AskedPtr asked = ask([](auto& a, auto done) { a.delete_extension(number("101"), by(), done); });
  have_session(desk, "101");
  EXPECT_EQ(count<EndSession>(store_next(false)), 0u);
  EXPECT_FALSE(asked->answer);
  const Changes again = store_next();
  EXPECT_EQ(count<EndSession>(again), 1u);
  EXPECT_EQ(count<AppendAudit>(again), 1u);
  EXPECT_EQ(asked->outcome(), Outcome::ok);
}

TEST_F(Extensions, AreUnlockedDurably) {
  have_extension("101");
  have(PutPinFailures{number("101"), {{std::nullopt, {now_.wall}, now_.wall + std::chrono::minutes{5}}}});
  const AskedPtr asked = ask([](auto& a, auto done) { a.unlock_extension(number("101"), by(), done); });
  EXPECT_FALSE(asked->answer) << "a crash here would leave it locked";
  EXPECT_EQ(directory().pin_failures().size(), 1u);
  const Changes changes = store_next();
  EXPECT_EQ(count<PutPinFailures>(changes), 1u);
  EXPECT_EQ(count<AppendAudit>(changes), 1u);
  EXPECT_EQ(asked->outcome(), Outcome::ok);
  EXPECT_TRUE(directory().pin_failures().empty());
}

TEST_F(Extensions, StayLockedWhereTheStoreFails) {
  have_extension("101");
  have(PutPinFailures{number("101"), {{std::nullopt, {now_.wall}, now_.wall + std::chrono::minutes{5}}}});
  const AskedPtr asked = ask([](auto& a, auto done) { a.unlock_extension(number("101"), by(), done); });
  store_next(false);
  EXPECT_EQ(asked->outcome(), Outcome::unavailable);
  EXPECT_EQ(directory().pin_failures().size(), 1u);
}

class SettingsOf : public AdministrationTest {
 protected:
  api::Answer change(const std::string& hot_desk, const std::string& logout, std::vector<std::string> emergency) {
    roamdesk::Settings settings;
    settings.hot_desk_code = hot_desk;
    settings.logout_code = logout;
    settings.emergency_numbers = std::move(emergency);
    return answer_to([settings](auto& a, auto done) {
      a.change_settings([settings](Settings& now) { now = settings; }, by(), done);
    });
  }
};

TEST_F(SettingsOf, CodesAreRefusedWhereTheyClash) {
  have_extension("101");
  EXPECT_EQ(change("*77*", "*77", {"112"}).outcome, Outcome::clash);
  EXPECT_EQ(change("77", "*78*", {"112"}).outcome, Outcome::clash);
  EXPECT_EQ(change("*77*", "*77*101*", {"112"}).outcome, Outcome::clash) << "it would be that person's login";
  EXPECT_EQ(change("*77*", "*78*", {"101"}).outcome, Outcome::clash) << "that person could not be called";
  EXPECT_TRUE(stored_.empty());
  EXPECT_EQ(change("*77*", "*78*", {"112"}).outcome, Outcome::ok);
  ASSERT_EQ(stored_.size(), 1u);
  EXPECT_EQ(count<AppendAudit>(stored_.front()), 1u);
}

}  // namespace
}  // namespace roamdesk::test
