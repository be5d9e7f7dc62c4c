#include "pbx-core/api/versions.hpp"

#include <boost/json/serialize.hpp>

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"

namespace roamdesk::api {

std::string tag_of(const boost::json::object& configured, const std::string& secrets) {
  static const std::string key = crypto::random_token(32);
  const std::string text = boost::json::serialize(configured) + '\n' + secrets;
  const auto digest = crypto::hmac_sha256(crypto::as_bytes(key), crypto::as_bytes(text));
  return '"' + crypto::to_hex(digest).substr(0, 32) + '"';
}

std::string record_tag(const Extension& extension) { return tag_of(configured(extension), extension.pin_hash.str()); }
std::string record_tag(const HotDesk& desk) { return tag_of(configured(desk)); }

std::optional<std::string> extension_version(const Domain& domain, const std::string& number) {
  const auto view = domain.extension(ExtensionNumber{number});
  return view ? std::optional{record_tag(view->record)} : std::nullopt;
}

std::optional<std::string> desk_version(const Domain& domain, const std::string& text) {
  const auto mac = Mac::parse(text);
  const auto view = mac ? domain.desk(*mac) : std::nullopt;
  return view ? std::optional{record_tag(view->record)} : std::nullopt;
}

std::optional<std::string> phone_version(const Domain& domain, const std::string& text) {
  const auto mac = Mac::parse(text);
  const Phone* phone = mac ? domain.directory().phone(*mac) : nullptr;
  return phone ? std::optional{tag_of(configured(*phone))} : std::nullopt;
}

std::optional<std::string> sbc_version(const Domain& domain, const std::string& name) {
  const auto view = domain.sbc(name);
  return view ? std::optional{tag_of(configured(view->record))} : std::nullopt;
}

std::optional<std::string> settings_version(const Domain& domain, const std::string&) {
  return tag_of(configured(domain.settings()));
}

}  // namespace roamdesk::api
