#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "exchange/model/directory.hpp"
#include "exchange/routing/dial_codes.hpp"

namespace roamdesk::routing {

// Who dials, as exchange/rights decided.
struct Dialler {
  bool hot_desk = false;                     // the device is a hot desk, logged in or not
  std::optional<ExtensionNumber> extension;  // for whom it acts; none: idle rights, or nobody known (an emergency call)
};

struct ToLogin {
  std::optional<ExtensionNumber> extension;  // none: the dialogue asks for it
};
struct ToLogout {};
struct NotAHotDesk {};  // a hot-desk code from a phone that isn't one: answered by a prompt
struct ToEmergency {
  std::string number;
};
struct ToExtension {
  ExtensionNumber number;
};
struct Refused {
  int status;  // 403, 404, 484
  const char* reason;
};
using Route = std::variant<ToLogin, ToLogout, NotAHotDesk, ToEmergency, ToExtension, Refused>;

// `user` is the Request-URI's (or Refer-To's) user part as on the wire. An idle desk may call the hot-desk code and the
// emergency numbers, and nothing else (contract §4).
Route route(std::string_view user, const Dialler& dialler, const ivr::Codes& codes, const Directory& directory);

}  // namespace roamdesk::routing
