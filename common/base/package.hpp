#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace roamdesk {

// A Debian package of a program of ours, as far as a program says it of itself: "0.2.0~deb12", "amd64".
struct Package {
  std::string version, architecture;
  friend bool operator==(const Package&, const Package&) = default;
};

// What may stand for a version in orders and requests: a digit, then letters, digits, `.`, `+`, `~`, `-`; 50 characters
// at most. Debian's own (deb-version(7)) without an epoch. No word of it is an option, a path or a command.
bool is_package_version(std::string_view text);
// Lower-case letters, digits and `-`, of a letter first; 12 characters at most.
bool is_architecture(std::string_view text);
// "0.2.0~deb12 amd64", as the package says it in share/roamdesk/sbc.package; nullopt where it is none.
std::optional<Package> parse_package(std::string_view text);
std::string to_string(const Package& package);

// Which is the newer one, by dpkg's order (deb-version(7), "Sorting algorithm").
std::strong_ordering compare_versions(std::string_view a, std::string_view b);
// The Debian that it was built for: "12" of "0.2.0~deb12" and "0.2.0~deb12+1"; "" where the version doesn't say.
std::string_view debian_of(std::string_view version);

// What a program says of itself to the other end of a tunnel, 64 characters at most: "sbc 0.1.0 (0.1.0~deb12 amd64)".
// The brackets are left out where it wasn't installed by a package.
std::string software_text(std::string_view name, const std::optional<Package>& package);
// The mark that an SBC puts behind its name where it knows the frames by which it is run from the core
// (common/tunnel/frames_operation.hpp): " +run".
inline constexpr std::string_view run_mark = " +run";
bool is_run_from_core(std::string_view software);
// The package in it; nullopt where there is none: the program is an older one, or wasn't installed by a package.
std::optional<Package> package_in(std::string_view software);
// The text before the brackets and the mark.
std::string_view name_in(std::string_view software);

}  // namespace roamdesk
