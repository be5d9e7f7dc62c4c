#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/sip/multipart.hpp"
#include "tests/sim/element/handset.hpp"
#include "tests/sim/element/provider.hpp"

namespace roamdesk::sim {

// Where the phones are, and where the trunk is.
struct Places {
  const char *name, *phones, *trunk;
};
inline const Places everywhere[] = {{"Core", "local", "local"},
                                    {"BranchByTheCoresTrunk", "branch-1", "local"},
                                    {"BranchByItsOwnTrunk", "branch-1", "branch-1"}};

// A house with two desks at two locations, a trunk that knows locations, and people.
class Help : public testing::TestWithParam<Places> {
 protected:
  Help() {
    for (const auto* number : {"101", "102", "103"}) sim.add_extension(number);
    sim.names["provider.example"] = {{provider.target()}, 300s, std::nullopt, false};
    trunk.name = "provider";
    trunk.site = SiteId{GetParam().trunk};
    trunk.domain = "provider.example";
    trunk.user = "4930123";
    trunk.password = Secret{"secret"};
    trunk.country = "DE", trunk.area_code = "30", trunk.main_number = "+4930123450";
    trunk.shown = IdentityHeader::p_asserted;
    trunk.geolocation = true;
    sim.put_trunk(trunk);
    sim.have(Put<Location>{location("ground", "0", "+4930555001")});
    sim.have(Put<Location>{location("upstairs", "2", "+4930555002")});
    for (unsigned i = 0; i < 3; ++i) desks.push_back(&sim.add_desk(i + 1, site()));
    give(*desks[0], "ground");
    give(*desks[1], "upstairs");
    give(*desks[2], "upstairs");
    OutboundRule rule;
    rule.name = "all", rule.position = 1, rule.pattern = "0.", rule.trunks = {"provider"};
    sim.have(Put<OutboundRule>{rule});
    sim.run_for(3s);
    EXPECT_TRUE(provider.contact);
  }
  static SiteId site() { return SiteId{GetParam().phones}; }
  static Location location(const char* name, const char* floor, const char* callback) {
    Location made;
    made.name = name;
    made.address.country = "DE", made.address.a3 = "Berlin", made.address.rd = "Unter den Linden";
    made.address.hno = "77", made.address.flr = floor;
    made.trunks = {"provider"};
    made.callbacks = {callback};
    made.test_numbers = {"933"};
    return made;
  }
  void give(DeskPhone& phone, const char* name) {
    auto desk = *sim.element().directory().desk_of(phone.mac());
    desk.emergency_location = name;
    sim.have(PutDesk{desk});
  }
  std::string id_of(const DeskPhone& phone) const { return sim.desk(phone).record.id.value(); }
  void log_in(DeskPhone& phone, const char* number) {
    sim.log_in(phone, number);
    ASSERT_TRUE(sim.run_until([&] { return sim.is_at_desk(phone, number); }, 60s));
  }
  // Whether it is up, soon.
  bool is_up(DeskPhone& phone, const std::string& call, Duration within = 5s) {
    return sim.run_until([&] { return phone.call(call) && phone.call(call)->up; }, within).has_value();
  }
  int outcome(DeskPhone& phone, const std::string& call, Duration within = 45s) {
    sim.run_until([&] { return phone.call(call) && phone.call(call)->status >= 200; }, within);
    return phone.call(call) ? phone.call(call)->status : 0;
  }
  std::size_t invites_to(const std::string& user) const {
    return static_cast<std::size_t>(std::count_if(provider.heard.begin(), provider.heard.end(), [&](const auto& m) {
      return m.method == "INVITE" && m.request_uri.user == user;
    }));
  }
  const sip::Message& invite() const { return *provider.last("INVITE"); }
  static std::string value(const sip::Message& m, std::string_view name) {
    return std::string{m.header(name).value_or("")};
  }
  static std::string part(const sip::Message& m, std::string_view type) {
    return std::string{sip::find_body(m.content_type, m.body, type).value_or("")};
  }
  // Calls that have ended at the provider by our BYE, and why.
  std::vector<std::string> hung_up() const {
    std::vector<std::string> reasons;
    for (const auto& m : provider.heard)
      if (m.method == "BYE") reasons.push_back(value(m, "Reason"));
    return reasons;
  }
  int call_back(const std::string& number, Provider& by) {
    return by.call(number, [&](sip::Message& m) { m.to.uri.user = number; });
  }
  int call_back(const std::string& number) { return call_back(number, provider); }
  // Who rings by the newest call that came in: "HD0001".
  std::string rung() const {
    const auto calls = sim.element().calls();
    return calls.empty() ? "nobody" : calls.back().to.number;
  }

  Simulation sim;
  std::vector<DeskPhone*> desks;
  Trunk trunk;
  Provider provider{sim, SiteId{GetParam().trunk}, "198.51.100.1"};
};

}  // namespace roamdesk::sim
