#pragma once
#include <string>
#include <vector>

namespace roamdesk::store {

// One step of the schema. A step that was released is never changed; what comes later is a new one.
struct Migration {
  int version;
  std::vector<std::string> statements;
};

// In ascending order, without gaps, from 1.
const std::vector<Migration>& migrations();
// The first of them, which are in a file of their own.
std::vector<Migration> migrations_1_to_16();

}  // namespace roamdesk::store
