#pragma once
#include <cstdint>
#include <string>

#include "common/base/secret.hpp"
#include "common/base/words.hpp"
#include "exchange/model/describe.hpp"

namespace roamdesk {

// When an account is registered upstream: always, or only while its extension has a desk or a phone of its own.
enum class AccountRegisters : std::uint8_t { always, while_logged_in };
template <>
inline constexpr std::array<std::string_view, 2> words<AccountRegisters> = {"always", "while_logged_in"};

// An extension's account at another exchange: a trunk of kind `accounts`.
struct UpstreamAccount {
  // Whose it is; the key: an extension has one at most.
  std::string extension;
  // By name; of kind `accounts`.
  std::string trunk{};
  bool enabled = true;
  // As the other exchange has it; `auth_user` "" is `user`.
  std::string user{}, auth_user{};
  Secret password{};
  AccountRegisters registers = AccountRegisters::while_logged_in;
  friend bool operator==(const UpstreamAccount&, const UpstreamAccount&) = default;
};

template <>
inline constexpr Table table<UpstreamAccount>{"upstream_accounts", "extension", "extension"};
template <>
inline constexpr auto key_of<UpstreamAccount> = &UpstreamAccount::extension;

template <class V, Is<UpstreamAccount> R>
void fields(V& v, R& a) {
  v("extension", a.extension), v("trunk", a.trunk), v("enabled", a.enabled);
  v(Field("account").shown_as("user"), a.user), v("auth_user", a.auth_user), v("password", a.password);
  v("registers", a.registers);
}

}  // namespace roamdesk
