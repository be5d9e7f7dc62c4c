#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "common/edge/edge.hpp"
#include "tests/sim/element/handset.hpp"
#include "tests/sim/element/heap.hpp"

// What a person's own phone costs while it is registered and does nothing. Ten thousand of them are what a core is
// bought for: a field that is added to each shows here.
namespace roamdesk::sim {
namespace {

// ROAMDESK_COST prints what it is.
void say(const char* what, std::size_t bytes) {
  if (std::getenv("ROAMDESK_COST")) std::printf("%s: %zu bytes a phone\n", what, bytes);
}

class PhonesOfTheirOwn {
 public:
  void add(unsigned count) {
    for (unsigned i = 0; i < count; ++i, ++count_) add_one(100'000 + count_, fmt::format("001565{:06x}", count_));
    // As a core is in the morning: with what was stored.
    sim_.restart_core();
    sim_.run_for(40s);
  }
  std::size_t heap() { return sim_.core_heap(); }
  std::size_t registered() { return sim_.element().phones_online(); }

 private:
  void add_one(unsigned number, const std::string& mac) {
    Extension extension;
    extension.number = ExtensionNumber{std::to_string(number)};
    extension.name = "Person " + std::to_string(number);
    extension.pin_hash = "scrypt$16384$8$1$" + std::string(32, '0') + "$" + std::string(64, '0');
    Phone phone{*Mac::parse(mac)};
    phone.vendor = phones::Vendor::yealink;
    phone.model = "T46S";
    phone.firmware = "66.85.0.5";
    phone.site = local_site();
    phone.assigned = true;
    phone.extension = extension.number;
    phone.credentials = Credentials{sim_.fresh(), Secret{sim_.fresh()}};
    phone.token = sim_.fresh();
    phone.token_key = Secret{sim_.fresh()};
    phone.web_password = Secret{"0123456789abcdef"};
    sim_.have(PutExtension{extension});
    sim_.have(PutPhone{phone});
    Handset handset{sim_, local_site(), fmt::format("10.9.{}.{}", count_ / 250, 1 + count_ % 250)};
    const Keys keys{extension.number.value(), phone.credentials->user.str(), phone.credentials->password.reveal()};
    ASSERT_EQ(handset.register_as(keys, "", 3600), 200);
  }

  Simulation sim_;
  unsigned count_ = 0;
};

TEST(ARegisteredPhone, CostsTheElementLittle) {
  PhonesOfTheirOwn phones;
  phones.add(100);
  const auto before = phones.heap();
  phones.add(150);
  ASSERT_EQ(phones.registered(), 250u);
  const auto bytes = (phones.heap() - before) / 150;
  say("element", bytes);
  EXPECT_LE(bytes, 1'800u);
}

TEST(ARegisteredPhone, CostsTheEdgeLittle) {
  constexpr std::uint32_t count = 1000;
  const auto before = live_heap();
  edge::Edge edge{{}};
  const TimePoint now{1h};
  for (std::uint32_t i = 0; i < count; ++i) {
    const net::FlowKey key{sip::Transport::udp, {{0x0a000001}, 5060}, {{0x0a010000 + i}, 5060}};
    const auto flow = edge.handle_message(key, "REGISTER sip:pbx.example.com SIP/2.0\r\n\r\n", now + i * 10ms);
    ASSERT_TRUE(flow);
    edge.prove(flow->flow, sip::Standing::registered);
  }
  // Long enough that nothing is kept of how fast they came.
  EXPECT_FALSE(edge.handle_timeout(now + 1min));
  const auto bytes = (live_heap() - before) / count;
  say("edge", bytes);
  EXPECT_LE(bytes, 380u);
}

}  // namespace
}  // namespace roamdesk::sim
