#pragma once
#include <set>
#include <string>

#include "fixture.hpp"

// A company of two branches, and bea, who administers the first one of them.
namespace roamdesk::test {

inline const Mac here = Mac::parse("001565aaaa01").value(), there = Mac::parse("001565bbbb02").value();

// What only those may read who may see branch-2.
inline const std::string marks[] = {"branch-2",         "001565bbbb02", "HD0002",
                                    "10.2.2.2",         "call-of-two",  "alarm-of-two",
                                    "emergency-of-two", "job-of-two",   "visible-to-all-of-two"};

class BoundToASite : public ApiTest {
 protected:
  BoundToASite() {
    options_.firmware = directory_ / "firmware";
    start();
    admin("POST", "/extensions", R"({"number":"101","name":"Alice","voicemail_pin":"8265","hot_desking":true})");
    admin("POST", "/extensions", R"({"number":"102","name":"Bob","voicemail_pin":"8265","hot_desking":true})");
    for (const char* name : {"branch-1", "branch-2"})
      admin("POST", "/sbcs", json::serialize(json::object{{"name", name}, {"time_zone", "Europe/Berlin"}}));
    admin("POST", "/locations", R"({"name":"Zwei","address":{"country":"DE"}})");
    for (const auto& [mac, sbc] : {std::pair{here, "branch-1"}, {there, "branch-2"}})
      admin("POST", "/hot-desks",
            json::serialize(json::object{{"mac", mac.text()},
                                         {"vendor", "yealink"},
                                         {"model", "T46U"},
                                         {"emergency_location", "Zwei"},
                                         {"provisioning", {{"method", "sbc"}, {"sbc", sbc}}}}));
    on_domain([this] { furnish(); });
    bea_ = bound("bea", "administrator", R"(["branch-1"])");
  }

  void furnish() {
    const auto phone = [&](const Mac& mac, const char* site, const char* address, const char* desk) {
      api::PhoneView view{.mac = mac};
      view.vendor = phones::Vendor::yealink;
      view.model = "T46U";
      view.site = SiteId{site};
      view.address = view.ip = address;
      view.state = api::PhoneState::online;
      view.assigned_to = HotDeskId{desk};
      domain_.phones_.insert_or_assign(mac.text(), view);
    };
    phone(here, "branch-1", "10.1.1.1", "HD0001");
    phone(there, "branch-2", "10.2.2.2", "HD0002");
    domain_.extensions_["102"].logged_in_at = {HotDeskId{"HD0002"}};
    domain_.desks_.at(there.text()).extension = ExtensionNumber{"102"};
    domain_.calls_ = {{"call-of-one", "101", "0301", api::CallState::up, WallTime{}, false, {}, {SiteId{"branch-1"}}},
                      {"call-of-two", "102", "0302", api::CallState::up, WallTime{}, false, {}, {SiteId{"branch-2"}}},
                      {"call-of-both",
                       "101",
                       "102",
                       api::CallState::up,
                       WallTime{},
                       false,
                       {},
                       {SiteId{"branch-1"}, SiteId{"branch-2"}}}};
    domain_.media_ = {{"call-of-one", {false, {{"101", SiteId{"branch-1"}, "PCMA", std::nullopt}}}},
                      {"call-of-two", {false, {{"102", SiteId{"branch-2"}, "PCMA", std::nullopt}}}}};
    for (const char* id : {"call-of-one", "call-of-two", "call-of-both"}) {
      Domain::CallTrace trace;
      const std::string name = id;
      if (name != "call-of-two") trace.sip.parties.push_back({"101", SiteId{"branch-1"}});
      if (name != "call-of-one") trace.sip.parties.push_back({"102", SiteId{"branch-2"}});
      domain_.traces_[id] = trace;
    }
    Changes changes;
    for (const char* which : {"one", "two"}) {
      const std::string number = which, site = number == "one" ? "branch-1" : "branch-2";
      Alarm alarm;
      alarm.id = "alarm-of-" + number;
      alarm.kind = AlarmKind::sbc_down;
      alarm.subject = alarm.site = site;
      changes.push_back(Put<Alarm>{alarm});
      Emergency emergency;
      emergency.id = "emergency-of-" + number;
      emergency.place.site = SiteId{site};
      changes.push_back(Put<Emergency>{emergency});
      RolloutBranch branch;
      branch.sbc = site;
      changes.push_back(Put<RolloutBranch>{branch});
    }
    Rollout rollout;
    rollout.id = "r";
    rollout.why = "branch-2: it doesn't come back";
    changes.push_back(Put<Rollout>{rollout});
    FirmwarePin pin;
    pin.model = "yealink:T46U";
    pin.version = "1";
    changes.push_back(Put<FirmwarePin>{pin});
    domain_.change([&](const Directory&) { return changes; }, {}, [](auto) {});
    domain_.statistics_.attention = {{.kind = "sbc_down", .sbc = "branch-1"},
                                     {.kind = "sbc_down", .sbc = "branch-2"},
                                     {.kind = "needs_restart", .mac = there.text(), .hot_desk = "HD0002"}};
    domain_.statistics_.attention_total = 3;
    domain_.statistics_.without_route = {{PlaceKind::site, "branch-2", {}}, {PlaceKind::hot_desk, "HD0002", {}}};
    domain_.statistics_.without_route_total = 2;
    domain_.statistics_.now.phones = 4711;
    domain_.statistics_.history.calls = {4711};
    for (const char* site : {"branch-1", "branch-2"}) {
      CallRecord record;
      record.call = std::string("record-at-") + site;
      record.from = std::string(site) == "branch-1" ? "101" : "102";
      record.to = "0301";
      record.from_site = SiteId{site};
      record.from_desk = std::string(site) == "branch-1" ? "HD0001" : "HD0002";
      record.sites = std::string(",") + site + ",";
      AuditRecord audit{0, WallTime{}, "exchange", "10.2.2.2", "sbc.connected", site, ""};
      audit.site = site;
      store_->commit({AppendCallRecord{record}, AppendAudit{audit}}, [](auto) {});
    }
    // A call between the two: the other end's place isn't told.
    CallRecord both;
    both.call = "record-of-both";
    both.from = "101";
    both.to = "102";
    both.from_site = SiteId{"branch-1"};
    both.to_site = SiteId{"branch-2"};
    both.to_desk = "HD0002";
    both.sites = ",branch-1,branch-2,";
    store_->commit({AppendCallRecord{both}}, [](auto) {});
  }
  using Domain = api::Domain;

  std::string bound(const std::string& name, const std::string& role, const std::string& sites) {
    const auto made = admin(
        "POST", "/users",
        R"({"name":")" + name + R"(","password":"a good password","role":")" + role + R"(","sites":)" + sites + "}");
    EXPECT_EQ(made.status, 201) << made.text;
    return log_in(name, "a good password");
  }
  JsonAnswer bea(const std::string& method, const std::string& path, const std::string& body = {}) {
    return call(method, path, body, bea_);
  }
  std::string bea_;
};

}  // namespace roamdesk::test
