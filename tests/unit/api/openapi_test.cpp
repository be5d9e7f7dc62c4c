#include "fixture.hpp"
#include "pbx-core/api/routes.hpp"

// The document that describes the API, beside the API.
namespace roamdesk::test {
namespace {

// Every route in the document and every operation in the router; roles and security alike.
TEST_F(ApiTest, DescribesExactlyTheCallsThatItHas) {
  const JsonAnswer answer = call("GET", "/openapi.json");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.at("openapi"), "3.1.0");
  std::set<std::string> described, routed;
  for (const auto& path : answer.body.at("paths").as_object())
    for (const auto& operation : path.value().as_object()) {
      std::string method(operation.key());
      for (char& c : method) c = static_cast<char>(std::toupper(c));
      const json::object& o = operation.value().as_object();
      std::string role = "everybody";
      if (o.contains("description")) role = std::string(o.at("description").as_string());
      EXPECT_EQ(role == "everybody", o.contains("security"));
      described.insert(method + " " + std::string(path.key()) + " " + role);
      for (std::size_t at = 0; (at = std::string(path.key()).find('{', at)) != std::string::npos; ++at)
        EXPECT_TRUE(o.contains("parameters")) << path.key();
    }
  for (const api::Route& route : api::routes()) {
    const std::string role = !route.role                          ? "everybody"
                             : *route.role == Role::administrator ? "Role: administrator."
                             : *route.role == Role::operator_     ? "Role: operator."
                                                                  : "Role: reader.";
    routed.insert(std::string(route.method) + " " + std::string(route.path) + " " + role +
                  (route.account ? " Not with an API token." : ""));
  }
  EXPECT_EQ(described, routed);
}

// What the calls answer has exactly the members that the document says.
TEST_F(ApiTest, AnswersInTheShapesOfTheDocument) {
  const json::value document = call("GET", "/openapi.json").body;
  admin("POST", "/extensions", R"({"number":"101","voicemail_pin":"8265"})");
  admin("POST", "/hot-desks", desk_body);
  admin("POST", "/sbcs", R"({"name":"branch-1","time_zone":"Europe/Berlin"})");
  admin("POST", "/tokens", R"({"name":"x","scope":"reader"})");
  on_domain([&] {
    const Mac mac = Mac::parse("001565aabbcc").value();
    domain_.phones_.emplace(mac.text(),
                            api::PhoneView{mac, {}, "", "", true, "", local_site(), api::PhoneState::new_, {}});
    domain_.calls_ = {{"c1", "101", "102", api::CallState::up, WallTime{}, true}};
  });
  const auto members = [](const json::value& object) {
    std::set<std::string> names;
    for (const auto& member : object.as_object()) names.insert(std::string(member.key()));
    return names;
  };
  const std::pair<const char*, const char*> pairs[] = {{"/extensions", "Extension"},
                                                       {"/phones", "Phone"},
                                                       {"/hot-desks", "HotDesk"},
                                                       {"/sbcs", "Sbc"},
                                                       {"/calls", "Call"},
                                                       {"/models", "Model"},
                                                       {"/users", "User"},
                                                       {"/tokens", "Token"},
                                                       {"/settings", "Settings"},
                                                       {"/audit", "AuditPage"},
                                                       {"/me", "Me"},
                                                       {"/sessions", "LoginSession"}};
  for (const auto& [path, schema] : pairs) {
    json::value body = admin("GET", path).body;
    if (body.is_array()) body = json::value(body.as_array().at(0));
    EXPECT_EQ(members(body), members(document.at("components").at("schemas").at(schema).at("properties"))) << path;
  }
}

}  // namespace
}  // namespace roamdesk::test
