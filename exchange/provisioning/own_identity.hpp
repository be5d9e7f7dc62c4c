#pragma once
#include <string>

#include "common/phones/own_form.hpp"
#include "exchange/provisioning/own_lines.hpp"

namespace roamdesk::provisioning {

// The parameter's name: its element's, or, of an "item" where the vendor has such, what the attribute says that names
// it; "" where that is missing.
std::string name_of(const phones::OwnForm& form, const OwnLine& line);
// What tells it from others beside it: its name, and which of several it is.
std::string identity_of(const phones::OwnForm& form, const OwnLine& line);
// As it is said to people; `path` stands before it.
std::string told_name(const phones::OwnForm& form, const OwnLine& line, const std::string& path);

}  // namespace roamdesk::provisioning
