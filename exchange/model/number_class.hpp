#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "common/base/word_set.hpp"
#include "common/base/words.hpp"

namespace roamdesk {

// What an outside number costs and where it leads, roughly: by it is decided who may call it.
enum class NumberClass : std::uint8_t {
  // Ordinary and free numbers of the trunk's own country, local ones included.
  national,
  mobile,
  // Dearer than an ordinary number, within bounds that the country sets (0180 in Germany, 0845 in Britain).
  shared_cost,
  // What its owner earns by: 0900.
  premium,
  // Any number of another country.
  international,
  // The numbering plan doesn't know it: a short code of the provider, or digits that are no number.
  unknown,
};
template <>
inline constexpr std::array<std::string_view, 6> words<NumberClass> = {"national", "mobile",        "shared_cost",
                                                                       "premium",  "international", "unknown"};
using NumberClasses = WordSet<NumberClass>;

}  // namespace roamdesk
