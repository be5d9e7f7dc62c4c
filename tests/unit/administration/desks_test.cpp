#include "fixture.hpp"

namespace roamdesk::test {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

class Desks : public AdministrationTest {
 protected:
  api::Answer create(const Mac& mac, const SiteId& site = local_site(),
                     phones::Vendor vendor = phones::Vendor::yealink) {
    return answer_to([=](auto& a, auto done) { a.create_desk({mac, vendor, "T46U", site, {}, {}}, by(), done); });
  }
  api::Answer assign(const Mac& mac, std::optional<ExtensionNumber> extension = std::nullopt) {
    return answer_to([=](auto& a, auto done) { a.assign_phone(mac, extension, std::nullopt, by(), done); });
  }
};

TEST_F(Desks, AreMadeOncePerPhone) {
  EXPECT_EQ(create(mac(1)).outcome, Outcome::ok);
  const auto again = create(mac(1));
  EXPECT_EQ(again.outcome, Outcome::clash);
  EXPECT_THAT(again.message, HasSubstr("HD0001"));
}

TEST_F(Desks, AreNotMadeOfAPersonsOwnPhone) {
  have_extension("101");
  have_own_phone(mac(1), "101");
  const auto answer = create(mac(1));
  EXPECT_EQ(answer.outcome, Outcome::clash);
  EXPECT_THAT(answer.message, HasSubstr("101"));
}

TEST_F(Desks, AreNotMadeWhereThereIsNoSuchSiteOrOfAPhoneThatWeCanNotConfigure) {
  EXPECT_EQ(create(mac(1), SiteId{"nowhere"}).outcome, Outcome::refused);
  for (const auto vendor : {phones::Vendor::unknown, phones::Vendor::gigaset})
    EXPECT_EQ(create(mac(1), local_site(), vendor).outcome, Outcome::refused);
  EXPECT_TRUE(stored_.empty());
}

TEST_F(Desks, ThatAreNotThereCanNotBeChangedDeletedOrLoggedInAt) {
  have_extension("101");
  for (const auto& answer : {answer_to([](auto&a, auto done) { a.change_desk(mac(1), {.model = "T46S"}, by(), done); }),
                             answer_to([](auto&a, auto done) { a.delete_desk(mac(1), by(), done); }),
                             answer_to([](auto&a, auto done) { a.log_in(mac(1), number("101"), by(), done); }),
                             answer_to([](auto&a, auto done) { a.log_out(mac(1), by(), done); })})
    EXPECT_EQ(answer.outcome, Outcome::unknown) << answer.message;
  EXPECT_TRUE(stored_.empty());
}

TEST_F(Desks, WithoutAPhoneAreCountedAmongWhatWaitsToBeDone) {
  const auto waiting = [&] {
    const auto now = administration_ptr()->statistics().now;
    return std::array{now.desks_without_phone, now.phones_unassigned, now.sbcs_not_enrolled};
  };
  EXPECT_THAT(waiting(), ElementsAre(0u, 0u, 0u));
  create(mac(1));
  create(mac(2));
  have_sbc("branch-1");
  EXPECT_THAT(waiting(), ElementsAre(2u, 0u, 1u));
  assign(mac(1));
  EXPECT_THAT(waiting(), ElementsAre(1u, 0u, 1u)) << "an assigned phone is on its way";
  answer_to([](auto& a, auto done) { a.unassign_phone(mac(1), by(), done); });
  EXPECT_THAT(waiting(), ElementsAre(1u, 1u, 1u));
}

TEST_F(Desks, TakeTheirPhoneAlongToAnotherSite) {
  have_sbc("branch-1");
  have_desk(mac(1));
  EXPECT_EQ(assign(mac(1)).outcome, Outcome::ok);
  EXPECT_EQ(answer_to([](auto& a, auto done) {
              a.change_desk(mac(1), {.place = api::DeskPatch::Place{SiteId{"branch-1"}, {}}}, by(), done);
            }).outcome,
            Outcome::ok);
  EXPECT_EQ(directory().desk_of(mac(1))->site, SiteId{"branch-1"});
  EXPECT_EQ(directory().phone(mac(1))->site, SiteId{"branch-1"});
  EXPECT_EQ(answer_to([](auto& a, auto done) {
              a.change_desk(mac(1), {.place = api::DeskPatch::Place{SiteId{"nowhere"}, {}}}, by(), done);
            }).outcome,
            Outcome::refused);
}

TEST_F(Desks, EndTheirSessionWhenDeletedAndTheirPhoneIsServedNoLonger) {
  have_extension("101");
  const HotDesk desk = have_desk(mac(1));
  EXPECT_EQ(assign(mac(1)).outcome, Outcome::ok);
  have_session(desk, "101");
  EXPECT_EQ(answer_to([](auto& a, auto done) { a.delete_desk(mac(1), by(), done); }).outcome, Outcome::ok);
  ASSERT_FALSE(stored_.empty());
  EXPECT_EQ(count<EndSession>(stored_.front()), 1u);
  EXPECT_EQ(count<AppendAudit>(stored_.front()), 1u);
  EXPECT_FALSE(directory().phone(mac(1))->assigned);
}

TEST_F(Desks, LogOutOnlyWhoIsLoggedIn) {
  have_desk(mac(1));
  EXPECT_EQ(answer_to([](auto& a, auto done) { a.log_out(mac(1), by(), done); }).outcome, Outcome::unknown);
}

TEST_F(Desks, PhonesAreAssignedToADeskOrAPersonAndNotToBoth) {
  have_extension("101");
  EXPECT_EQ(assign(mac(1)).outcome, Outcome::clash) << "no desk has this MAC";
  EXPECT_EQ(assign(mac(1), number("999")).outcome, Outcome::unknown);
  have_desk(mac(1));
  EXPECT_EQ(assign(mac(1), number("101")).outcome, Outcome::clash) << "it is a desk";
  EXPECT_EQ(assign(mac(2), number("101")).outcome, Outcome::ok);
  EXPECT_EQ(directory().phones_of(number("101")).size(), 1u);
}

TEST_F(Desks, PhonesThatNobodyHasSeenAreNeitherProvisionedNorForgotten) {
  EXPECT_EQ(answer_to([](auto& a, auto done) { a.provision_phone(mac(1), by(), done); }).outcome, Outcome::unknown);
  EXPECT_EQ(answer_to([](auto& a, auto done) { a.forget_phone(mac(1), by(), done); }).outcome, Outcome::unknown);
  Phone seen{.mac = mac(1)};
  have(PutPhone{seen});
  EXPECT_EQ(answer_to([](auto& a, auto done) { a.provision_phone(mac(1), by(), done); }).outcome, Outcome::clash);
}

TEST_F(Desks, OnlyPhonesThatCanHearOfItAreRestarted) {
  const auto restart = [this](const Mac& phone) {
    return answer_to([phone](auto& a, auto done) { a.restart_phone(phone, by(), done); });
  };
  EXPECT_EQ(restart(mac(1)).outcome, Outcome::unknown);
  have(PutPhone{Phone{.mac = mac(1)}});
  EXPECT_EQ(restart(mac(1)).outcome, Outcome::clash) << "not assigned";
  have_desk(mac(2));
  EXPECT_EQ(assign(mac(2)).outcome, Outcome::ok);
  EXPECT_EQ(restart(mac(2)).outcome, Outcome::clash) << "not registered";
  Phone poly{.mac = *Mac::parse("0004f2000001")};
  poly.vendor = phones::Vendor::poly;
  poly.assigned = true;
  have(PutPhone{poly});
  const auto answer = restart(poly.mac);
  EXPECT_EQ(answer.outcome, Outcome::refused);
  EXPECT_THAT(answer.message, testing::StartsWith("Poly phones can't be told to restart"));
}

// What a phone knows is good for nothing once it is forgotten, also when its MAC is assigned again.
TEST_F(Desks, AForgottenPhoneLeavesNoCredentialsThatAreGood) {
  have_extension("101");
  const HotDesk desk = have_desk(mac(1));
  EXPECT_EQ(assign(mac(1)).outcome, Outcome::ok);
  have_session(desk, "101");
  EXPECT_EQ(answer_to([](auto& a, auto done) { a.forget_phone(mac(1), by(), done); }).outcome, Outcome::ok);
  const Changes& all = stored_.front();
  EXPECT_EQ(count<EndSession>(all), 1u);
  EXPECT_EQ(count<RenewIdle>(all), 1u);
  EXPECT_EQ(count<ForgetOldCredentials>(all), 1u);
  EXPECT_EQ(count<DeletePhone>(all), 1u);
  EXPECT_NE(directory().desk(desk.id)->idle, desk.idle);
  EXPECT_FALSE(directory().identity("u101").session);
  EXPECT_FALSE(directory().identity("u101").old);
}

// It is there, waits to be assigned, and knows nothing that is good any more.
TEST_F(Desks, AnUnassignedPhoneWaitsToBeAssignedAndLeavesNoCredentialsThatAreGood) {
  have_extension("101");
  const HotDesk desk = have_desk(mac(1));
  have_session(desk, "101");
  have_own_phone(mac(2), "101");
  const auto unassign = [this](const Mac& which) {
    return answer_to([&](auto& a, auto done) { a.unassign_phone(which, by(), done); }).outcome;
  };
  EXPECT_EQ(assign(mac(1)).outcome, Outcome::ok);
  EXPECT_EQ(unassign(mac(1)), Outcome::ok);
  EXPECT_EQ(count<EndSession>(stored_.front()), 1u);
  EXPECT_EQ(count<DeletePhone>(stored_.front()), 0u);
  EXPECT_FALSE(directory().phone(mac(1))->assigned);
  ASSERT_TRUE(directory().desk(desk.id)) << "the desk stays";
  EXPECT_NE(directory().desk(desk.id)->idle, desk.idle);
  EXPECT_FALSE(directory().identity("u101").session);
  EXPECT_EQ(unassign(mac(1)), Outcome::clash) << "it isn't assigned";
  EXPECT_EQ(assign(mac(1)).outcome, Outcome::ok) << "and is assigned again";

  EXPECT_EQ(unassign(mac(2)), Outcome::ok);
  EXPECT_TRUE(directory().phones_of(number("101")).empty());
  EXPECT_FALSE(directory().phone(mac(2))->credentials);
  EXPECT_EQ(unassign(mac(3)), Outcome::unknown);
}

TEST_F(Desks, ClearingWhatWasSeenIsAudited) {
  std::optional<std::size_t> cleared;
  administration_ptr()->clear_phones(std::nullopt, by("phones.cleared"), [&](std::size_t n) { cleared = n; });
  EXPECT_FALSE(cleared) << "not before its record is durable";
  EXPECT_EQ(count<AppendAudit>(store_next()), 1u);
  EXPECT_EQ(cleared, 0u);
}

// What is decided is decided by the records as they are when it is its turn.
TEST_F(Desks, PlainRecordsAreChangedOneAfterTheOther) {
  have_sbc("branch-1");
  const auto to_zone = [](const std::string& from, const std::string& to) {
    return [=](auto& a, auto done) {
      a.change(
          [=](const Directory& directory) -> api::Domain::Decision {
            Sbc sbc = *directory.sbc("branch-1");
            if (sbc.time_zone != from) return api::Answer{Outcome::clash, "it is " + sbc.time_zone};
            sbc.time_zone = to;
            return Changes{PutSbc{sbc}};
          },
          by("sbc.changed"), done);
    };
  };
  const AskedPtr first = ask(to_zone("Europe/Berlin", "Europe/Rome")),
                 second = ask(to_zone("Europe/Berlin", "Europe/Paris")),
                 third = ask(to_zone("Europe/Rome", "Europe/Malta"));
  EXPECT_FALSE(first->answer);
  const Changes changes = store_next();
  EXPECT_EQ(count<AppendAudit>(changes), 1u);
  EXPECT_EQ(first->outcome(), Outcome::ok);
  EXPECT_EQ(second->outcome(), Outcome::clash);
  store_next(false);
  EXPECT_EQ(third->outcome(), Outcome::unavailable);
  EXPECT_EQ(directory().sbc("branch-1")->time_zone, "Europe/Rome");
}

class Sbcs : public AdministrationTest {
 protected:
  api::Answer create(const std::string& name) {
    return answer_to([=](auto& a, auto done) { a.create_sbc({name, std::nullopt}, by(), done); });
  }
};

TEST_F(Sbcs, AreMadeOnce) {
  EXPECT_EQ(create("branch-1").outcome, Outcome::ok);
  EXPECT_EQ(directory().sbc("branch-1")->time_zone, "Europe/Nicosia") << "the core's where none is named";
  EXPECT_EQ(create("branch-1").outcome, Outcome::clash);
}

TEST_F(Sbcs, GiveTheirKeyOnlyWhereItWasStored) {
  Secret given{"none yet"};
  administration_ptr()->create_sbc({"branch-1", std::nullopt}, by(),
                                   [&](const api::Answer&, Secret key) { given = std::move(key); });
  store_next(false);
  EXPECT_TRUE(given.empty());
  administration_ptr()->create_sbc({"branch-1", std::nullopt}, by(),
                                   [&](const api::Answer&, Secret key) { given = std::move(key); });
  store_next();
  EXPECT_EQ(given.reveal(), "rd1-key");
}

TEST_F(Sbcs, ThatAreNotThereCanNotBeChanged) {
  for (const auto& answer : {answer_to([](auto&a, auto done) { a.renew_enrolment_key("branch-1", by(), done); }),
                             answer_to([](auto&a, auto done) { a.delete_sbc("branch-1", by(), done); })})
    EXPECT_EQ(answer.outcome, Outcome::unknown);
}

TEST_F(Sbcs, AreDeletedWhenNoDeskStandsThereAndTheirPhonesWithThem) {
  have_sbc("branch-1");
  have_desk(mac(1), SiteId{"branch-1"});
  Phone phone{.mac = mac(2)};
  phone.site = SiteId{"branch-1"};
  have(PutPhone{phone});
  const auto remove = [this] { return answer_to([](auto& a, auto done) { a.delete_sbc("branch-1", by(), done); }); };
  const auto answer = remove();
  EXPECT_EQ(answer.outcome, Outcome::clash);
  EXPECT_THAT(answer.message, HasSubstr("HD0001"));
  EXPECT_TRUE(kicked_.empty());
  EXPECT_EQ(answer_to([](auto& a, auto done) { a.delete_desk(mac(1), by(), done); }).outcome, Outcome::ok);
  EXPECT_EQ(remove().outcome, Outcome::ok);
  EXPECT_THAT(kicked_, ElementsAre("branch-1"));
  EXPECT_FALSE(directory().phone(mac(2)));
}

}  // namespace
}  // namespace roamdesk::test
