#include <gmock/gmock.h>

#include <future>
#include <stop_token>

#include "fixture.hpp"
#include "pbx-core/store/copy.hpp"

// The history: trimmed, numbered and read page by page.
namespace roamdesk::test {
namespace {

class StoreAudit : public StoreTest {};

TEST_F(StoreAudit, TrimsTheAuditButNeverGivesAnIdTwice) {
  const auto said = [](std::int64_t when) {
    AuditRecord record;
    record.at = at(when);
    record.action = "login";
    return AppendAudit{record};
  };
  const auto ids = [](store::Store& store) {
    std::promise<std::vector<std::int64_t>> answer;
    store.audit({}, [&](const store::AuditPage& page) {
      std::vector<std::int64_t> found;
      for (const auto& record : page.records) found.push_back(record.id);
      answer.set_value(found);
    });
    return answer.get_future().get();
  };
  {
    store::Store store(options());
    ASSERT_TRUE(
        commit(store, {TrimHistory{at(1000)}, said(1), said(2), said(3), said(4), TrimHistory{at(3)}}).has_value());
    EXPECT_THAT(ids(store), testing::ElementsAre(4, 3));
    ASSERT_TRUE(commit(store, {TrimHistory{at(1000)}}).has_value());
    EXPECT_THAT(ids(store), testing::ElementsAre(4));
  }
  store::Store store(options());
  ASSERT_TRUE(commit(store, {said(2000)}).has_value());
  EXPECT_THAT(ids(store), testing::ElementsAre(5, 4));
}

TEST_F(StoreAudit, IsNotCopiedToItsEndWhereTheCopyIsStopped) {
  store::Store store(options());
  Changes many;
  for (int i = 0; i < 5'000; ++i) many.push_back(AppendAudit{{0, at(i), "admin", "x", "login", "HD0001", "y"}});
  ASSERT_TRUE(commit(store, std::move(many)).has_value());
  std::stop_source source;
  store::copy_store(options().file, directory_.path() / "whole", source.get_token());
  store::check_store(directory_.path() / "whole", source.get_token());
  source.request_stop();
  EXPECT_THROW(store::copy_store(options().file, directory_.path() / "part", source.get_token()), store::StoreError);
  EXPECT_THROW(store::check_store(directory_.path() / "whole", source.get_token()), store::StoreError);
}

TEST_F(StoreAudit, IsReadBySite) {
  store::Store store(options());
  for (const char* site : {"a", "b", "", "aa"}) {
    AuditRecord record{0, at(1), "admin", "x", "login", site, ""};
    record.site = site;
    ASSERT_TRUE(commit(store, {AppendAudit{record}}).has_value());
  }
  const auto subjects = [&](std::vector<std::string> sites) {
    store::AuditQuery query;
    query.sites = std::move(sites);
    std::promise<store::AuditPage> answer;
    store.audit(query, [&](store::AuditPage p) { answer.set_value(std::move(p)); });
    std::string all;
    for (const auto& record : answer.get_future().get().records) all += record.subject + ";";
    return all;
  };
  EXPECT_EQ(subjects({"a"}), "a;");
  EXPECT_EQ(subjects({"b", "aa"}), "aa;b;");
  EXPECT_EQ(subjects({"c"}), "");
  EXPECT_EQ(subjects({}), "aa;;b;a;");
}

TEST_F(StoreAudit, PagesTheAuditNewestFirst) {
  const auto page = [](store::Store& store, store::AuditQuery query) {
    std::promise<store::AuditPage> answer;
    store.audit(query, [&](store::AuditPage p) { answer.set_value(std::move(p)); });
    return answer.get_future().get();
  };
  {
    store::Store store(options());
    for (int i = 0; i < 5; ++i)
      ASSERT_TRUE(commit(store, {AppendAudit{{0, at(i), "admin", "127.0.0.1", i % 2 ? "session.started" : "login",
                                              "HD0001", ""}}})
                      .has_value());
  }
  store::Store store(options());
  ASSERT_TRUE(commit(store, {AppendAudit{{0, at(5), "bob", "127.0.0.1", "login", "", "x"}}}).has_value());
  const store::AuditPage first = page(store, {.before = {}, .limit = 4, .action = {}, .subject = {}, .actor = {}});
  ASSERT_EQ(first.records.size(), 4u);
  EXPECT_EQ(first.records[0].actor, "bob");
  EXPECT_EQ(first.records[0].id, 6);
  ASSERT_TRUE(first.next.has_value());
  const store::AuditPage second =
      page(store, {.before = first.next, .limit = 4, .action = {}, .subject = {}, .actor = {}});
  EXPECT_EQ(second.records.size(), 2u);
  EXPECT_FALSE(second.next.has_value());
  EXPECT_EQ(page(store, {.before = {}, .limit = 9, .action = "session", .subject = {}, .actor = {}}).records.size(),
            2u);
  EXPECT_EQ(page(store, {.before = {}, .limit = 9, .action = {}, .subject = "HD0001", .actor = "bob"}).records.size(),
            0u);
  const auto at_times = [&](std::optional<WallTime> since, std::optional<WallTime> until) {
    store::AuditQuery query;
    query.since = since;
    query.until = until;
    return page(store, query).records.size();
  };
  EXPECT_EQ(at_times(at(2), {}), 4u);
  EXPECT_EQ(at_times({}, at(2)), 2u);
  EXPECT_EQ(at_times(at(2), at(4)), 2u);
}

}  // namespace
}  // namespace roamdesk::test
