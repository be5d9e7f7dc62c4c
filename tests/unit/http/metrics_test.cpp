#include "common/http/metrics.hpp"

#include <gmock/gmock.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

namespace roamdesk::test {
namespace {

TEST(Metrics, ServesTextAndStates) {
  const auto registry = std::make_shared<prometheus::Registry>();
  prometheus::BuildCounter().Name("calls_total").Help("Calls").Register(*registry).Add({}).Increment(3);
  bool ready = false;
  const http::Handler handler = http::metrics_handler(registry, [&] { return ready; });
  const auto call = [&](const char* method, const char* target) {
    http::Request request;
    request.method = method;
    request.target = target;
    http::Response answer;
    handler(request, [&](http::Response r) { answer = std::move(r); });
    return answer;
  };
  EXPECT_THAT(call("GET", "/metrics").body, testing::HasSubstr("calls_total 3"));
  EXPECT_EQ(call("GET", "/healthz").status, 200u);
  EXPECT_EQ(call("GET", "/readyz").status, 503u);
  ready = true;
  EXPECT_EQ(call("GET", "/readyz").status, 200u);
  EXPECT_EQ(call("POST", "/metrics").status, 405u);
  EXPECT_EQ(call("GET", "/").status, 404u);
}

}  // namespace
}  // namespace roamdesk::test
