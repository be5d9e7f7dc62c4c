#pragma once
#include <optional>
#include <string_view>

#include "exchange/model/directory.hpp"
#include "exchange/registrar/registrar.hpp"

namespace roamdesk::element {

// The account of a digest user name; nullopt if it has none.
std::optional<registrar::Account> account_of(const Directory& directory, std::string_view digest_user);

// The hot-desk machine's name for the identity behind a digest user: a session's id, or nullopt for the idle one.
std::optional<SessionId> identity_of(const registrar::Account& account);

}  // namespace roamdesk::element
