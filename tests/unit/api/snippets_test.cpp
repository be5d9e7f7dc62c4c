#include <fmt/format.h>

#include "fixture.hpp"

// Lines of an administrator's own for phones' files: what isn't grammatical is told by its line, what happened to them
// stands in the audit, and nobody else has anything to do with them.
namespace roamdesk::test {
namespace {
using testing::HasSubstr;

class SnippetApi : public ApiTest {
 protected:
  static std::string body(const std::string& model, const std::string& text) {
    return json::serialize(json::object{{"model", model}, {"text", text}});
  }
};

TEST_F(SnippetApi, AreKeptAsTheyWereTyped) {
  const std::string text = "# ours\nlang.gui = Italian\n";
  const JsonAnswer made = admin("POST", "/snippets", body("yealink", text));
  ASSERT_EQ(made.status, 201) << json::serialize(made.body);
  EXPECT_EQ(made.body.at("text"), text.c_str());
  EXPECT_EQ(admin("POST", "/snippets", body("yealink", text)).status, 409);
  EXPECT_EQ(admin("POST", "/snippets", body("yealink:T46U", "a.b = 1")).status, 201);
  EXPECT_EQ(admin("GET", "/snippets").body.as_array().size(), 2u);
  const JsonAnswer shown = admin("GET", "/snippets/yealink:T46U");
  EXPECT_EQ(shown.body.at("text"), "a.b = 1");
  EXPECT_EQ(admin("PATCH", "/snippets/yealink:T46U", R"({"text":"a.b = 2"})").body.at("text"), "a.b = 2");
  EXPECT_EQ(admin("DELETE", "/snippets/yealink").status, 204);
  EXPECT_EQ(admin("GET", "/snippets/yealink").status, 404);
}

TEST_F(SnippetApi, SayTheLineOfAFault) {
  const struct {
    const char *model, *text, *field, *says;
    int line;
  } wrong[] = {
      {"yealink", "a = 1\nb\n", "text", "text line 2: \"name = value\"", 2},
      {"yealink", "a = 1\n\naccount.1.password = x", "text", "line 3: account.1.password can't be set here", 3},
      {"snom:D785", "<a>1</a>\n<b>", "text", "line 2: <b> has no </b>", 2},
      {"snom", "<setting_server>http://elsewhere</setting_server>", "text", "line 1: setting_server can't be set", 1},
      {"poly", "<a device.auth.localAdminPassword=\"456\"/>", "text", "the password of the phone's own pages", 1},
      {"yealink", " \n", "text", "is empty", 0},
      {"gigaset", "a = 1", "model", "neither a vendor", 0},
      {"nobody:T46U", "a = 1", "model", "neither a vendor", 0},
      {"", "a = 1", "model", "neither a vendor", 0},
  };
  for (const auto& [model, text, field, says, line] : wrong) {
    const JsonAnswer answer = admin("POST", "/snippets", body(model, text));
    EXPECT_EQ(answer.status, 422) << text;
    EXPECT_EQ(answer.body.at("field"), field) << text;
    EXPECT_THAT(answer.detail(), HasSubstr(says));
    const auto* told = answer.body.as_object().if_contains("line");
    EXPECT_EQ(told ? told->to_number<int>() : 0, line) << text;
  }
  EXPECT_EQ(admin("POST", "/snippets", body("yealink", std::string(17'000, 'a'))).status, 422);
  EXPECT_EQ(admin("POST", "/snippets", R"({"model":"yealink"})").status, 422);
  EXPECT_EQ(admin("POST", "/snippets", R"({"model":"yealink","text":7})").status, 400);
  EXPECT_EQ(admin("POST", "/snippets", R"({"model":"yealink","text":"a = 1","more":1})").status, 400);
  EXPECT_EQ(admin("GET", "/snippets").body.as_array().size(), 0u);
  ASSERT_EQ(admin("POST", "/snippets", body("yealink", "a = 1")).status, 201);
  EXPECT_EQ(admin("PATCH", "/snippets/yealink", R"({"text":"linekey.1.type = 0"})").body.at("line"), 1);
  EXPECT_EQ(admin("GET", "/snippets/yealink").body.at("text"), "a = 1");
}

TEST_F(SnippetApi, StandInTheAudit) {
  admin("POST", "/snippets", body("yealink", "a.b = 1"));
  admin("PATCH", "/snippets/yealink", R"({"text":"a.b = 2"})");
  admin("DELETE", "/snippets/yealink");
  for (const auto* action : {"snippet.created", "snippet.changed", "snippet.deleted"})
    EXPECT_EQ(admin("GET", fmt::format("/audit?action={}", action)).body.at("records").as_array().size(), 1u) << action;
}

TEST_F(SnippetApi, ShowNoFileOfAPhoneThatGetsNone) {
  EXPECT_EQ(admin("GET", "/phones/001565AABBCC/configuration").status, 404);
  EXPECT_EQ(admin("GET", "/phones/xyz/configuration").status, 422);
  const JsonAnswer wrong = admin("POST", "/phones/001565AABBCC/configuration", body("yealink", "x"));
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(wrong.body.at("line"), 1);
}

}  // namespace
}  // namespace roamdesk::test
