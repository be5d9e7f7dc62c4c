#pragma once
#include <optional>
#include <string_view>

#include "exchange/model/directory.hpp"
#include "exchange/registrar/registrar.hpp"

namespace roamdesk::element {

// Whose credentials a digest user name is, out of the directory; none: nobody's.
std::optional<registrar::Account> account_of(const Directory& directory, std::string_view digest_user);

// The hot-desk machine's name for the identity behind a digest user: a session's id, or none for the idle one.
std::optional<SessionId> identity_of(const registrar::Account& account);

}  // namespace roamdesk::element
