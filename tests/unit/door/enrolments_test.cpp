#include "pbx-core/door/enrolments.hpp"

#include <gtest/gtest.h>

#include "common/crypto/random.hpp"
#include "common/log/log.hpp"
#include "common/tunnel/enrolment.hpp"

namespace roamdesk::door {
namespace {

using tunnel::Reason;

WallTime by_the_clock() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

struct OneSbc final : DoorHandler {
  void on_sip(const sip::Flow&, std::string_view) override {}
  void on_flow_closed(const sip::Flow&, std::string_view) override {}
  void on_http(HttpRequest, HttpReply) override {}
  void on_media(const media::Event&) override {}
  void on_sbc_connected(const std::string&, bool) override {}
  void on_sbc_disconnected(const std::string&, const std::string&) override {}
  std::optional<Sbc> find_sbc(const std::string& name) const override {
    return name == sbc.name ? std::optional{sbc} : std::nullopt;
  }
  void store_sbc(Sbc record, std::function<void(bool)> done) override {
    sbc = std::move(record);
    done(true);
  }
  Sbc sbc;
};

class EnrolmentOrder : public testing::Test {
 protected:
  EnrolmentOrder() {
    log::set_sink([](std::string_view) {});
    handler.sbc.name = "branch-1";
    key = *tunnel::parse_enrolment_key(enrolments.make_key(handler.sbc).reveal());
  }
  ~EnrolmentOrder() override { log::set_sink(nullptr); }
  // Why it was refused.
  std::optional<Reason> attempt(Secret secret, std::string request) {
    tunnel::Enrol enrol;
    enrol.name = "branch-1";
    enrol.secret = std::move(secret);
    enrol.request = std::move(request);
    std::optional<Reason> refused;
    enrolments.enrol(
        enrol, [&](auto answer) { refused = answer ? std::nullopt : std::optional{answer.error().reason}; }, [] {});
    return refused;
  }

  OneSbc handler;
  Enrolments enrolments{handler, crypto::Authority::create("ca", crypto::random_bytes(16), by_the_clock()),
                        std::chrono::hours{24}, by_the_clock};
  tunnel::EnrolmentKey key;
};

TEST_F(EnrolmentOrder, TheSecretIsLookedAtBeforeTheRequest) {
  const Secret wrong{std::string(32, 'a')};
  for (const char* request : {"", "nonsense", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"}) {
    EXPECT_EQ(attempt(wrong, request), Reason::secret_unknown) << request;
    EXPECT_EQ(attempt(key.secret, request), Reason::bad_request) << request;
  }
  // A request that was no good has not used the key up.
  const auto good = crypto::make_request(crypto::generate_key(), "branch-1");
  EXPECT_EQ(attempt(key.secret, *good), std::nullopt);
  EXPECT_EQ(attempt(key.secret, *good), Reason::secret_used);
}

}  // namespace
}  // namespace roamdesk::door
