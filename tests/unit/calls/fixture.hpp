#pragma once
#include <gtest/gtest.h>

#include "common/sip/parse.hpp"
#include "tests/unit/calls/world/world.hpp"

namespace roamdesk::calls {
using namespace std::chrono_literals;
using sim::Phone;
using sim::World;

// Every test ends with everybody hung up, and nothing left: no stream, port, leg, timer or transaction.
class Calls : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(world.settle(), ""); }

  // A talks to B.
  void talking(Phone& a, Phone& b) {
    a.dial(b.user, world.now);
    world.run(500ms);
    b.answer(world.now);
    world.run(500ms);
    ASSERT_TRUE(world.talk(a, b)) << a.at().status << " " << world.broken;
  }
  CallState state() {
    const auto calls = world.engine.calls();
    EXPECT_EQ(calls.size(), 1u);
    return calls.empty() ? CallState::ringing : calls.front().state;
  }
  const std::vector<std::string> tone{"ringback"};
  // What a phone's newest dialog hears of us: the prompts that play, and whether another stream is behind it.
  std::vector<std::string> plays_to(Phone& phone, int dialog = -1) {
    const auto* stream = world.stream_at(sim::media_of(phone.at(dialog).heard));
    return stream ? stream->playing : std::vector<std::string>{};
  }
  // The user part of whom a request or an answer shows by P-Asserted-Identity; "" where it names no one.
  static std::string asserted(const sip::Message& m) {
    const auto identity = sip::parse_name_addr(m.header("P-Asserted-Identity").value_or(""));
    return identity ? identity->uri.user : "";
  }
  // A request in a phone's dialog as another sender might write it who has learnt all its names.
  static sip::Message within(const sim::PhoneDialog& dialog, const std::string& method, std::uint32_t cseq) {
    sip::Message m;
    m.method = method;
    m.request_uri = *sip::parse_uri(dialog.target);
    m.from = *sip::parse_name_addr(dialog.local);
    m.to = *sip::parse_name_addr(dialog.remote);
    m.call_id = dialog.call_id;
    m.cseq = {cseq, method};
    return m;
  }
  static const sip::Message* last(const Phone& phone, std::string_view method) {
    for (auto it = phone.requests.rbegin(); it != phone.requests.rend(); ++it)
      if (it->method == method) return &*it;
    return nullptr;
  }

  World world;
};

}  // namespace roamdesk::calls
