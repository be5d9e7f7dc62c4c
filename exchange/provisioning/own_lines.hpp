#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/phones/model.hpp"

// Lines that an administrator adds to the files of a model, or of all of a vendor's, in the vendor's own dialect. They
// are read here and written anew: nothing of their text gets into a file as it was typed.
namespace roamdesk::provisioning {

struct OwnLine {
  std::string name;   // as the vendor has it
  std::string value;  // where there are no `within`
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<OwnLine> within;
  std::size_t line = 0;  // from 1
  friend bool operator==(const OwnLine&, const OwnLine&) = default;
};
using OwnLines = std::vector<OwnLine>;

struct OwnFault {
  std::size_t line = 0;  // from 1; 0: the text as a whole
  std::string what;      // "line 3: account.1.password can't be set here: …"
};

inline constexpr std::size_t longest_own_text = 16 * 1024, most_own_lines = 400, longest_own_value = 512;

// Refused: what isn't grammatical, what the vendor's Grammar holds, the same parameter twice. The vendor must be a
// supported one.
std::variant<OwnLines, OwnFault> read_own_lines(phones::Vendor vendor, std::string_view text);

// The first of them that a model of this dialect doesn't know; nullptr for none.
const OwnLine* unfit_for(const phones::Model& model, const OwnLines& lines);
// Those that it knows.
OwnLines fit_for(const phones::Model& model, const OwnLines& lines);

// The first ones, and the second ones, which win: no parameter is there twice.
OwnLines unite(phones::Vendor vendor, const OwnLines& first, const OwnLines& second);

struct Merged {
  std::string text;
  std::vector<std::size_t> own;  // its lines that are the administrator's, from 1, ascending
};
// A finished file with the lines in it: they stand in place of what it says of the same parameters, the others behind
// all that it says. A fault where they don't go in: one says a value where the file has elements, or the other way.
std::variant<Merged, OwnFault> merge(phones::Vendor vendor, const std::string& file, const OwnLines& lines);

// Each parameter with its value, as it is said to people: "phone/display/LCDTitle", "user_ringer 1". A value that is a
// secret by its parameter's name is "***".
std::vector<std::pair<std::string, std::string>> told(phones::Vendor vendor, const OwnLines& lines);
// The same lines with such secrets as "***".
OwnLines without_secrets(phones::Vendor vendor, OwnLines lines);

}  // namespace roamdesk::provisioning
