#pragma once
#include <string>

#include "exchange/model/describe.hpp"

namespace roamdesk {

// How an SBC's line was in the last month, in steps of two hours: one record for each SBC.
struct LineMonth {
  std::string sbc{};    // the key
  std::string steps{};  // as pbx-core/administration/line_history writes them
  friend bool operator==(const LineMonth&, const LineMonth&) = default;
};

template <>
inline constexpr Table table<LineMonth>{"line_months", "sbc", "sbc"};
template <>
inline constexpr auto key_of<LineMonth> = &LineMonth::sbc;

template <class V, Is<LineMonth> R>
void fields(V& v, R& m) {
  v("sbc", m.sbc), v("steps", m.steps);
}

}  // namespace roamdesk
