#pragma once
#include <optional>
#include <string>

#include "exchange/element/context.hpp"
#include "exchange/element/report_allowance.hpp"

namespace roamdesk::element {

// Reports who asked for a phone's configuration and didn't get it: log and event stream, and the audit where an
// assigned phone is concerned. Any sender can ask, so it is bounded (ReportAllowance).
class Refusals {
 public:
  explicit Refusals(Context& context) : context_(context) {}

  // `why` is a word: "foreign_address".
  void report(const std::optional<Mac>& mac, const SiteId& site, const Endpoint& peer, const std::string& why);
  void handle_timeout();
  std::optional<TimePoint> deadline() const { return allowance_.deadline(); }

 private:
  Context& context_;
  ReportAllowance allowance_;
};

}  // namespace roamdesk::element
