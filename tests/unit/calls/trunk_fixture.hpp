#pragma once
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "tests/unit/calls/fixture.hpp"

namespace roamdesk::calls {

// A phone, and a trunk's server.
class TrunkCalls : public Calls {
 protected:
  void TearDown() override {
    world.sends = {};  // what it writes to is gone
    Calls::TearDown();
  }

  Phone& phone = world.add("101");
  sim::Outside& server = world.add_server();
  Manner& manner = world.manners["provider"];

  void dial(std::function<void(sip::Message&)> edit = {}) {
    phone.dial("0301234", world.now, std::move(edit));
    world.run(50ms);
  }
  void talking_out() {
    dial();
    server.answer();
    world.run(200ms);
    ASSERT_TRUE(world.talk(phone, server)) << phone.at().status << " " << world.broken;
  }
  void talking_in() {
    server.dial("101");
    world.run(200ms);
    phone.answer(world.now);
    world.run(200ms);
    ASSERT_TRUE(world.talk(phone, server)) << server.at().status << " " << world.broken;
  }
  // Keeps the last final answer of ours to an INVITE.
  void hear(sip::Message& last) {
    world.sends = [&last](const sip::Message& m) {
      if (m.status >= 200 && m.cseq.method == "INVITE") last = m;
    };
  }
  static std::string value(const sip::Message& m, std::string_view name) {
    return std::string{m.header(name).value_or("")};
  }
  // The statuses of ServerFailed, in order.
  std::vector<int> failures() {
    std::vector<int> statuses;
    for (const auto& event : world.events)
      if (const auto* failed = std::get_if<ServerFailed>(&event)) statuses.push_back(failed->status);
    return statuses;
  }
  std::size_t answers_told() {
    return static_cast<std::size_t>(std::count_if(world.events.begin(), world.events.end(), [](const auto& event) {
      return std::holds_alternative<ServerAnswered>(event);
    }));
  }
};

}  // namespace roamdesk::calls
