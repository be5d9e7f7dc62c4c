#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/secret.hpp"
#include "exchange/model/records.hpp"
#include "pbx-core/pin_pool/hasher.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::api {

// Where a password that was made up is kept until it is changed.
inline std::filesystem::path first_password_file(const std::filesystem::path& state_dir) {
  return state_dir / "initial-admin-password";
}

struct FirstAdministrator {
  User user;
  // Set where it was made up: to be printed once. It is in first_password_file (0600) by then, and
  // the user must_change_password.
  std::optional<Secret> made_up;
};

// Contract §2, end: where `users` has no administrator, stores `admin` with `password` (PBX_CORE_ADMIN_PASSWORD; empty:
// a random one) and appends it to `users`. Blocks until it is stored; for the start. Throws store::StoreError.
std::optional<FirstAdministrator> make_first_administrator(std::vector<User>& users, store::Store& store,
                                                           const Hasher& hasher, const Secret& password,
                                                           const std::filesystem::path& state_dir, WallTime now);

}  // namespace roamdesk::api
