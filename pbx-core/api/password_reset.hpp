#pragma once
#include <functional>
#include <string>

#include "common/base/secret.hpp"
#include "exchange/model/records.hpp"
#include "pbx-core/pin_pool/hasher.hpp"
#include "pbx-core/store/store.hpp"

// `pbx-core user reset-password`: who is on the core's machine, and may write into state_dir, gives a user a new
// password where nobody who could do it by the API is left. The second factor stays, and so does a user that is off.
namespace roamdesk::api {

// The new password, made up; or why there is none.
struct PasswordReset {
  Secret password;
  std::string fault;
};
using PasswordResetDone = std::function<void(PasswordReset)>;

// Of a running core: on the API's thread, where `done` is called too. Ends the user's log-ins.
class Service;
void reset_password(Service& service, const std::string& name, PasswordResetDone done);
// Of a stopped one. Blocks.
PasswordReset reset_password(store::Store& store, const Hasher& hasher, const std::string& name, WallTime now);

}  // namespace roamdesk::api
