#pragma once
#include <gtest/gtest.h>

#include <string>

#include "tests/sim/element/handset.hpp"
#include "tests/sim/element/provider.hpp"

namespace roamdesk::sim {

// A house whose people have accounts at the exchange that the company had before; at the core's own networks and at a
// branch. 101 sits at a desk, 102 at none, 103 at a desk and has no account.
class UpstreamOffice : public testing::TestWithParam<const char*> {
 protected:
  UpstreamOffice() {
    for (const auto* number : {"101", "102", "103"}) sim.add_extension(number);
    desk = &sim.add_desk(1, site());
    other = &sim.add_desk(2, site());
    sim.log_in(*desk, "101");
    sim.log_in(*other, "103");
    EXPECT_TRUE(sim.run_until([&] { return sim.is_at_desk(*desk, "101") && sim.is_at_desk(*other, "103"); }, 60s));
    sim.names["pbx.example"] = {{pbx.target()}, 300s, std::nullopt, false};
    for (const auto* user : {"101", "102"}) pbx.registrar.passwords[user] = std::string{"secret-"} + user;
    trunk.name = "old-pbx";
    trunk.kind = TrunkKind::accounts;
    trunk.site = site();
    trunk.domain = "pbx.example";
    trunk.ping = 30s;
    sim.put_trunk(trunk);
    put(account("101"));
    put(account("102", AccountRegisters::always));
    sim.run_for(2s);
  }
  static SiteId site() { return SiteId{GetParam()}; }
  static SiteId another_site() { return site() == local_site() ? branch() : local_site(); }

  static UpstreamAccount account(const std::string& extension,
                                 AccountRegisters registers = AccountRegisters::while_logged_in) {
    UpstreamAccount made;
    made.extension = made.user = extension;
    made.trunk = "old-pbx";
    made.password = Secret{"secret-" + extension};
    made.registers = registers;
    return made;
  }
  void put(UpstreamAccount account) {
    sim.have(Put<UpstreamAccount>{std::move(account)});
    sim.run_for(1s);
  }
  upstream::Condition condition(const std::string& extension) const {
    const auto& accounts = sim.element().upstreams().accounts();
    const auto place = *accounts.of_extension(extension);
    return accounts.upstream(place.trunk)->status(*accounts.account(place.account), sim.time()).condition;
  }
  // A call from there to the Contact that this account has registered.
  int call_account(const std::string& extension, const calls::sim::Outside::Edit& edit = {}) {
    return call_contact(pbx, pbx.contacts.at(extension), edit);
  }
  static int call_contact(Provider& from, const sip::Uri& contact, const calls::sim::Outside::Edit& edit = {}) {
    from.contact = contact;
    return from.call("101", [&](sip::Message& m) {
      m.from.uri.user = "205";
      m.to.uri.user = "101";
      if (edit) edit(m);
    });
  }
  // The final answer that the phone hears.
  int dial(DeskPhone& phone, const std::string& number, Duration patience = 5s) {
    const auto call = phone.dial(number);
    sim.run_until([&] { return phone.call(call) && phone.call(call)->status >= 200; }, patience);
    return phone.call(call) ? phone.call(call)->status : 0;
  }
  void hang_up(DeskPhone& phone) {
    phone.hang_up();
    sim.run_for(1s);
  }

  Simulation sim;
  DeskPhone *desk = nullptr, *other = nullptr;
  Trunk trunk;
  Provider pbx{sim, site(), "198.51.100.1"};
};

}  // namespace roamdesk::sim
