#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/package.hpp"

namespace roamdesk::rollout {

// What a branch says of itself, as it may be stored and shown: one line of printable ASCII, 200 characters at most.
std::string clean(std::string_view text);

// The newest of what is served ("0.2.0~deb12 amd64") for the Debian and the architecture of `has`; nullopt: none is.
std::optional<std::string> version_for(const Package& has, const std::vector<std::string>& served);

// What an update would do with a branch.
struct Prospect {
  std::string to{};     // the version that it would get; "" where it gets none
  bool has_it = false;  // which runs there already
  std::string why{};    // why it gets none, in words
};
// `software`: as it says of itself, where it names no package.
Prospect prospect(const std::optional<Package>& has, std::string_view software, const std::vector<std::string>& served);

// Of a repository's `Packages` (deb822): the newest roamdesk-sbc for each Debian and architecture, "0.2.0~deb12 amd64",
// in that order. What isn't of the grammar isn't there.
std::vector<std::string> newest_in(std::string_view packages);

}  // namespace roamdesk::rollout
