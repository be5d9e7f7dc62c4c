#pragma once
#include <string>

#include "common/base/secret.hpp"

namespace roamdesk::provisioning {

// The password of a phone's own web page and menus: 16 letters and digits, each kind among them, none that is taken for
// another when read aloud. All vendors take that; Fanvil takes nothing else, Cisco and some Grandstreams want three
// kinds. `fresh`: 128 random bits, hexadecimal.
Secret make_web_password(const std::string& fresh);

}  // namespace roamdesk::provisioning
