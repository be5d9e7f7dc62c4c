#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/un.h>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <filesystem>
#include <future>

#include "common/crypto/hash.hpp"
#include "common/log/log.hpp"
#include "common/post/signature.hpp"
#include "pbx-core/notices/courier.hpp"
#include "tests/unit/notices/scripted_server.hpp"

// Signed web hooks, and syslog.
namespace roamdesk::notices {
namespace {
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using Line = ScriptedServer::Line;

class ACourierOfAlarms : public testing::Test {
 protected:
  ~ACourierOfAlarms() override { log::set_sink({}); }
  static Courier::Options quick() {
    Courier::Options options;
    options.host_name = "pbx.example.com";
    options.longest = 3s;
    return options;
  }
  static Outcome outcome(Courier& courier, post::Letter letter) {
    std::promise<Outcome> done;
    auto future = done.get_future();
    courier.try_once(std::move(letter), [&](Outcome end) { done.set_value(std::move(end)); });
    return future.get();
  }
  static post::Letter syslog(const std::string& to) { return {post::Way::syslog, to, "<26>1 - - - - - - hello"}; }
  static post::Letter signed_hook(const std::string& url) {
    post::Letter letter{post::Way::web_hook, url, R"({"id":"d1"})"};
    letter.key = Secret{"0123456789abcdef"};
    letter.delivery = "d1";
    return letter;
  }
  static std::string field(const std::string& head, const std::string& name) {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

TEST_F(ACourierOfAlarms, SignsEachTryOfAWebHook) {
  std::promise<std::string> heard;
  ScriptedServer server{[&](Line& line) {
    heard.set_value(line.read("\r\n\r\n"));
    line.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }};
  Courier courier{quick()};
  EXPECT_TRUE(outcome(courier, signed_hook(server.url())).delivered);
  const auto head = heard.get_future().get();
  EXPECT_EQ(field(head, "Roamdesk-Delivery"), "d1");
  const auto seconds = std::stoll(field(head, "Roamdesk-Timestamp"));
  const auto present =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_NEAR(static_cast<double>(seconds), static_cast<double>(present), 30);
  const auto expected = crypto::to_hex(crypto::hmac_sha256(
      crypto::as_bytes("0123456789abcdef"), crypto::as_bytes(std::to_string(seconds) + R"(.{"id":"d1"})")));
  EXPECT_EQ(field(head, "Roamdesk-Signature"), "v1=" + expected);
}

// What docs/alarms.md shows.
TEST_F(ACourierOfAlarms, SignsAsDocumented) {
  const auto text = post::signed_text(1'700'000'000, R"({"event":"notice.test","id":"d1"})");
  EXPECT_EQ(text, R"(1700000000.{"event":"notice.test","id":"d1"})");
  EXPECT_EQ(crypto::to_hex(crypto::hmac_sha256(crypto::as_bytes("0123456789abcdef"), crypto::as_bytes(text))),
            "10344c6657f95fc014a8964126a51b8f05b2fef6586462853625fd0abb0f8e68");
}

TEST_F(ACourierOfAlarms, SignsNothingWithoutAKey) {
  std::promise<std::string> heard;
  ScriptedServer server{[&](Line& line) {
    heard.set_value(line.read("\r\n\r\n"));
    line.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }};
  Courier courier{quick()};
  EXPECT_TRUE(outcome(courier, {post::Way::web_hook, server.url(), "{}"}).delivered);
  EXPECT_THAT(heard.get_future().get(), Not(HasSubstr("Roamdesk-")));
}

TEST_F(ACourierOfAlarms, NeverLogsAKey) {
  std::mutex mutex;
  std::string logged;
  log::set_sink([&](std::string_view line) {
    const std::lock_guard lock(mutex);
    logged += line;
  });
  ScriptedServer server{[](Line& line) {
    line.read("\r\n\r\n");
    line.write("HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n");
  }};
  {
    Courier courier{quick()};
    courier.send(signed_hook(server.url("/secret-path")));
    while (courier.counts().failed == 0) std::this_thread::sleep_for(5ms);
  }
  log::flush();
  const std::lock_guard lock(mutex);
  EXPECT_THAT(logged, HasSubstr("notice.failed"));
  EXPECT_THAT(logged, Not(HasSubstr("0123456789abcdef")));
  EXPECT_THAT(logged, Not(HasSubstr("secret-path")));
}

TEST_F(ACourierOfAlarms, SpeaksSyslogOverUdp) {
  boost::asio::io_context io;
  boost::asio::ip::udp::socket socket{io, {boost::asio::ip::address_v4::loopback(), 0}};
  Courier courier{quick()};
  EXPECT_EQ(outcome(courier, syslog("udp://127.0.0.1:" + std::to_string(socket.local_endpoint().port()))).why, "");
  std::array<char, 4096> buffer{};
  const auto size = socket.receive(boost::asio::buffer(buffer));
  EXPECT_EQ(std::string(buffer.data(), size), "<26>1 - - - - - - hello");
}

TEST_F(ACourierOfAlarms, CountsOctetsInSyslogOverTcp) {
  std::promise<std::string> heard;
  ScriptedServer server{[&](Line& line) { heard.set_value(line.read("hello")); }};
  Courier courier{quick()};
  EXPECT_EQ(outcome(courier, syslog("tcp://127.0.0.1:" + std::to_string(server.port()))).why, "");
  EXPECT_EQ(heard.get_future().get(), "23 <26>1 - - - - - - hello");
}

TEST_F(ACourierOfAlarms, SpeaksToTheMachinesOwnSyslog) {
  std::string name = (std::filesystem::temp_directory_path() / "syslog-XXXXXX").string();
  const std::filesystem::path directory = mkdtemp(name.data());
  boost::asio::io_context io;
  boost::asio::local::datagram_protocol::socket socket{io, {(directory / "log").string()}};
  auto options = quick();
  options.syslog_socket = directory / "log";
  Courier courier{options};
  EXPECT_EQ(outcome(courier, syslog("local")).why, "");
  std::array<char, 4096> buffer{};
  const auto size = socket.receive(boost::asio::buffer(buffer));
  EXPECT_EQ(std::string(buffer.data(), size), "<26>1 - - - - - - hello");
  std::filesystem::remove_all(directory);
}

TEST_F(ACourierOfAlarms, SaysWhereNoSyslogIs) {
  auto options = quick();
  options.syslog_socket = "/nonexistent/log";
  Courier courier{options};
  EXPECT_FALSE(outcome(courier, syslog("local")).delivered);
  EXPECT_FALSE(outcome(courier, syslog("tcp://127.0.0.1:1")).delivered);
  EXPECT_FALSE(outcome(courier, syslog("http://127.0.0.1:1")).delivered) << "what can't be a syslog server";
}

// One that takes connections and reads nothing costs the others nothing.
TEST_F(ACourierOfAlarms, WaitsForNoSyslogThatHangs) {
  ScriptedServer hangs{[](Line& line) { line.hang(); }};
  std::promise<void> heard;
  ScriptedServer works{[&](Line& line) {
    line.read("\r\n\r\n");
    line.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    heard.set_value();
  }};
  Courier courier{quick()};
  for (int i = 0; i < 40; ++i) {
    courier.send(syslog("tls://127.0.0.1:" + std::to_string(hangs.port())));
    courier.send(signed_hook(hangs.url()));
  }
  courier.send(signed_hook(works.url()));
  EXPECT_EQ(heard.get_future().wait_for(2s), std::future_status::ready);
}

}  // namespace
}  // namespace roamdesk::notices
