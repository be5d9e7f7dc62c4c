#include "pbx-core/api/record_calls.hpp"

namespace roamdesk::api {
namespace {

struct InboundNumbers {
  using Record = InboundNumber;
  static constexpr const char *name = "inbound number", *action = "inbound_number", *path = "inbound-numbers",
                              *key = "first";
  static constexpr std::size_t most = 10'000;

  static InboundNumber fresh() { return {}; }
  static void complete(InboundNumber& number) {
    if (number.last.empty()) number.last = number.first;
  }
  static InboundNumber placed(InboundNumber number, const Directory&) { return number; }
  static void more(boost::json::object&, const InboundNumber&, const Domain&) {}
};

}  // namespace

std::vector<Route> inbound_number_routes() {
  using Calls = RecordCalls<InboundNumbers>;
  return {
      {"GET", "/inbound-numbers", Role::reader, Calls::list},
      {"POST", "/inbound-numbers", Role::administrator, Calls::create},
      {"GET", "/inbound-numbers/{number}", Role::reader, Calls::show, false, false, false, Calls::version},
      {"PATCH", "/inbound-numbers/{number}", Role::administrator, Calls::change, false, false, false, Calls::version},
      {"DELETE", "/inbound-numbers/{number}", Role::administrator, Calls::remove, false, false, false, Calls::version}};
}

}  // namespace roamdesk::api
