#include <array>
#include <utility>

#include "exchange/model/records.hpp"

namespace roamdesk {
namespace {
constexpr std::array<std::pair<CallOutcome, const char*>, 7> names{{{CallOutcome::answered, "answered"},
                                                                    {CallOutcome::busy, "busy"},
                                                                    {CallOutcome::no_answer, "no_answer"},
                                                                    {CallOutcome::cancelled, "cancelled"},
                                                                    {CallOutcome::refused, "refused"},
                                                                    {CallOutcome::unavailable, "unavailable"},
                                                                    {CallOutcome::failed, "failed"}}};
}  // namespace

const char* to_string(CallOutcome outcome) {
  for (const auto& [value, name] : names)
    if (value == outcome) return name;
  return "failed";
}

std::optional<CallOutcome> call_outcome_of(std::string_view text) {
  for (const auto& [value, name] : names)
    if (text == name) return value;
  return std::nullopt;
}

}  // namespace roamdesk
