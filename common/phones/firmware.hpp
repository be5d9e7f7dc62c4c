#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "common/phones/model.hpp"

namespace roamdesk::phones {

// Names of firmware are kept as they are and served under a token: letters, digits, '.', '-' and '_', 5 to 100 of them,
// no dot first, and an ending that the vendor's phones ask for. False for a vendor that we don't configure.
bool is_firmware_name(Vendor vendor, std::string_view name);
// The file of several that a phone's configuration names: the others are fetched beside it (Cisco's .loads).
bool is_main_firmware(Vendor vendor, std::string_view name);
// ".rom", or ".loads, .sbn"
std::string firmware_endings(Vendor vendor);
// As User-Agents spell it: 3 to 40 letters, digits, '.', '-' and '_', a digit first.
bool is_firmware_version(std::string_view version);
// Why firmware of this version can't be the model's: its first group names another hardware. nullopt where nothing
// speaks against it.
std::optional<std::string> firmware_mismatch(const Model& model, std::string_view version);

}  // namespace roamdesk::phones
