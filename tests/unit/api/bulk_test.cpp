#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "fixture.hpp"

// Imports and rounds of provisioning, as jobs.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class BulkTest : public ApiTest {
 protected:
  JsonAnswer send_sheet(const std::string& path, const std::string& text) {
    if (token_.empty()) token_ = log_in("admin", "administrator's");
    return sheet(path, text, token_);
  }
  JsonAnswer sheet(const std::string& path, const std::string& text, const std::string& token) {
    HttpClient client(at_, false, {});
    client.send("POST /api/v1" + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token +
                "\r\nContent-Type: text/csv\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text);
    const auto answer = client.read_answer();
    JsonAnswer result;
    if (!answer) return result;
    result.status = answer->status;
    result.fields = answer->fields;
    if (!answer->body.empty()) result.body = json::parse(answer->body);
    return result;
  }
  // The job once it has ended.
  json::object ended(const JsonAnswer& started) {
    EXPECT_EQ(started.status, 202) << json::serialize(started.body);
    const std::string id(started.body.at("id").as_string());
    EXPECT_EQ(started.fields.at("location"), "/api/v1/jobs/" + id);
    for (int i = 0; i < 2000; ++i) {
      const JsonAnswer job = admin("GET", "/jobs/" + id);
      if (job.status != 200 || job.body.at("state") != "running") return job.body.as_object();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "it doesn't end";
    return {};
  }
  void have_phones(std::size_t count) {
    on_domain([&] {
      for (std::size_t i = 0; i < count; ++i) {
        const Mac mac = Mac::parse("0015650000" + std::to_string(10 + i)).value();
        api::PhoneView phone{mac, phones::Vendor::yealink, i == 0 ? "T42S" : "T46S", "", true, "", local_site(), {},
                             {}};
        phone.assigned_to = HotDeskId{"HD" + std::to_string(i)};
        domain_.phones_.emplace(mac.text(), phone);
      }
    });
  }
};

TEST_F(BulkTest, ImportsASheetAsAJob) {
  ASSERT_EQ(admin("POST", "/extensions", R"({"number":"101","name":"Alice","voicemail_pin":"8265"})").status, 201);
  const std::string text = "number,name,hot_desking,voicemail_pin\n101,Alicia,,\n102,Bob,true,7391\n103,Carol,,\n";
  const JsonAnswer preview = send_sheet("/extensions/import?dry_run=true", text);
  EXPECT_EQ(preview.status, 200);
  EXPECT_EQ(preview.body.at("create"), 2);
  EXPECT_EQ(preview.body.at("update"), 1);
  EXPECT_EQ(admin("GET", "/extensions").body.as_array().size(), 1u);

  const json::object job = ended(send_sheet("/extensions/import", text));
  EXPECT_EQ(job.at("state"), "done");
  EXPECT_EQ(job.at("kind"), "import");
  EXPECT_EQ(job.at("done"), 3);
  EXPECT_EQ(job.at("total"), 3);
  EXPECT_TRUE(job.at("problems").as_array().empty());
  EXPECT_EQ(admin("GET", "/extensions/101").body.at("name"), "Alicia");
  EXPECT_EQ(admin("GET", "/extensions/102").body.at("hot_desking"), true);
  const auto hash = [&](const char* number) {
    return domain_.extension(ExtensionNumber{number})->record.pin_hash.str();
  };
  EXPECT_TRUE(hasher_->verify_now(crypto::Kind::pin, Secret{"8265"}, hash("101")))
      << "a PIN that the sheet doesn't name";
  EXPECT_TRUE(hasher_->verify_now(crypto::Kind::pin, Secret{"7391"}, hash("102")));
  EXPECT_THAT(hash("103"), HasSubstr("scrypt$"));
  const std::string audit = json::serialize(admin("GET", "/audit").body);
  EXPECT_THAT(audit, HasSubstr("job.started"));
  EXPECT_THAT(audit, HasSubstr("job.done"));
  EXPECT_THAT(audit, HasSubstr(R"("action":"extension.changed","subject":"101","detail":"import: name")"));
  EXPECT_THAT(audit, testing::Not(HasSubstr("7391")));
  EXPECT_EQ(admin("GET", "/jobs").body.as_array().size(), 1u);
}

TEST_F(BulkTest, TellsThePinsThatAnImportMadeUpInItsAnswerAndNeverAgain) {
  ASSERT_EQ(admin("POST", "/extensions", R"({"number":"101","name":"Alice","voicemail_pin":"8265"})").status, 201);
  const std::string text = "number,name,voicemail_pin\n101,Alicia,\n102,Bob,7391\n103,Carol,\n104,,\n";
  EXPECT_FALSE(send_sheet("/extensions/import?dry_run=true", text).body.as_object().contains("pins"));
  const JsonAnswer started = send_sheet("/extensions/import", text);
  const json::object job = ended(started);
  EXPECT_FALSE(job.contains("pins"));
  const json::array& pins = started.body.at("pins").as_array();
  ASSERT_EQ(pins.size(), 2u) << "neither those that the sheet gives nor those that stay";
  EXPECT_EQ(pins.at(0).at("name"), "Carol");
  for (const json::value& one : pins) {
    const std::string number(one.at("number").as_string()), pin(one.at("voicemail_pin").as_string());
    EXPECT_TRUE(hasher_->verify_now(crypto::Kind::pin, Secret{pin},
                                    domain_.extension(ExtensionNumber{number})->record.pin_hash.str()))
        << number;
    for (const char* path : {"/audit", "/jobs", "/extensions"})
      EXPECT_THAT(json::serialize(admin("GET", path).body), testing::Not(HasSubstr(pin))) << path;
  }
  // What is there already gets none.
  EXPECT_TRUE(send_sheet("/extensions/import", text).body.at("pins").as_array().empty());
}

TEST_F(BulkTest, RefusesASheetAsAWhole) {
  const JsonAnswer refused = send_sheet("/extensions/import", "number,voicemail_pin\n101,8265\n102,1234\n");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.fields.at("content-type"), "application/problem+json");
  EXPECT_EQ(refused.body.at("errors"), 1);
  EXPECT_EQ(refused.body.at("rows").as_array().at(1).at("line"), 3);
  EXPECT_EQ(admin("GET", "/extensions").body.as_array().size(), 0u);
  EXPECT_EQ(send_sheet("/extensions/import", "colour\nred\n").status, 422);
  EXPECT_EQ(send_sheet("/extensions/import?dry_run=perhaps", "number\n1\n").status, 400);
  EXPECT_EQ(admin("POST", "/extensions/import", "{}").status, 415);
  EXPECT_EQ(sheet("/extensions/import", "number\n101\n", user("olga", "operator")).status, 403);
  EXPECT_EQ(admin("GET", "/jobs").body.as_array().size(), 0u);
}

