#pragma once
#include <string>
#include <string_view>

#include "exchange/model/directory.hpp"

// At which site something is: who is bound to sites sees what is at them.
namespace roamdesk {

// What the audit calls a hot desk (id or MAC), a phone, an alarm or an emergency call by, and of actions "sbc.…" an
// SBC: a trunk may have an SBC's name. A desk is where it was defined to be, wherever its phone is. "" for what is at
// no site, and for what is unknown.
std::string site_named(const Directory& directory, std::string_view action, std::string_view subject);
// Says of each record for the audit that says no site at which its subject is: by what there is before the changes,
// else by what they make.
void note_sites(Changes& changes, const Directory& directory);

}  // namespace roamdesk
