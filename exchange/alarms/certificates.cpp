#include "exchange/alarms/certificates.hpp"

#include <fmt/format.h>

#include <chrono>

namespace roamdesk::alarms {

std::optional<Condition> certificate_ends(const std::string& name, const std::string& site, WallTime until,
                                          unsigned days, WallTime now) {
  using Days = std::chrono::days;
  const auto left = until - now;
  if (left >= Days{days}) return std::nullopt;
  return Condition{
      AlarmKind::certificate_ends, left < Days{1} ? AlarmSeverity::critical : AlarmSeverity::warning, name, site,
      left.count() > 0 ? fmt::format("in {} days", std::chrono::floor<Days>(left).count()) : "it has ended"};
}

}  // namespace roamdesk::alarms