TEST_F(BulkTest, CancelsAnImportAndKeepsWhatWasDone) {
  std::string text = "number,voicemail_pin\n";
  for (int i = 0; i < 2000; ++i) text += std::to_string(10000 + i) + ",826571\n";
  const JsonAnswer started = send_sheet("/extensions/import", text);
  ASSERT_EQ(started.status, 202);
  EXPECT_EQ(send_sheet("/extensions/import", "number\n101\n").status, 409) << "a second one beside it";
  const std::string path = "/jobs/" + std::string(started.body.at("id").as_string());
  EXPECT_EQ(call("DELETE", path, "", user("olga", "operator")).status, 403);
  EXPECT_EQ(admin("DELETE", path).status, 204);
  EXPECT_EQ(admin("DELETE", path).status, 409);
  const JsonAnswer job = admin("GET", path);
  EXPECT_EQ(job.body.at("state"), "cancelled");
  EXPECT_LT(job.body.at("done").as_int64(), 2000);
  EXPECT_TRUE(job.body.at("ended").is_string());
  // The next one may begin.
  EXPECT_EQ(ended(send_sheet("/extensions/import", "number\n101\n")).at("state"), "done");
}

TEST_F(BulkTest, FailsWhereTheStoreFails) {
  on_domain([&] { domain_.store_fails = true; });
  const json::object job = ended(send_sheet("/extensions/import", "number\n101\n102\n"));
  EXPECT_EQ(job.at("state"), "failed");
  EXPECT_EQ(job.at("problems").as_array().at(0).at("line"), 2);
  EXPECT_EQ(job.at("problems").as_array().at(0).at("subject"), "101");
}

TEST_F(BulkTest, ExportsWhatItImportsAgain) {
  ASSERT_EQ(admin("POST", "/extensions", R"({"number":"101","name":"=1+1","voicemail_pin":"8265"})").status, 201);
  HttpClient client(at_, false, {});
  const auto file = client.call("GET", "/api/v1/extensions.csv", "", "Authorization: Bearer " + token_ + "\r\n");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->status, 200);
  EXPECT_EQ(file->body, "\xEF\xBB\xBFnumber,name,hot_desking,voicemail_pin,keys\r\n101,'=1+1,false,,\r\n");
  EXPECT_EQ(send_sheet("/extensions/import?dry_run=true", file->body).body.at("unchanged"), 1);
}

