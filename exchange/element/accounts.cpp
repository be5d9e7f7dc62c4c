#include "exchange/element/accounts.hpp"

namespace roamdesk::element {

std::optional<registrar::Account> account_of(const Directory& directory, std::string_view digest_user) {
  using registrar::Account;
  using registrar::Rights;
  const auto identity = directory.identity(digest_user);
  const auto at_desk = [&](const HotDesk& desk, const Credentials& credentials, const std::string& aor, Rights rights) {
    return Account{desk.mac, credentials.user.str(), credentials.password, aor, desk.site, rights, true};
  };
  if (const Session* session = identity.session) {
    const HotDesk* desk = directory.desk(session->desk);
    if (!desk) return std::nullopt;
    return at_desk(*desk, session->credentials, session->extension.value(), Rights::full);
  }
  if (const HotDesk* desk = identity.idle_desk) {
    // A desk that was defined and isn't assigned yet has no phone.
    const Phone* phone = directory.phone(desk->mac);
    if (!phone || !phone->assigned) return std::nullopt;
    return at_desk(*desk, desk->idle, desk->id.value(), Rights::idle);
  }
  if (const OldCredentials* old = identity.old) {
    const HotDesk* desk = directory.desk(old->desk);
    if (!desk) return std::nullopt;
    const bool idle = old->extension.value().empty();
    return at_desk(*desk, old->credentials, idle ? desk->id.value() : old->extension.value(), Rights::old);
  }
  if (const Phone* phone = identity.phone; phone && phone->assigned && phone->extension && phone->credentials)
    return Account{phone->mac,
                   phone->credentials->user.str(),
                   phone->credentials->password,
                   phone->extension->value(),
                   phone->site,
                   Rights::full,
                   false};
  return std::nullopt;
}

std::optional<SessionId> identity_of(const registrar::Account& account) {
  if (account.rights == registrar::Rights::idle) return std::nullopt;
  return SessionId{account.digest_user};
}

}  // namespace roamdesk::element
