#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace roamdesk::phones {

// For phones that another system provisioned, and that find us in its place: by its name or address, or by a new URL
// with the old path behind. The path below /provision/ by which such a phone would ask here for its own file:
// "/provisioning/abc123/cfg000b82112233.xml" is "/provision/cfg000b82112233.xml". Who may have it is decided there.
//
// nullopt for a sender that isn't a phone of a vendor that we configure, for files that aren't its own, and for paths
// of ours. The User-Agent is any sender's word, and so is the path: neither gives a right.
std::optional<std::string> path_taken_over(std::string_view target, std::string_view user_agent);

}  // namespace roamdesk::phones
