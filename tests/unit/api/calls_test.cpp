#include <fmt/format.h>

#include "fixture.hpp"

namespace roamdesk::test {
namespace {
using testing::HasSubstr;

TEST_F(ApiTest, MakesShowsChangesAndDeletesAnExtension) {
  JsonAnswer made = admin(
      "POST", "/extensions",
      R"({"number":"101","name":"Alice","hot_desking":true,"keys":[{"type":"blf","value":"102","label":"Bob"}]})");
  ASSERT_EQ(made.status, 201) << json::serialize(made.body);
  EXPECT_EQ(made.fields.at("location"), "/api/v1/extensions/101");
  const std::string pin(made.body.at("voicemail_pin").as_string());
  EXPECT_EQ(pin.size(), 6u);
  EXPECT_TRUE(hasher_->verify_now(crypto::Kind::pin, Secret{pin},
                                  domain_.extension(ExtensionNumber{"101"})->record.pin_hash.str()));
  JsonAnswer shown = admin("GET", "/extensions/101");
  shown.body.as_object().erase("version");
  EXPECT_EQ(
      json::serialize(shown.body),
      R"({"number":"101","name":"Alice","hot_desking":true,"keys":[{"type":"blf","value":"102","label":"Bob"}],"logged_in_at":[],"locked_until":null,"outside_number":null,"hide_number":false,"may_call":["national","mobile"]})");
  EXPECT_EQ(admin("PATCH", "/extensions/101", R"({"name":"Alicia","voicemail_pin":"8265"})").body.at("name"), "Alicia");
  EXPECT_TRUE(hasher_->verify_now(crypto::Kind::pin, Secret{"8265"},
                                  domain_.extension(ExtensionNumber{"101"})->record.pin_hash.str()));
  EXPECT_EQ(admin("GET", "/extensions").body.as_array().size(), 1u);
  EXPECT_EQ(admin("DELETE", "/extensions/101").status, 204);
  EXPECT_EQ(admin("GET", "/extensions/101").status, 404);
  EXPECT_EQ(admin("DELETE", "/extensions/101").status, 404);
}

TEST_F(ApiTest, RefusesExtensionsAndSaysWhatWouldBeRight) {
  ASSERT_EQ(admin("POST", "/extensions", R"({"number":"101","voicemail_pin":"8265"})").status, 201);
  const auto status = [&](const char* body) { return admin("POST", "/extensions", body).status; };
  EXPECT_EQ(status(R"({"number":"101"})"), 409);
  EXPECT_EQ(status(R"({"number":"5"})"), 409);    // *77*5* is the logout code
  EXPECT_EQ(status(R"({"number":"112"})"), 409);  // an emergency number
  EXPECT_EQ(status(R"({"number":"10a"})"), 422);
  EXPECT_EQ(status(R"({"number":102})"), 400);
  EXPECT_EQ(status(R"({"name":"x"})"), 400);
  EXPECT_EQ(status(R"({"number":"102","colour":"red"})"), 400);
  EXPECT_EQ(status("[]"), 400);
  EXPECT_EQ(status("{"), 400);
  EXPECT_EQ(status(R"({"number":"1024","voicemail_pin":"1024"})"), 422);  // the number itself
  for (const char* pin : {"1234", "0000", "4321", "1212", "12", "12345678901", "12a4", "7890"})
    EXPECT_EQ(admin("POST", "/extensions", std::string(R"({"number":"102","voicemail_pin":")") + pin + "\"}").status,
              422)
        << pin;
  EXPECT_EQ(status(R"({"number":"102","keys":[{"type":"blink","value":"1"}]})"), 422);
  const JsonAnswer problem = admin("POST", "/extensions", R"({"number":"102","voicemail_pin":"1234"})");
  EXPECT_EQ(problem.fields.at("content-type"), "application/problem+json");
  EXPECT_EQ(problem.body.at("status"), 422);
  EXPECT_EQ(problem.body.at("field"), "voicemail_pin");
  EXPECT_THAT(problem.detail(), HasSubstr("is expected"));
  EXPECT_THAT(problem.detail(), testing::Not(HasSubstr("\"1234\"")));
  EXPECT_EQ(admin("PATCH", "/extensions/101", "{}").status, 400);
  EXPECT_EQ(admin("PATCH", "/extensions/101", R"({"voicemail_pin":"101"})").status, 422);
  on_domain([&] { domain_.store_fails = true; });
  EXPECT_EQ(status(R"({"number":"102"})"), 503);
}

TEST_F(ApiTest, SwitchesHotDeskingOfManyAndUnlocks) {
  for (const char* n : {"101", "102", "103"})
    admin("POST", "/extensions", std::string(R"({"number":")") + n + R"(","voicemail_pin":"8265"})");
  EXPECT_EQ(admin("PATCH", "/extensions", R"({"numbers":["101","103"],"hot_desking":true})").body.as_array().size(),
            2u);
  EXPECT_EQ(admin("GET", "/extensions/103").body.at("hot_desking"), true);
  EXPECT_EQ(admin("GET", "/extensions/102").body.at("hot_desking"), false);
  EXPECT_EQ(admin("PATCH", "/extensions", R"({"numbers":["101","999"],"hot_desking":true})").status, 404);
  EXPECT_EQ(admin("PATCH", "/extensions", R"({"numbers":["101"]})").status, 400);
  on_domain([&] { domain_.extensions_["101"].locked_until = WallTime{std::chrono::seconds{1'700'000'000}}; });
  EXPECT_EQ(admin("GET", "/extensions/101").body.at("locked_until"), "2023-11-14T22:13:20.000Z");
  EXPECT_TRUE(admin("POST", "/extensions/101/unlock").body.at("locked_until").is_null());
}

TEST_F(ApiTest, MakesShowsChangesAndDeletesAHotDesk) {
  JsonAnswer made = admin("POST", "/hot-desks", desk_body);
  ASSERT_EQ(made.status, 201) << json::serialize(made.body);
  made.body.as_object().erase("version");
  EXPECT_EQ(
      json::serialize(made.body),
      R"({"id":"HD0001","mac":"001565aabbcc","vendor":"yealink","model":"T46U","provisioning":{"method":"local"},"options":{"language":"de","codecs":["PCMA"]},"state":"logged_out","extension":null,"since":null,"registered":false,"registered_as":null,"settled":false,"keys_not_shown":[],"emergency_location":null,"emergency":{"location":null,"given_by":"none","route":"no_location"}})");
  EXPECT_EQ(admin("POST", "/hot-desks", desk_body).status, 409);
  const JsonAnswer patched =
      admin("PATCH", "/hot-desks/001565AABBCC", R"({"options":{"language":null,"name":"Window"}})");
  EXPECT_EQ(json::serialize(patched.body.at("options")), R"({"codecs":["PCMA"],"name":"Window"})");
  EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", R"({"model":"D785"})").status, 422);  // not Yealink's
  EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", R"({"options":{"transport":"sctp"}})").status, 422);
  for (const auto* value : {"off", "optional", "required"})
    EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", fmt::format(R"({{"options":{{"srtp":"{}"}}}})", value))
                  .body.at("options")
                  .at("srtp"),
              value);
  for (const auto* options : {R"({"srtp":"always"})", R"({"transport":"udp"})", R"({"transport":"tcp"})"})
    EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", fmt::format(R"({{"options":{}}})", options)).status, 422)
        << options << ": what is required needs TLS";
  EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", R"({"options":{"transport":"tls"}})").status, 200);
  EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", R"({"options":{"srtp":null}})").status, 200);
  EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", R"({"options":{"time_zone":"Europe/Nowhere"}})").status, 422);
  EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcd", R"({"model":"T46U"})").status, 404);
  EXPECT_EQ(admin("DELETE", "/hot-desks/001565aabbcc").status, 204);
  EXPECT_EQ(admin("GET", "/hot-desks/001565aabbcc").status, 404);
}

// No person could log in at such a desk, or hear what is said to a call for help.
TEST_F(ApiTest, RefusesOptionsThatLeaveADeskWithoutCallsAndSaysWhy) {
  admin("POST", "/hot-desks", desk_body);
  const std::pair<const char*, const char*> refused[] = {{R"({"codecs":["G722"]})", "G.711"},
                                                         {R"({"codecs":["opus","G729","iLBC"]})", "G.711"}};
  for (const auto& [options, why] : refused) {
    const auto made =
        admin("POST", "/hot-desks",
              std::string(R"({"mac":"001565aabbcd","vendor":"yealink","model":"T46U","options":)") + options + "}");
    EXPECT_EQ(made.status, 422) << options;
    EXPECT_THAT(made.detail(), HasSubstr(why)) << options;
    EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", std::string(R"({"options":)") + options + "}").status, 422);
  }
  EXPECT_EQ(admin("GET", "/hot-desks/001565aabbcd").status, 404);
  for (const auto* codecs : {R"(["PCMU"])", R"(["opus","PCMA"])", "[]", "null"})
    EXPECT_EQ(admin("PATCH", "/hot-desks/001565aabbcc", std::string(R"({"options":{"codecs":)") + codecs + "}}").status,
              200)
        << codecs;
}

TEST_F(ApiTest, AsksWhichOfTheDevicesInConflictIsThePhone) {
  admin("POST", "/extensions", R"({"number":"101","voicemail_pin":"8265"})");
  const Mac mac = Mac::parse("001565aabbcc").value();
  on_domain([&] {
    api::PhoneView phone{mac,          phones::Vendor::yealink, "", "", true, "10.0.0.5:5060",
                         local_site(), api::PhoneState::new_,   {}};
    phone.announced_by = {{"10.0.0.5:5060", local_site()}, {"10.0.0.6:5060", SiteId{"branch-1"}}};
    domain_.phones_.emplace(mac.text(), phone);
  });
  const auto phone = admin("GET", "/phones").body.as_array().at(0);
  EXPECT_EQ(phone.at("conflict"), true);
  EXPECT_EQ(json::serialize(phone.at("announced_by")),
            R"([{"address":"10.0.0.5:5060","site":"local"},{"address":"10.0.0.6:5060","site":"branch-1"}])");
  EXPECT_EQ(admin("POST", "/phones/001565aabbcc/assign", R"({"extension":"101"})").status, 409);
  for (const auto* address : {"10.0.0", "10.0.0.6.7", "host"})
    EXPECT_EQ(
        admin("POST", "/phones/001565aabbcc/assign", std::string(R"({"extension":"101","address":")") + address + "\"}")
            .status,
        422);
  EXPECT_EQ(admin("POST", "/phones/001565aabbcc/assign", R"({"extension":"101","site":"local"})").status, 422);
  EXPECT_EQ(
      admin("POST", "/phones/001565aabbcc/assign", R"({"extension":"101","address":"10.0.0.6:5060","site":"branch-1"})")
          .status,
      200);
}

TEST_F(ApiTest, HangsUpACallAndUnassignsAPhoneForAnOperator) {
  on_domain([&] {
    domain_.calls_.push_back({"call-1@core", "101", "102", api::CallState::up, {}, false, {}});
    api::PhoneView phone{Mac::parse("001565aabbcc").value(), {}, "", "", true, "", local_site(), {}, {}};
    phone.assigned_to = ExtensionNumber{"101"};
    domain_.phones_.emplace("001565aabbcc", phone);
  });
  const std::string rita = user("rita", "reader"), olga = user("olga", "operator");
  for (const char* path : {"/calls/call-1@core", "/phones/001565aabbcc/assign"}) {
    EXPECT_EQ(call("DELETE", path, "", rita).status, 403) << path;
    EXPECT_EQ(call("DELETE", path, "", olga).status, 204) << path;
  }
  EXPECT_TRUE(admin("GET", "/calls").body.as_array().empty());
  EXPECT_TRUE(admin("GET", "/phones").body.as_array().at(0).at("assigned_to").is_null());
  EXPECT_EQ(call("DELETE", "/calls/call-1@core", "", olga).status, 404) << "it is over";
  EXPECT_EQ(call("DELETE", "/phones/001565000000/assign", "", olga).status, 404);
  const std::string audit = json::serialize(admin("GET", "/audit").body);
  EXPECT_THAT(audit, HasSubstr(R"("action":"call.hung_up")"));
  EXPECT_THAT(audit, HasSubstr(R"("action":"phone.unassigned","subject":"001565aabbcc")"));
}

TEST_F(ApiTest, ClearsThePhonesThatNobodyAssigned) {
  on_domain([&] {
    for (const auto& [mac, site, state] : {std::tuple{"001565000001", "local", api::PhoneState::new_},
                                           std::tuple{"001565000002", "branch-1", api::PhoneState::new_},
                                           std::tuple{"001565000003", "branch-1", api::PhoneState::online}})
      domain_.phones_.emplace(mac,
                              api::PhoneView{Mac::parse(mac).value(), {}, "", "", true, "", SiteId{site}, state, {}});
  });
  EXPECT_EQ(admin("DELETE", "/phones").status, 422) << "not all of them";
  EXPECT_EQ(admin("DELETE", "/phones?state=online").status, 422);
  EXPECT_EQ(admin("DELETE", "/phones?state=new&site=branch-1").body.at("forgotten"), 1);
  EXPECT_EQ(admin("DELETE", "/phones?state=new").body.at("forgotten"), 1);
  EXPECT_EQ(admin("GET", "/phones").body.as_array().size(), 1u);
}

TEST_F(ApiTest, ShowsThePhonesWebPasswordToAdministrators) {
  on_domain([&] {
    for (const auto& [mac, state] :
         {std::pair{"001565000001", api::PhoneState::new_}, std::pair{"001565000002", api::PhoneState::online}})
      domain_.phones_.emplace(mac,
                              api::PhoneView{Mac::parse(mac).value(), {}, "", "", true, "", local_site(), state, {}});
  });
  EXPECT_EQ(admin("GET", "/phones/001565000001/web-password").status, 404);
  EXPECT_EQ(json::serialize(admin("GET", "/phones/001565000002/web-password").body),
            R"({"user":"admin","password":"Web2password"})");
  EXPECT_EQ(json::serialize(admin("GET", "/phones").body).find("Web2password"), std::string::npos);
}

TEST_F(ApiTest, RefusesOtherFormsOfAMacAndShowsTheRightOne) {
  for (const char* mac : {"00:15:65:AA:BB:CC", "00-15-65-aa-bb-cc", "0015.65aa.bbcc"}) {
    const JsonAnswer answer =
        admin("POST", "/hot-desks", std::string(R"({"vendor":"yealink","model":"T46U","mac":")") + mac + "\"}");
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(answer.detail(), HasSubstr("\"001565aabbcc\""));
    EXPECT_EQ(admin("GET", std::string("/hot-desks/") + mac).status, 422);
  }
}

TEST_F(ApiTest, PutsADeskBehindAnSbc) {
  EXPECT_EQ(admin("POST", "/sbcs", R"({"name":"branch-1","time_zone":"Europe/Berlin"})").body.at("enrolment_key"),
            "rd1-key");
  EXPECT_EQ(admin("POST", "/sbcs", R"({"name":"branch-1","time_zone":"Europe/Berlin"})").status, 409);
  EXPECT_EQ(admin("POST", "/sbcs", R"({"name":"local","time_zone":"Europe/Berlin"})").status, 422);
  EXPECT_EQ(admin("POST", "/sbcs", R"({"name":"branch-2","time_zone":"Berlin time"})").status, 422);
  EXPECT_EQ(admin("POST", "/sbcs", R"({"name":"branch-3"})").status, 201);  // at the core's time
  EXPECT_EQ(admin("GET", "/sbcs/branch-3").body.at("time_zone"), "Europe/Nicosia");
  EXPECT_EQ(admin("POST", "/sbcs/branch-1/enrolment-key").body.at("enrolment_key"), "rd1-key2");
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", R"({"time_zone":"Europe/Paris"})").body.at("time_zone"), "Europe/Paris");
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", R"({"srtp":"required"})").body.at("srtp"), "required");
  EXPECT_EQ(admin("GET", "/sbcs/branch-1").body.at("time_zone"), "Europe/Paris");
  EXPECT_TRUE(admin("PATCH", "/sbcs/branch-1", R"({"srtp":null})").body.at("srtp").is_null());
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", R"({"srtp":"always"})").status, 422);
  EXPECT_TRUE(admin("GET", "/sbcs/branch-1").body.at("provisioning").is_null());
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", R"({"provisioning":"https"})").body.at("provisioning"), "https");
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", R"({"time_zone":"Europe/Paris"})").body.at("provisioning"), "https");
  EXPECT_TRUE(admin("PATCH", "/sbcs/branch-1", R"({"provisioning":null})").body.at("provisioning").is_null());
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", R"({"provisioning":"ftp"})").status, 422);
  EXPECT_EQ(admin("PATCH", "/sbcs/branch-1", "{}").status, 400);
  const auto make = [&](const std::string& provisioning) {
    return admin("POST", "/hot-desks",
                 R"({"mac":"001565aabbcc","vendor":"snom","model":"D785","provisioning":)" + provisioning + "}");
  };
  EXPECT_EQ(make(R"({"method":"sbc","sbc":"branch-9"})").status, 422);
  EXPECT_EQ(make(R"({"method":"sbc"})").status, 400);
  EXPECT_EQ(make(R"({"method":"sbc","sbc":"branch-1","sbc_address":"192.168.1.500"})").status, 422);
  EXPECT_EQ(make(R"({"method":"local","sbc":"branch-1"})").status, 422);
  EXPECT_EQ(make(R"({"method":"post"})").status, 422);
  const JsonAnswer made = make(R"({"method":"sbc","sbc":"branch-1","sbc_address":"192.168.1.5"})");
  EXPECT_EQ(json::serialize(made.body.at("provisioning")),
            R"({"method":"sbc","sbc":"branch-1","sbc_address":"192.168.1.5"})");
  EXPECT_EQ(admin("DELETE", "/sbcs/branch-1").status, 204);
  EXPECT_EQ(admin("GET", "/sbcs/branch-1").status, 404);
}

TEST_F(ApiTest, AssignsPhonesAndLogsPeopleIn) {
  on_domain([&] {
    const Mac mac = Mac::parse("001565aabbcc").value();
    domain_.phones_.emplace(mac.text(), api::PhoneView{mac,
                                                       phones::Vendor::yealink,
                                                       "T46U",
                                                       "108.86",
                                                       true,
                                                       "10.0.0.9:5060",
                                                       local_site(),
                                                       api::PhoneState::new_,
                                                       {}});
  });
  EXPECT_EQ(
      json::serialize(admin("GET", "/phones").body),
      R"([{"mac":"001565aabbcc","vendor":"yealink","model":"T46U","firmware":"108.86","firmware_ok":true,"address":"10.0.0.9:5060","ip":"","site":"local","state":"new","assigned_to":null,"srtp":null,"https":null,"conflict":false,"announced_by":[],"emergency_location":null,"emergency":{"location":null,"given_by":"none","route":"no_location"}}])");
  EXPECT_EQ(admin("POST", "/phones/001565aabbcc/assign", "{}").status, 409);  // no hot desk, no extension
  EXPECT_EQ(admin("POST", "/phones/001565aabbcd/assign", "{}").status, 404);
  ASSERT_EQ(admin("POST", "/hot-desks", desk_body).status, 201);
  admin("POST", "/extensions", R"({"number":"101","voicemail_pin":"8265","hot_desking":true})");
  EXPECT_EQ(json::serialize(admin("POST", "/phones/001565aabbcc/assign").body.at("assigned_to")),
            R"({"hot_desk":"HD0001"})");
  EXPECT_EQ(
      json::serialize(admin("POST", "/phones/001565aabbcc/assign", R"({"extension":"101"})").body.at("assigned_to")),
      R"({"extension":"101"})");
  const JsonAnswer session = admin("POST", "/hot-desks/001565aabbcc/session", R"({"extension":"101"})");
  EXPECT_EQ(session.status, 201);
  EXPECT_EQ(session.body.at("state"), "logged_in");
  EXPECT_EQ(domain_.last_actor.name, "admin");
  EXPECT_EQ(domain_.last_actor.via, api::Surface::program);
  EXPECT_EQ(admin("POST", "/hot-desks/001565aabbcc/session", R"({"extension":"999"})").status, 404);
  EXPECT_EQ(admin("DELETE", "/hot-desks/001565aabbcc/session").status, 204);
  on_domain([&] { domain_.present = false; });
  EXPECT_EQ(admin("POST", "/hot-desks/001565aabbcc/session", R"({"extension":"101"})").status, 202);
  EXPECT_EQ(admin("POST", "/phones/001565aabbcc/provision").status, 202);
  EXPECT_EQ(admin("POST", "/phones/001565aabbcc/restart").status, 409);
  on_domain([&] { domain_.present = true; });
  EXPECT_EQ(admin("POST", "/phones/001565aabbcc/restart").status, 202);
  EXPECT_EQ(admin("POST", "/phones/001565aabbdd/restart").status, 404);
  EXPECT_EQ(admin("POST", "/phones/001565aabbcc/restart", R"({"now":true})").status, 400);
  EXPECT_EQ(admin("DELETE", "/phones/001565aabbcc").status, 204);
}

TEST_F(ApiTest, ChangesSettingsAndRefusesCodesThatClash) {
  admin("POST", "/extensions", R"({"number":"6","voicemail_pin":"8265"})");
  const JsonAnswer changed = admin(
      "PATCH", "/settings",
      R"({"hot_desk":{"automatic_logout":"18:30","max_session":"10h","when_already_logged_in":"refuse"},"emergency":{"numbers":["112"]},"audit_days":30})");
  EXPECT_EQ(
      json::serialize(changed.body),
      R"({"codes":{"hot_desk":"*77*","logout":"*77*5*","hide_number":"*31*"},"hot_desk":{"automatic_logout":"18:30","max_session":"10h","when_already_logged_in":"refuse"},"emergency":{"numbers":["112"],"local_location":"","location":""},"media":{"srtp":"off"},"provisioning":{"scheme":"http"},"outside":{"calls":4,"calls_per_hour":60,"minutes_per_hour":240},"alarms":{"rtt_ms":300,"jitter_ms":50,"loss_permille":20,"disk_percent":10,"certificate_days":14,"backup_days":7},"audit_days":30,"domain":"pbx.example.com"})");
  const auto status = [&](const char* body) { return admin("PATCH", "/settings", body).status; };
  EXPECT_EQ(status(R"({"codes":{"logout":"*77*6*"}})"), 409);  // extension 6 is there
  EXPECT_EQ(status(R"({"codes":{"logout":"*77*"}})"), 409);
  EXPECT_EQ(status(R"({"codes":{"hot_desk":"abc"}})"), 422);
  EXPECT_EQ(status(R"({"hot_desk":{"automatic_logout":"25:00"}})"), 422);
  EXPECT_EQ(status(R"({"hot_desk":{"max_session":"forever"}})"), 422);
  EXPECT_EQ(status(R"({"emergency":{"numbers":[]}})"), 422);
  EXPECT_EQ(status(R"({"media":{"srtp":"always"}})"), 422);
  EXPECT_EQ(admin("PATCH", "/settings", R"({"media":{"srtp":"required"}})").body.at("media").at("srtp"), "required");
  EXPECT_EQ(status(R"({"provisioning":{"scheme":"ftp"}})"), 422);
  EXPECT_EQ(admin("PATCH", "/settings", R"({"provisioning":{"scheme":"https"}})").body.at("provisioning").at("scheme"),
            "https");
  EXPECT_EQ(status(R"({"audit_days":0})"), 422);
  EXPECT_EQ(status(R"({"audit_days":"long"})"), 400);
  EXPECT_EQ(status(R"({"codes":{"logout":"*78*"}})"), 200);
  EXPECT_TRUE(admin("PATCH", "/settings", R"({"hot_desk":{"max_session":null}})")
                  .body.at("hot_desk")
                  .at("max_session")
                  .is_null());
}

TEST_F(ApiTest, AuditsEveryChangeWithoutSecrets) {
  admin("POST", "/extensions", R"({"number":"101","voicemail_pin":"8265"})");
  admin("PATCH", "/extensions/101", R"({"voicemail_pin":"9371","name":"x"})");
  admin("DELETE", "/extensions/101");
  admin("DELETE", "/extensions/101");  // 404: no change, no record
  const JsonAnswer page = admin("GET", "/audit?limit=3");
  const json::array& records = page.body.at("records").as_array();
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].at("action"), "extension.deleted");
  EXPECT_EQ(records[0].at("actor"), "admin");
  EXPECT_EQ(records[0].at("origin"), "127.0.0.1");
  EXPECT_EQ(records[0].at("at"), "2023-11-14T22:13:20.000Z");
  EXPECT_EQ(records[1].at("detail"), "voicemail_pin, name");
  EXPECT_EQ(admin("GET", "/audit?action=console").body.at("records").as_array().size(), 1u);
  EXPECT_EQ(admin("GET", "/audit?before=" + std::to_string(page.body.at("next").as_int64()) + "&subject=admin")
                .body.at("records")
                .as_array()
                .size(),
            2u);
  EXPECT_THAT(json::serialize(admin("GET", "/audit").body),
              testing::Not(testing::AnyOf(HasSubstr("8265"), HasSubstr("9371"))));
  EXPECT_EQ(admin("GET", "/audit?limit=x").status, 400);
  EXPECT_EQ(admin("GET", "/audit?limit=5000").status, 422);
}

TEST_F(ApiTest, ShowsCallsAndModels) {
  on_domain([&] { domain_.calls_ = {{"c1", "101", "102", api::CallState::up, WallTime{}, true}}; });
  EXPECT_EQ(json::serialize(admin("GET", "/calls").body),
            R"([{"id":"c1","from":"101","to":"102","state":"up","since":"1970-01-01T00:00:00.000Z","media":"site"}])");
  EXPECT_EQ(admin("GET", "/models").body.as_array().size(), 2u);
}

TEST_F(ApiTest, KnowsPathsAndMethods) {
  EXPECT_EQ(admin("GET", "/nothing").status, 404);
  EXPECT_EQ(admin("GET", "/extensions/101/unlock/x").status, 404);
  EXPECT_EQ(admin("GET", "/extensions/").status, 404);
  const JsonAnswer put = admin("PUT", "/extensions", "{}");
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(put.fields.at("allow"), "GET, POST, PATCH");
}

}  // namespace
}  // namespace roamdesk::test
