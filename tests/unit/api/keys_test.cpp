#include "fixture.hpp"

namespace roamdesk::test {
namespace {

TEST_F(ApiTest, DrawsAPersonsKeysOnAModel) {
  ASSERT_EQ(admin("POST", "/extensions",
                  R"({"number":"101","voicemail_pin":"8265","keys":[{"type":"blf","value":"102","label":"Bob"}]})")
                .status,
            201);
  const JsonAnswer drawn = admin("GET", "/models/yealink/T46U/keys?extension=101");
  ASSERT_EQ(drawn.status, 200) << json::serialize(drawn.body);
  EXPECT_EQ(
      json::serialize(drawn.body),
      R"({"keys":[{"position":1,"page":1,"row":1,"column":1,"type":"speed_dial","label":"Log out","value":"*77*5*","removable":false},)"
      R"({"position":2,"page":1,"row":2,"type":"blf","label":"Bob","value":"102","removable":true}],"not_shown":[]})");
}

TEST_F(ApiTest, DrawsKeysThatAreNotSaved) {
  const std::string two = R"({"keys":[{"type":"blf","value":"102"},{"type":"speed_dial","value":"103"}]})";
  for (const char* path : {"/models/yealink/T46U/keys", "/models/yealink/T46U/keys?extension=999"}) {
    const JsonAnswer drawn = admin("POST", path, two);
    ASSERT_EQ(drawn.status, 200) << json::serialize(drawn.body);
    EXPECT_EQ(drawn.body.at("keys").as_array().at(1).at("value"), "102");
    EXPECT_EQ(drawn.body.at("not_shown").as_array().at(0).at("value"), "103");
  }
  EXPECT_EQ(admin("GET", "/extensions").body.as_array().size(), 0u);
}

TEST_F(ApiTest, RefusesToDrawWhatIsNotThere) {
  EXPECT_EQ(admin("GET", "/models/yealink/T46U/keys").status, 400);
  EXPECT_EQ(admin("GET", "/models/yealink/T46U/keys?extension=10a").status, 422);
  EXPECT_EQ(admin("GET", "/models/yealink/T46U/keys?extension=101").status, 404);
  EXPECT_EQ(admin("POST", "/models/yealink/T99/keys", R"({"keys":[]})").status, 404);
  EXPECT_EQ(admin("POST", "/models/yealink/T46U/keys", "{}").status, 400);
  EXPECT_EQ(admin("POST", "/models/yealink/T46U/keys", R"({"keys":[{"type":"blink"}]})").status, 422);
}

}  // namespace
}  // namespace roamdesk::test
