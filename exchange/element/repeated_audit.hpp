#pragma once
#include <optional>
#include <string>
#include <utility>

#include "exchange/element/audit_allowance.hpp"
#include "exchange/element/context.hpp"

namespace roamdesk::element {

// One kind of audit record that a sender can cause without bound: of each source the first in a minute is written by
// the part that asks take(), how many more there were is written here when the minute is over.
class RepeatedAudit {
 public:
  RepeatedAudit(Context& context, std::string action) : context_(context), action_(std::move(action)) {}

  // Whether this one is to be written down by itself.
  bool take(const std::string& source) { return allowance_.take(source, context_.now.mono); }
  const std::string& action() const { return action_; }
  void handle_timeout() {
    for (const auto& [source, more] : allowance_.handle_timeout(context_.now.mono))
      context_.audit(action_, "phone", source, "", std::to_string(more) + " more within a minute");
  }
  std::optional<TimePoint> deadline() const { return allowance_.deadline(); }

 private:
  Context& context_;
  std::string action_;
  AuditAllowance allowance_;
};

}  // namespace roamdesk::element
