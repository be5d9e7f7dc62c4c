#pragma once
#include <vector>

#include "exchange/model/directory.hpp"

namespace roamdesk::element {

// The extensions that are new, or whose account upstream, session or phones of their own these changes concern.
// `directory`: as it is before they are applied.
std::vector<ExtensionNumber> extensions_touched(const Changes& changes, const Directory& directory);

}  // namespace roamdesk::element
