#pragma once
#include <gtest/gtest.h>

#include "tests/sim/element/handset.hpp"
#include "tests/sim/element/provider.hpp"

namespace roamdesk::sim {

// 101 sits at a desk and is called at +4930123456, by a provider where we are registered, in Germany.
class TrunkOffice {
 protected:
  // `site`: of the desk and of the trunk. `ip`: the provider's.
  TrunkOffice(SiteId site, const std::string& ip) : provider{sim, site, ip} {
    sim.add_extension("101");
    desk = &sim.add_desk(1, site);
    sim.log_in(*desk, "101");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(*desk, "101"); }, 60s));
    sim.have(Put<InboundNumber>{{"+4930123456", "+4930123456", ExtensionNumber{"101"}, 0}});
    trunk.name = "provider";
    trunk.site = site;
    trunk.domain = "provider.example";
    trunk.user = "4930123";
    trunk.password = Secret{"secret"};
    trunk.country = "DE";
  }
  // What is set of the trunk by then goes into force.
  void put() {
    sim.names[trunk.domain] = {{provider.target()}, 300s, std::nullopt, false};
    sim.put_trunk(trunk);
    sim.run_for(2s);
    EXPECT_TRUE(provider.contact);
  }
  static void to_number(sip::Message& m) { m.to.uri.user = "+4930123456"; }

  Simulation sim;
  DeskPhone* desk = nullptr;
  Trunk trunk;
  Provider provider;
};

}  // namespace roamdesk::sim