TEST_F(BulkTest, ProvisionsPhonesOneAfterTheOther) {
  have_phones(3);
  const std::string olga = user("olga", "operator");
  const auto round = [&](const char* body) { return call("POST", "/phones/provision", body, olga); };
  EXPECT_EQ(ended(round(R"({"macs":["001565000010","001565000012"]})")).at("done"), 2);
  EXPECT_EQ(ended(round(R"({"vendor":"Yealink","model":"t46s"})")).at("total"), 2);
  EXPECT_EQ(ended(round(R"({"site":"local"})")).at("total"), 3);
  EXPECT_EQ(round(R"({"site":"branch-1"})").status, 422);
  EXPECT_EQ(round(R"({"macs":["001565ffffff"]})").status, 404);
  EXPECT_EQ(round(R"({"macs":["001565"]})").status, 422);
  EXPECT_EQ(round(R"({"model":"T46S"})").status, 400);
  EXPECT_EQ(round(R"({"site":"local","macs":[]})").status, 400);
  EXPECT_EQ(round("{}").status, 400);
}

TEST(Hasher, APinAtADeskWaitsForNoneOfTheConsolesPasswords) {
  for (const std::size_t threads : {1u, 2u, 4u}) {
    // What the answers go to outlives the hasher's threads.
    std::atomic<std::size_t> passwords{0};
    std::promise<std::pair<api::Hasher::Verdict, std::size_t>> answered;
    api::Hasher hasher({.pepper = Secret{"pepper"}, .threads = threads});
    const std::string stored = hasher.hash_now(crypto::Kind::pin, Secret{"8265"});
    for (int i = 0; i < 100; ++i)
      hasher.verify(crypto::Kind::password, Secret{"guess"}, "", [&](api::Hasher::Verdict) { ++passwords; });
    hasher.verify(
        crypto::Kind::pin, Secret{"8265"}, stored,
        [&](api::Hasher::Verdict verdict) {
          answered.set_value({verdict, passwords.load()});
        },
        api::Hasher::Urgency::at_a_desk);
    const auto [verdict, before] = answered.get_future().get();
    EXPECT_EQ(verdict, api::Hasher::Verdict::right);
    EXPECT_LE(before, 2 * threads) << "those under way, and no more";
  }
}

TEST(Hasher, AFullConsoleTurnsNoDeskAway) {
  std::atomic<int> turned_away{0};
  std::promise<api::Hasher::Verdict> answered;
  api::Hasher hasher({.pepper = Secret{"pepper"}, .threads = 1, .waiting = 4});
  for (int i = 0; i < 20; ++i)
    hasher.verify(crypto::Kind::password, Secret{"guess"}, "",
                  [&](api::Hasher::Verdict verdict) { turned_away += verdict == api::Hasher::Verdict::busy; });
  EXPECT_GE(turned_away, 15);
  hasher.verify(
      crypto::Kind::pin, Secret{"8265"}, "", [&](api::Hasher::Verdict verdict) { answered.set_value(verdict); },
      api::Hasher::Urgency::at_a_desk);
  EXPECT_EQ(answered.get_future().get(), api::Hasher::Verdict::wrong);
}

TEST(Hasher, DoesWhatSomebodyWaitsForBeforeWhatComesInBulk) {
  api::Hasher hasher({.pepper = Secret{"pepper"}, .threads = 1});
  std::mutex mutex;
  std::vector<std::string> order;
  std::promise<void> all;
  const auto note = [&](const char* what) {
    return [&, what](auto) {
      const std::lock_guard lock(mutex);
      order.emplace_back(what);
      if (order.size() == 5) all.set_value();
    };
  };
  for (int i = 0; i < 4; ++i)
    hasher.hash(crypto::Kind::pin, Secret{"8265"}, note("bulk"), api::Hasher::Urgency::in_bulk);
  hasher.verify(crypto::Kind::pin, Secret{"8265"}, "", note("login"));
  ASSERT_EQ(all.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
  // The first may have been under way.
  EXPECT_TRUE(order[0] == "login" || order[1] == "login") << testing::PrintToString(order);
}

}  // namespace
}  // namespace roamdesk::test
