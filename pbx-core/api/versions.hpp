#pragma once
#include <optional>
#include <string>

#include "pbx-core/api/configured.hpp"
#include "pbx-core/api/domain.hpp"

// Versions of records: entity tags (RFC 9110 §8.8.3) of what administrators set of them.
namespace roamdesk::api {

// The quoted tag of a record that the domain has under `key`, as it stands in the path; nullopt where it has none. On
// the signalling thread.
using VersionOf = std::optional<std::string> (*)(const Domain& domain, const std::string& key);

// Strong, good until the program ends: keyed, so that no secret in it can be tried out. `secrets` are hidden members
// whose change counts as well.
std::string tag_of(const boost::json::object& configured, const std::string& secrets = {});

// The tag of a record: what ETag says of it, and the lists of those of which several are changed at once.
std::string record_tag(const Extension& extension);  // a new PIN is a new version
std::string record_tag(const HotDesk& desk);
template <class R>
std::string record_tag(const R& record) {
  std::string secrets;
  if constexpr (requires { record.password.reveal(); }) secrets = record.password.reveal();
  if constexpr (requires { record.signing_key.reveal(); }) secrets = record.signing_key.reveal();
  return tag_of(configured(record), secrets);
}

std::optional<std::string> extension_version(const Domain& domain, const std::string& number);
std::optional<std::string> desk_version(const Domain& domain, const std::string& mac);
std::optional<std::string> phone_version(const Domain& domain, const std::string& mac);
std::optional<std::string> sbc_version(const Domain& domain, const std::string& name);
std::optional<std::string> settings_version(const Domain& domain, const std::string&);

template <class R>
std::optional<std::string> record_version(const Domain& domain, const std::string& key) {
  const auto& all = domain.directory().all<R>();
  const auto found = all.find(key);
  return found == all.end() ? std::nullopt : std::optional{record_tag(found->second)};
}
// Of all records of a kind together: of their order.
template <class R>
std::optional<std::string> list_version(const Domain& domain, const std::string&) {
  boost::json::object all;
  for (const auto& [key, record] : domain.directory().all<R>()) all[key] = configured(record);
  return tag_of(all);
}

}  // namespace roamdesk::api
