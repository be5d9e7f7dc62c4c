#include <gmock/gmock.h>

#include <future>

#include "fixture.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::test {
namespace {

class CallRecords : public testing::Test {
 protected:
  static CallRecord call(const std::string& from, const std::string& to, int second, CallOutcome outcome) {
    CallRecord r;
    r.call = from + to + std::to_string(second);
    r.from = from;
    r.from_name = "=Ünal, \"Bob\"";
    r.to = to;
    r.started = at(second);
    r.ended = at(second + 5);
    if (outcome == CallOutcome::answered) r.answered = at(second + 1);
    r.outcome = outcome;
    r.from_site = SiteId{"branch-1"};
    r.from_desk = "HD0001";
    r.trunk = "provider";
    return r;
  }
  std::vector<CallRecord> read(store::CallQuery query) {
    std::promise<store::CallPage> answer;
    store_.call_records(std::move(query), [&](store::CallPage page) { answer.set_value(std::move(page)); });
    page_ = answer.get_future().get();
    return page_.records;
  }
  std::vector<std::string> froms(store::CallQuery query) {
    std::vector<std::string> all;
    for (const auto& r : read(std::move(query))) all.push_back(r.from);
    return all;
  }
  void SetUp() override {
    ASSERT_TRUE(commit(store_, {AppendCallRecord{call("101", "102", 100, CallOutcome::answered)},
                                AppendCallRecord{call("102", "103", 200, CallOutcome::busy)},
                                AppendCallRecord{call("103", "101", 300, CallOutcome::no_answer)}})
                    .has_value());
  }
  TemporaryDirectory directory_;
  store::Store store_{{.file = directory_.path() / "store.db", .vfs = {}}};
  store::CallPage page_;
};

TEST_F(CallRecords, ComeBackAsTheyWerePut) {
  auto first = read({}).back();
  EXPECT_EQ(first.id, 1);
  first.id = 0;
  EXPECT_EQ(first, call("101", "102", 100, CallOutcome::answered));
}

TEST_F(CallRecords, AreFoundByANameAndByWhoLoggedInByThem) {
  auto login = call("HD0001", "*77*201*", 400, CallOutcome::refused);
  login.to_name = "Bob_C 100%";
  auto other = call("HD0001", "*77*2011*", 401, CallOutcome::answered);
  other.to_name = "Ulla Cole";
  ASSERT_TRUE(commit(store_, {AppendCallRecord{login}, AppendCallRecord{other}}).has_value());
  const auto tos = [&](store::CallQuery query) {
    std::vector<std::string> all;
    for (const auto& r : read(std::move(query))) all.push_back(r.to);
    return all;
  };
  EXPECT_THAT(tos({.extension = "201"}), testing::ElementsAre("*77*201*"));
  EXPECT_THAT(tos({.text = "ulla"}), testing::ElementsAre("*77*2011*"));
  EXPECT_THAT(tos({.text = "*77*"}), testing::SizeIs(2));
  EXPECT_THAT(tos({.text = "10"}), testing::SizeIs(4)) << "numbers as well";
  // What LIKE takes for a wildcard stands for itself.
  EXPECT_THAT(tos({.text = "b_c"}), testing::ElementsAre("*77*201*"));
  EXPECT_THAT(tos({.text = "l_a"}), testing::IsEmpty());
  EXPECT_THAT(tos({.text = "0%"}), testing::ElementsAre("*77*201*"));
  EXPECT_THAT(tos({.extension = "%"}), testing::IsEmpty());
}

TEST_F(CallRecords, OfCallsForHelpKeepWhereTheyCameFrom) {
  auto known = call("101", "112", 400, CallOutcome::failed),
       stranger = call("192.0.2.9", "112", 401, CallOutcome::failed);
  known.emergency = EmergencyPlace{SiteId{"branch-1"}, "192.0.2.1:5060", "112", Mac::parse("001565000001"),
                                   "HD0001",           "Room \"5\"",     "101", "Ünal"};
  stranger.emergency = EmergencyPlace{local_site(), "192.0.2.9:5060", "urn:service:sos"};
  ASSERT_TRUE(commit(store_, {AppendCallRecord{known}, AppendCallRecord{stranger}}).has_value());
  const auto all = read({});
  EXPECT_EQ(all[0].emergency, stranger.emergency);
  EXPECT_EQ(all[1].emergency, known.emergency);
  EXPECT_EQ(all[2].emergency, std::nullopt);
}

TEST_F(CallRecords, AreFoundByPartyTimeAndOutcome) {
  using testing::ElementsAre;
  EXPECT_THAT(froms({}), ElementsAre("103", "102", "101"));
  EXPECT_THAT(froms({.extension = "101"}), ElementsAre("103", "101"));
  EXPECT_THAT(froms({.since = at(200), .until = at(300)}), ElementsAre("102"));
  EXPECT_THAT(froms({.outcome = CallOutcome::no_answer}), ElementsAre("103"));
}

// A site's name is no part of another one's, and no pattern.
TEST_F(CallRecords, AreFoundByTheSitesOfTheirPhones) {
  for (const char* sites : {",a,", ",b,a,", ",aa,", ",a-b,"}) {
    auto one = call(sites, "1", 500, CallOutcome::answered);
    one.sites = sites;
    ASSERT_TRUE(commit(store_, {AppendCallRecord{one}}).has_value());
  }
  EXPECT_THAT(froms({.sites = {"a"}}), testing::ElementsAre(",b,a,", ",a,"));
  EXPECT_THAT(froms({.sites = {"b", "aa"}}), testing::ElementsAre(",aa,", ",b,a,"));
  EXPECT_THAT(froms({.sites = {"_"}}), testing::ElementsAre());
  EXPECT_THAT(froms({.sites = {"%"}}), testing::ElementsAre());
  EXPECT_THAT(froms({.text = ",a,", .sites = {"aa"}}), testing::ElementsAre());
}

TEST_F(CallRecords, AreReadInPages) {
  EXPECT_EQ(read({.limit = 2}).size(), 2u);
  ASSERT_TRUE(page_.next);
  EXPECT_THAT(froms({.before = page_.next, .limit = 2}), testing::ElementsAre("101"));
  EXPECT_FALSE(page_.next);
}

TEST_F(CallRecords, GoWithTheAuditsOldRecords) {
  ASSERT_TRUE(commit(store_, {TrimHistory{at(200)}}).has_value());
  EXPECT_THAT(froms({}), testing::ElementsAre("103", "102"));
}

}  // namespace
}  // namespace roamdesk::test
