#include "pbx-core/api/control.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pbx-core/api/control_line.hpp"

namespace roamdesk::test {
namespace {
using api::ControlFault;
using api::ControlReply;
using api::ControlRequest;

class Control : public testing::Test {
 protected:
  Control() {
    char name[] = "/tmp/roamdesk-XXXXXX";
    directory_ = mkdtemp(name);
    socket_ = directory_ / "control.sock";
  }
  ~Control() override { std::filesystem::remove_all(directory_); }
  std::filesystem::path directory_, socket_;
};

void echo(ControlRequest request, std::function<void(ControlReply)> reply) {
  reply({request.command == "sbc.add", "key for " + request.arguments["name"]});
}

TEST_F(Control, CarriesACommandAndItsAnswer) {
  const api::ControlServer server(socket_, echo);
  struct stat about {};
  ASSERT_EQ(::stat(socket_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  for (int i = 0; i < 3; ++i) {
    const auto reply = api::control(socket_, {"sbc.add", {{"name", "branch-1"}}});
    ASSERT_TRUE(reply.has_value());
    EXPECT_TRUE(reply->ok);
    EXPECT_EQ(reply->text, "key for branch-1");
  }
  EXPECT_FALSE(api::control(socket_, {"other", {}})->ok);
}

TEST_F(Control, SaysWhenNobodyIsThere) {
  const auto fault = [&] { return api::control(socket_, {"sbc.add", {}}).error(); };
  EXPECT_EQ(fault(), ControlFault::not_running);
  { const api::ControlServer server(socket_, echo); }
  EXPECT_FALSE(std::filesystem::exists(socket_));
  EXPECT_EQ(fault(), ControlFault::not_running);
}

TEST_F(Control, ReplacesAStaleSocketButNotAnotherCore) {
  { const auto stale = api::control_line::listen(socket_); }  // the file wasn't removed
  EXPECT_TRUE(std::filesystem::exists(socket_));
  const api::ControlServer server(socket_, echo);
  EXPECT_TRUE(api::control(socket_, {"sbc.add", {}})->ok);
  EXPECT_THROW(api::ControlServer(socket_, echo), std::runtime_error);
  EXPECT_TRUE(api::control(socket_, {"sbc.add", {}})->ok);
}

TEST_F(Control, RefusesWhatIsNoRequest) {
  const api::ControlServer server(socket_, echo);
  for (const char* line : {"nonsense", "[]", "{}", R"({"command":1})"}) {
    const auto connected = api::control_line::connect(socket_);
    api::control_line::write_line(connected.fd, line);
    EXPECT_THAT(api::control_line::read_line(connected.fd, std::chrono::seconds(5)).value_or(""),
                testing::HasSubstr("\"ok\":false"));
  }
}

TEST_F(Control, StopsThoughAnAnswerIsOwed) {
  std::function<void(ControlReply)> kept;
  auto server = std::make_unique<api::ControlServer>(
      socket_, [&](ControlRequest, std::function<void(ControlReply)> reply) { kept = reply; });
  const auto connected = api::control_line::connect(socket_);
  api::control_line::write_line(connected.fd, R"({"command":"sbc.add"})");
  server.reset();
  if (kept) kept({true, "too late"});
}

}  // namespace
}  // namespace roamdesk::test
