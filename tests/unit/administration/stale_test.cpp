#include "fixture.hpp"
#include "pbx-core/api/versions.hpp"

// Of two changes that wait for their turn, the second one's condition is asked when the first is stored.
namespace roamdesk::test {
namespace {

class TwoAtTheSameMoment : public AdministrationTest {
 protected:
  // As the API asks where the request names the version that is there now.
  api::Actor over(api::VersionOf version, const std::string& key) {
    api::Actor actor = by();
    actor.still = [version, key, seen = version(*administration_ptr(), key)](const api::Domain& domain) {
      return version(domain, key) == seen;
    };
    return actor;
  }
  void expect_the_first_alone(const AskedPtr& first, const AskedPtr& second) {
    store_everything();
    EXPECT_EQ(first->outcome(), Outcome::ok) << first->message();
    EXPECT_EQ(second->outcome(), Outcome::stale) << second->message();
  }
};

TEST_F(TwoAtTheSameMoment, ChangeAnExtensionOnce) {
  have_extension("101");
  const auto name = [&](const std::string& to) {
    return ask([&, actor = over(api::extension_version, "101")](auto& a, auto done) {
      a.change_extension(number("101"), {.name = to}, actor, done);
    });
  };
  const auto first = name("First"), second = name("Second");
  expect_the_first_alone(first, second);
  EXPECT_EQ(directory().extension(number("101"))->name, "First");
}

TEST_F(TwoAtTheSameMoment, ChangeADeskOnceAndDoNotDeleteItUnseen) {
  have_desk(mac(1));
  const auto actor = over(api::desk_version, mac(1).text());
  const auto first = ask([&](auto& a, auto done) { a.change_desk(mac(1), {.model = "T46S"}, actor, done); });
  const auto second = ask([&](auto& a, auto done) { a.delete_desk(mac(1), actor, done); });
  expect_the_first_alone(first, second);
  EXPECT_EQ(directory().desk_of(mac(1))->model, "T46S");
}

TEST_F(TwoAtTheSameMoment, ChangeARecordOnce) {
  have(Put<Location>{{.name = "house"}});
  const auto note = [&](const std::string& to) {
    return ask([&, actor = over(api::record_version<Location>, "house")](auto& a, auto done) {
      a.change(
          [to](const Directory& directory) -> api::Domain::Decision {
            Location location = directory.all<Location>().at("house");
            location.note = to;
            return Changes{Put<Location>{location}};
          },
          actor, done);
    });
  };
  const auto first = note("first"), second = note("second");
  expect_the_first_alone(first, second);
  EXPECT_EQ(directory().all<Location>().at("house").note, "first");
}

TEST_F(TwoAtTheSameMoment, SwitchNoneOfManyOfWhichOneWasChanged) {
  for (const auto* digits : {"101", "102"}) have_extension(digits);
  const auto first = ask([](auto& a, auto done) { a.change_extension(number("102"), {.name = "First"}, by(), done); });
  const auto second = ask([&, actor = over(api::extension_version, "102")](auto& a, auto done) {
    a.set_hot_desking({number("101"), number("102")}, false, actor, done);
  });
  expect_the_first_alone(first, second);
  EXPECT_TRUE(directory().extension(number("101"))->hot_desking);
}

TEST_F(TwoAtTheSameMoment, WithoutAConditionUndoNothingOfEachOther) {
  have_desk(mac(1));
  const auto language = ask([&](auto& a, auto done) {
    a.change_desk(mac(1), {.options = [](DeskOptions& o) { o.language = "de"; }}, by(), done);
  });
  const auto place = ask([&](auto& a, auto done) {
    a.change_desk(mac(1), {.options = [](DeskOptions& o) { o.location = "floor 2"; }}, by(), done);
  });
  const auto code =
      ask([](auto& a, auto done) { a.change_settings([](Settings& now) { now.hot_desk_code = "*70*"; }, by(), done); });
  const auto logout =
      ask([](auto& a, auto done) { a.change_settings([](Settings& now) { now.logout_code = "*71*"; }, by(), done); });
  store_everything();
  for (const auto& asked : {language, place, code, logout}) EXPECT_EQ(asked->outcome(), Outcome::ok);
  EXPECT_EQ(directory().desk_of(mac(1))->options.language, "de");
  EXPECT_EQ(directory().desk_of(mac(1))->options.location, "floor 2");
  EXPECT_EQ(administration_ptr()->settings().hot_desk_code, "*70*");
  EXPECT_EQ(administration_ptr()->settings().logout_code, "*71*");
}

class AuditOf : public AdministrationTest {
 protected:
  std::vector<FieldChange> last() const {
    for (auto vector = stored_.rbegin(); vector != stored_.rend(); ++vector)
      for (const Change& change : *vector)
        if (const auto* audit = std::get_if<AppendAudit>(&change)) return audit->record.changes;
    return {};
  }
};

TEST_F(AuditOf, AChangeTellsWhatWasAndWhatIs) {
  have_extension("101");
  answer_to([](auto& a, auto done) { a.change_extension(number("101"), {.name = "Ann"}, by(), done); });
  EXPECT_THAT(last(), testing::ElementsAre(FieldChange{"name", "Person 101", "Ann"}));
  have_sbc("berlin");
  have_desk(mac(1));
  answer_to([](auto& a, auto done) {
    a.change_desk(
        mac(1),
        {.place = api::DeskPatch::Place{SiteId{"berlin"}, {}}, .options = [](DeskOptions& o) { o.language = "de"; }},
        by(), done);
  });
  EXPECT_THAT(last(),
              testing::ElementsAre(FieldChange{"site", "local", "berlin"}, FieldChange{"options.language", "", "de"}));
  answer_to([](auto& a, auto done) { a.change_settings([](Settings& s) { s.logout_code = "*79*"; }, by(), done); });
  EXPECT_THAT(last(), testing::ElementsAre(FieldChange{"codes.logout", "*77*5*", "*79*"}));
  answer_to([](auto& a, auto done) { a.set_hot_desking({number("101")}, false, by("extension.changed"), done); });
  EXPECT_THAT(last(), testing::ElementsAre(FieldChange{"hot_desking", "true", "false"}));
}

TEST_F(AuditOf, AChangeNeverTellsASecretAndNothingOfWhatIsNew) {
  Trunk trunk;
  trunk.name = "provider";
  trunk.password = Secret{"first secret"};
  have(Put<Trunk>{trunk});
  const auto put = [&] {
    answer_to([&](auto& a, auto done) {
      a.change([&](const Directory&) -> api::Domain::Decision { return Changes{Put<Trunk>{trunk}}; }, by(), done);
    });
  };
  trunk.password = Secret{"second secret"};
  put();
  EXPECT_TRUE(last().empty());
  trunk.name = "other";
  put();
  EXPECT_TRUE(last().empty());
  have_extension("101");
  answer_to([](auto& a, auto done) { a.change_extension(number("101"), {.pin_hash = "scrypt$y"}, by(), done); });
  EXPECT_TRUE(last().empty());
}

TEST_F(AuditOf, ALongTextIsCutBetweenCharacters) {
  have(Put<Location>{{.name = "house"}});
  answer_to([](auto& a, auto done) {
    a.change(
        [](const Directory& directory) -> api::Domain::Decision {
          Location location = directory.all<Location>().at("house");
          for (int i = 0; i < 300; ++i) location.note += "ü";
          return Changes{Put<Location>{location}};
        },
        by(), done);
  });
  ASSERT_EQ(last().size(), 1u);
  EXPECT_EQ(last().front().to.size(), 200u + std::string("…").size());
}

}  // namespace
}  // namespace roamdesk::test
