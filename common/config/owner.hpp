#pragma once
#include <filesystem>

namespace roamdesk::config {

// Root's commands that write into a service's folder do so as its owner: a file of root's there is one that the service
// can't read or replace. Gives up root for good. Nothing where we aren't root, where `folder` isn't there, or is root's
// own. Throws std::runtime_error.
void act_as_owner_of(const std::filesystem::path& folder);

}  // namespace roamdesk::config
