#include "sbc/remote/reports.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "common/log/log.hpp"
#include "common/log/recent.hpp"
#include "sbc/config.hpp"
#include "sbc/remote/machine_facts.hpp"

namespace roamdesk::sbc {
namespace {
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

struct SbcReports : testing::Test {
  boost::asio::io_context io;
  std::string text = "lines\n";
  std::vector<tunnel::ReportPart> sent;
  bool has_room = true;
  TimePoint now{1h};
  Reports reports{io, [this](const auto&) { return text; },
                  [this](tunnel::ReportPart part) {
                    if (has_room) sent.push_back(std::move(part));
                    return has_room;
                  },
                  1us};

  SbcReports() {
    log::set_sink([](std::string_view) {});
  }
  ~SbcReports() override {
    log::set_sink(nullptr);
    log::keep_recent(0, 0);
  }
  static tunnel::ReportOrder order(char c = 'a') {
    tunnel::ReportOrder made;
    made.order = std::string(32, c);
    made.lines = 10;
    return made;
  }
  std::string whole() const {
    std::string all;
    for (const auto& part : sent) all += part.bytes;
    return all;
  }
};

TEST_F(SbcReports, GoInPiecesOfWhichTheLastSaysSo) {
  for (std::size_t i = 0; i < 20'000; ++i) text += static_cast<char>('a' + i % 26);
  reports.handle(order(), now);
  EXPECT_EQ(sent.size(), 1u) << "the others wait for their moment";
  io.run();
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(whole(), text);
  EXPECT_FALSE(sent[1].last);
  EXPECT_TRUE(sent[2].last);
}

TEST_F(SbcReports, SayThatThereIsNothing) {
  text.clear();
  reports.handle(order(), now);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_TRUE(sent[0].last);
}

TEST_F(SbcReports, WaitWhereTheTunnelHasNoRoom) {
  has_room = false;
  reports.handle(order(), now);
  for (int i = 0; i < 3; ++i) io.run_one();
  EXPECT_TRUE(sent.empty());
  has_room = true;
  io.run();
  EXPECT_EQ(whole(), text);
}

TEST_F(SbcReports, AreBounded) {
  text = std::string(1 << 20, 'x');
  reports.handle(order(), now);
  io.run();
  EXPECT_EQ(whole().size(), Reports::most_bytes);
}

TEST_F(SbcReports, AreOneAtATimeAndSixAMinute) {
  text = std::string(20'000, 'x');
  reports.handle(order('a'), now);
  reports.handle(order('b'), now);
  EXPECT_EQ(sent.back().why, "another one is on its way");
  io.run();
  text = "short\n";
  for (const char c : {'1', '2', '3', '4', '5'}) reports.handle(order(c), now);
  EXPECT_EQ(sent.back().why, "");
  reports.handle(order('6'), now);
  EXPECT_THAT(sent.back().why, HasSubstr("six times"));
  EXPECT_EQ(sent.back().bytes, "");
}

TEST_F(SbcReports, EndWithTheConnection) {
  text = std::string(20'000, 'x');
  reports.handle(order(), now);
  reports.handle_disconnected();
  io.run();
  EXPECT_EQ(sent.size(), 1u);
}

TEST_F(SbcReports, HaveTheNewestLinesAndNoSecrets) {
  log::keep_recent(3, 1000);
  const Secret secret{"hunter2"};
  for (int i = 1; i <= 5; ++i) log::warning("event", {{"number", i}, {"password", secret}});
  EXPECT_THAT(log::recent(10, 1000), testing::AllOf(HasSubstr("number=3"), HasSubstr("number=5"), HasSubstr("***"),
                                                    Not(HasSubstr("number=2")), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(log::recent(1, 1000), testing::AllOf(HasSubstr("number=5"), Not(HasSubstr("number=4"))));
  EXPECT_EQ(log::recent(10, 20), "") << "a line is whole or isn't there";
  log::keep_recent(3, 100);
  EXPECT_LE(log::recent(10, 1000).size(), 103u);
}

TEST(SbcDiagnosis, HasTheConfigurationWithoutItsKey) {
  Config config;
  config.core = {{"pbx.example.com", 5090}};
  config.enrolment_key = Secret{"rd1_hunter2"};
  config.lan.resize(1);
  const auto text = to_text(config);
  EXPECT_THAT(text, testing::AllOf(HasSubstr("pbx.example.com:5090"), HasSubstr("enrolment_key: (set)"),
                                   HasSubstr("sip 5060"), Not(HasSubstr("hunter2"))));
}

TEST(SbcDiagnosis, ReadsTheKernelsRoutes) {
  EXPECT_EQ(route_text("eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0"),
            "eth0 0.0.0.0/0 via 192.168.1.1");
  EXPECT_EQ(route_text("eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0"), "eth0 192.168.1.0/24");
  EXPECT_EQ(route_text("Iface\tDestination\tGateway"), "");
  EXPECT_THAT(machine_facts("/"), testing::AllOf(HasSubstr("kernel: "), HasSubstr("address: lo 127.0.0.1")));
}

}  // namespace
}  // namespace roamdesk::sbc
