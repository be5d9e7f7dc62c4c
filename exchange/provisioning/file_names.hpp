#pragma once
#include <string>
#include <string_view>

#include "common/phones/file_name.hpp"
#include "common/phones/model.hpp"

namespace roamdesk::provisioning {

using phones::FileKind;
using phones::FileName;

// What a vendor's phone asks for (docs/reference/provisioning.md §4). `name` is the last part of the path, decoded; any
// case of the MAC. `unknown` for a vendor that we don't configure.
FileName resolve(phones::Vendor vendor, std::string_view name);
// Where nothing but the name is known: what it is to the first vendor whose name for a phone's own file it is, so that
// the MAC is set; `unknown` where it is no vendor's.
FileName resolve(std::string_view name);

// The name under which the phone asks for its own file: "001565112233.cfg". The model's vendor must be a supported one.
std::string config_file_name(const phones::Model& model, const Mac& mac);

}  // namespace roamdesk::provisioning
