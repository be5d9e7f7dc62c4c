#include "common/http/provisioning.hpp"

#include <gtest/gtest.h>

namespace roamdesk::http {
namespace {

Request head(const std::string& method, const std::string& target, std::vector<Field> fields = {}) {
  Request request;
  request.method = method;
  request.target = target;
  request.fields = std::move(fields);
  return request;
}
unsigned gate_says(const Request& request) {
  const auto answer = provisioning_gate(request);
  return answer ? answer->status : 0;
}
constexpr const char* log_file = "/provision/TOKEN/482567b5313f-app.log";

TEST(ProvisioningGate, TakesALogAndThrowsItAway) {
  const auto answer = provisioning_gate(head("PUT", log_file, {{"Content-Length", "1048576"}}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204u);
  EXPECT_EQ(answer->body_to_drop, longest_log);
  EXPECT_FALSE(answer->vouches_for_peer) << "whoever sends a log has shown nothing";
}

TEST(ProvisioningGate, TakesNoLogThatIsTooLongOrHasNoLength) {
  for (const auto* length : {"1048577", "99999999999999999999999", "-1", "1x", ""})
    EXPECT_EQ(gate_says(head("PUT", log_file, {{"Content-Length", length}})), 413u) << length;
  EXPECT_EQ(gate_says(head("PUT", log_file, {{"Transfer-Encoding", "chunked"}})), 411u);
}

TEST(ProvisioningGate, NeedsNoBodyOfOneThatWaitsToBeToldToSendIt) {
  const auto answer =
      provisioning_gate(head("PUT", log_file, {{"Content-Length", "9000"}, {"Expect", "100-continue"}}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204u);
  EXPECT_EQ(answer->body_to_drop, 0u);
}

TEST(ProvisioningGate, TakesNothingElseThanLogs) {
  for (const auto* method : {"POST", "DELETE", "PATCH", "put", "MKCOL"}) {
    const auto answer = provisioning_gate(head(method, log_file, {{"Content-Length", "5"}}));
    ASSERT_TRUE(answer) << method;
    EXPECT_EQ(answer->status, 405u) << method;
    EXPECT_EQ(answer->body_to_drop, 0u);
  }
  EXPECT_EQ(gate_says(head("GET", log_file, {{"Content-Length", "5000"}})), 413u);
  EXPECT_EQ(gate_says(head("GET", log_file, {{"Content-Length", "999"}})), 0u);
  EXPECT_EQ(gate_says(head("PUT", "/api/v1/desks", {{"Content-Length", "5"}})), 0u) << "that is the API's";
  EXPECT_EQ(gate_says(head("PUT", "/provisionx", {{"Content-Length", "5"}})), 0u);
}

}  // namespace
}  // namespace roamdesk::http
