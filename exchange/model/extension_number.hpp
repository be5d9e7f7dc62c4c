#pragma once
#include <string>

#include "common/base/ids.hpp"

namespace roamdesk {

using ExtensionNumber = Strong<struct ExtensionTag, std::string>;  // digits only, 1..15

}  // namespace roamdesk
