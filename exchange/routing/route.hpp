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
  // The device is a hot desk, logged in or not.
  bool hot_desk = false;
  // For whom it acts; nullopt: idle rights, or an unknown caller (an emergency call).
  std::optional<ExtensionNumber> extension;
};

struct ToDialogue {
  ivr::Purpose purpose;
};
struct ToEmergency {
  std::string number;
};
struct ToExtension {
  ExtensionNumber number;
};
struct Refused {
  // 403, 404, 484
  int status;
  const char* reason;
};
using Route = std::variant<ToDialogue, ToEmergency, ToExtension, Refused>;

// `user` is the Request-URI's (or Refer-To's) user part as on the wire. An idle desk may call the hot-desk code and the
// emergency numbers, and nothing else (contract §4).
Route route(std::string_view user, const Dialler& dialler, const Codes& codes, const Directory& directory);

}  // namespace roamdesk::routing
