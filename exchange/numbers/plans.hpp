#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "exchange/model/number_class.hpp"

// The world's numbering plans: automata over digits, made by make_plans.py when this is built.
namespace roamdesk::numbers::plans {

// At 0 there is no way out. `value` is above 0 where what was read is whole; what it says is the automaton's business.
struct State {
  std::uint16_t value;
  std::array<std::uint16_t, 10> next;
};
using Begin = std::uint16_t;

// A country code. Values: 1 + region * 6 + class, region 0 for none, else its place in `regions` + 1.
struct Code {
  std::uint16_t digits;
  Begin numbers;
};

struct Region {
  std::string_view name;  // ISO 3166
  std::uint16_t code;
  // Before a national number: as it is written, and whether it is; as it may be dialled.
  std::string_view prefix;
  bool writes_prefix;
  Begin prefixes;
  // Numbers that may be dialled without the country's one area code.
  std::string_view area;
  Begin local;
  // Before a number of another country: as it is written, and as it may be dialled.
  std::string_view exit;
  Begin exits;
  // Values: 1 + class.
  Begin short_numbers;
  // 0 where none is known.
  Begin emergency;
};

extern const std::span<const Code> codes;      // by their digits
extern const std::span<const Region> regions;  // by their names
extern const State states[];

// nullptr for a country that there isn't.
const Region* find_region(std::string_view name);
// The country code that `digits` begin with.
const Code* find_code(std::string_view digits);

// The value where all of `digits` are read; 0 where they aren't whole or are something else.
std::uint16_t whole(Begin begin, std::string_view digits);
// How many digits in front are whole, at most; 0 for none.
std::size_t longest_front(Begin begin, std::string_view digits);

}  // namespace roamdesk::numbers::plans
