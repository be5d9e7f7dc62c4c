#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/fault.hpp"

namespace roamdesk::config {

// A YAML document with the place of each node, kept by us because yaml-cpp's own tree swallows repeated keys.
// Anchors, aliases and tags are refused: a configuration of some fifty lines needs none.
struct Tree {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text{};   // scalar
  bool quoted = false;  // scalar: "null" and "5060" in quotes are text
  std::vector<Tree> items{};
  struct Entry;
  std::vector<Entry> entries;  // keys are scalars, each once
  Position position{};
};

struct Tree::Entry {
  Tree key, value;
};

// The first document in `text`. Syntax errors, repeated keys and the like go to `faults`.
Tree parse_tree(std::string_view text, Faults& faults);

}  // namespace roamdesk::config
