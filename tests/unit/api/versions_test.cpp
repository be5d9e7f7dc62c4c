#include "fixture.hpp"
#include "pbx-core/api/conditions.hpp"

// Two administrators: who has seen something older changes nothing (RFC 9110 §13).
namespace roamdesk::test {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

// A record, a change by somebody else, and a change of the same member by who hasn't seen that.
struct Case {
  std::string path, theirs, stale;
  std::string member, what_they_made;  // of the record, as JSON
};
const std::vector<Case> cases = {
    {"/extensions/101", R"({"name":"Bob"})", R"({"name":"Carl"})", "name", R"("Bob")"},
    {"/extensions/101", R"({"keys":[{"type":"blf","value":"102"}]})", R"({"keys":[]})", "keys",
     R"([{"type":"blf","value":"102","label":""}])"},
    {"/hot-desks/001565aabbcc", R"({"options":{"language":"de"}})", R"({"options":{"language":"fr"}})", "options",
     R"({"language":"de"})"},
    {"/hot-desks/001565aabbcc", R"({"provisioning":{"method":"sbc","sbc":"branch-1"}})",
     R"({"vendor":"snom","model":"D785"})", "model", R"("T46U")"},
    {"/sbcs/branch-1", R"({"time_zone":"Europe/Paris"})", R"({"time_zone":"Europe/Rome"})", "time_zone",
     R"("Europe/Paris")"},
    {"/trunks/provider", R"({"calls":5})", R"({"calls":7})", "calls", "5"},
    {"/trunks/provider", R"({"password":"their new one"})", R"({"password":"my old one"})", "has_password", "true"},
    {"/outbound-rules/home", R"({"pattern":"0x."})", R"({"pattern":"9x."})", "pattern", R"("0x.")"},
    {"/inbound-numbers/+49301230", R"({"extension":"102"})", R"({"extension":"101"})", "extension", R"("102")"},
    {"/locations/house", R"({"note":"gate A"})", R"({"note":"gate B"})", "note", R"("gate A")"},
    {"/upstream-accounts/101", R"({"user":"u2"})", R"({"user":"u3"})", "user", R"("u2")"},
    {"/settings", R"({"codes":{"hot_desk":"*70*"}})", R"({"codes":{"hot_desk":"*71*"}})", "codes", ""},
    {"/users/rita", R"({"password":"another good one"})", R"({"password":"a third good one"})", "role", R"("reader")"},
    {"/users/rita", R"({"role":"operator"})", R"({"role":"administrator"})", "role", R"("operator")"},
};

class Versions : public ApiTest {
 protected:
  void SetUp() override {
    for (const auto& [path, body] : std::vector<std::pair<std::string, std::string>>{
             {"/extensions", R"({"number":"101","name":"Alice","voicemail_pin":"8265"})"},
             {"/extensions", R"({"number":"102","name":"Dora","voicemail_pin":"8265"})"},
             {"/sbcs", R"({"name":"branch-1","time_zone":"Europe/Berlin"})"},
             {"/hot-desks", R"({"mac":"001565aabbcc","vendor":"yealink","model":"T46U"})"},
             {"/trunks", R"({"name":"provider","domain":"sip.example.org","user":"u","password":"p","country":"DE"})"},
             {"/trunks", R"({"name":"old-pbx","kind":"accounts","domain":"pbx.example.org","country":"DE"})"},
             {"/outbound-rules", R"({"name":"home","pattern":"00x.","trunks":["provider"]})"},
             {"/inbound-numbers", R"({"first":"+49301230","extension":"101"})"},
             {"/locations", R"({"name":"house","address":{"country":"DE"},"trunks":["provider"]})"},
             {"/upstream-accounts", R"({"extension":"101","trunk":"old-pbx","user":"u1","password":"x"})"},
             {"/users", R"({"name":"rita","password":"a good password","role":"reader"})"}}) {
      const JsonAnswer made = admin("POST", path, body);
      ASSERT_EQ(made.status, 201) << path << json::serialize(made.body);
    }
  }
  std::string version(const std::string& path) { return admin("GET", path).fields["etag"]; }
  JsonAnswer over(const std::string& tags, const std::string& method, const std::string& path,
                  const std::string& body = {}) {
    return call(method, path, body, token_, "If-Match: " + tags + "\r\n");
  }
};

TEST_F(Versions, StandBesideEachRecordAndAreStrong) {
  for (const Case& one : cases) EXPECT_THAT(version(one.path), testing::MatchesRegex("\"[0-9a-f]{32}\"")) << one.path;
}

TEST_F(Versions, AreOthersOnceAnAdministratorHasChangedSomethingAndTheSameElse) {
  for (const Case& one : cases) {
    const std::string before = version(one.path);
    EXPECT_EQ(version(one.path), before) << one.path;
    ASSERT_EQ(admin("PATCH", one.path, one.theirs).status, 200) << one.path;
    EXPECT_NE(version(one.path), before) << one.path;
  }
  const std::string desk = version("/hot-desks/001565aabbcc");
  ASSERT_EQ(admin("POST", "/hot-desks/001565aabbcc/session", R"({"extension":"101"})").status, 201);
  EXPECT_EQ(version("/hot-desks/001565aabbcc"), desk) << "who is logged in is nobody's edit";
}

TEST_F(Versions, OfBeforeNeverOverwriteNorDeleteANewerOne) {
  for (const Case& one : cases) {
    const std::string seen = version(one.path);
    ASSERT_EQ(admin("PATCH", one.path, one.theirs).status, 200) << one.path;
    const JsonAnswer stale = over(seen, "PATCH", one.path, one.stale);
    EXPECT_EQ(stale.status, 412) << one.path;
    EXPECT_THAT(stale.detail(), HasSubstr("changed since you read it"));
    if (one.path != "/settings") {
      EXPECT_EQ(over(seen, "DELETE", one.path).status, 412) << one.path;
    }
    const json::value now = admin("GET", one.path).body;
    if (!one.what_they_made.empty()) {
      EXPECT_EQ(json::serialize(now.at(one.member)), one.what_they_made) << one.path;
    }
    EXPECT_EQ(over(version(one.path), "PATCH", one.path, one.stale).status, 200) << one.path;
  }
}

TEST_F(Versions, ThatAreNotNamedLetAChangeBeMadeOverWhateverIsThere) {
  for (const Case& one : cases) {
    ASSERT_EQ(admin("PATCH", one.path, one.theirs).status, 200) << one.path;
    EXPECT_EQ(admin("PATCH", one.path, one.stale).status, 200) << one.path;
  }
}

TEST_F(Versions, ThatNobodyHasGivenMatchNothing) {
  const std::string good = version("/extensions/101");
  for (const std::string& tags :
       {std::string("\"\""), std::string("W/") + good, good.substr(1, good.size() - 2),
        std::string("\"0123456789abcdef0123456789abcdef\""), std::string(","), version("/extensions/102")})
    EXPECT_EQ(over(tags, "PATCH", "/extensions/101", R"({"name":"X"})").status, 412) << tags;
  EXPECT_EQ(admin("GET", "/extensions/101").body.at("name"), "Alice");
  EXPECT_EQ(over("\"x\", " + good, "PATCH", "/extensions/101", R"({"name":"X"})").status, 200);
  EXPECT_EQ(over(version("/extensions/101") + ",\"y\"", "PATCH", "/extensions/101", R"({"name":"Y"})").status, 200);
  EXPECT_EQ(over("*", "PATCH", "/extensions/101", R"({"name":"Z"})").status, 200);
}

TEST_F(Versions, OfWhatHasGoneAreRefusedAsGone) {
  const std::string seen = version("/trunks/provider");
  EXPECT_EQ(over(seen, "PATCH", "/trunks/nothing", R"({"calls":1})").status, 404);
}

TEST_F(Versions, OfAnOrderAreThatOfAllRules) {
  ASSERT_EQ(admin("POST", "/outbound-rules", R"({"name":"abroad","pattern":"000x.","trunks":["provider"]})").status,
            201);
  const std::string seen = version("/outbound-rules");
  ASSERT_EQ(admin("PATCH", "/outbound-rules/home", R"({"strip":1})").status, 200);
  EXPECT_EQ(over(seen, "PUT", "/outbound-rules", R"({"names":["abroad","home"]})").status, 412);
  EXPECT_EQ(over(version("/outbound-rules"), "PUT", "/outbound-rules", R"({"names":["abroad","home"]})").status, 200);
}

TEST_F(Versions, AreRefusedWhereThereAreNone) {
  EXPECT_EQ(over("\"x\"", "PATCH", "/extensions", R"({"numbers":["101"],"hot_desking":true})").status, 412);
  EXPECT_EQ(admin("GET", "/extensions/101").body.at("hot_desking"), false);
}

TEST(TagsInIfMatch, AreReadHoweverTheyAreSpaced) {
  EXPECT_THAT(api::tags_in(R"("a" ,"b",	"c")"), ElementsAre("\"a\"", "\"b\"", "\"c\""));
  EXPECT_THAT(api::tags_in("*"), ElementsAre("*"));
  EXPECT_THAT(api::tags_in(R"(W/"a", x, , "b")"), ElementsAre("\"b\""));
}

}  // namespace
}  // namespace roamdesk::test
