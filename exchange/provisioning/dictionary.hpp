#pragma once
#include "exchange/provisioning/phone_view.hpp"

namespace ctemplate {
class TemplateDictionary;
}

namespace roamdesk::provisioning {

// All that a template may name (docs/phones.md has the list), escaped for the vendor's grammar.
void fill(ctemplate::TemplateDictionary& dictionary, const PhoneView& view);

}  // namespace roamdesk::provisioning
