#pragma once
#include <compare>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace roamdesk::config {

// From 1, as editors count.
struct Position {
  int line = 1, column = 1;
  friend auto operator<=>(const Position&, const Position&) = default;
};

struct Fault {
  Position position;
  std::string what;      // "sip.udp: 'x' is no address and port"
  std::string expected;  // "an address and a port, as 0.0.0.0:5060, or null"
  friend auto operator<=>(const Fault&, const Fault&) = default;
};
using Faults = std::vector<Fault>;

// Contract §2: "FILE:LINE:COLUMN: what is wrong; what is expected", in the order of the file, no line end.
std::vector<std::string> lines_of(const Faults& faults, std::string_view file);

// Thrown by load functions at start-up, caught in main: print the lines, exit 2.
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::vector<std::string> lines);
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

}  // namespace roamdesk::config
