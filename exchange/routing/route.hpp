#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/ids.hpp"
#include "exchange/model/directory.hpp"
#include "exchange/routing/dial_codes.hpp"
#include "exchange/routing/outside.hpp"

namespace roamdesk::routing {

// Who dials, as exchange/rights decided.
struct Dialler {
  // The device is a hot desk, logged in or not.
  bool hot_desk = false;
  // For whom it acts; nullopt: idle rights, or an unknown caller (an emergency call).
  std::optional<ExtensionNumber> extension{};
  // Where the device is: outbound rules can be one site's.
  SiteId site = local_site();
  // Where help is to come to (model/location_of.hpp); nullptr where nobody knows. It says what is an emergency number.
  const Location* location = nullptr;
};

struct ToDialogue {
  ivr::Purpose purpose;
};
struct ToExtension {
  ExtensionNumber number;
};
// By the account that the person has at another exchange: what isn't ours is that exchange's to understand.
struct ToUpstream {
  // That other exchange's name.
  std::string trunk;
  // User part of the Request-URI: a code untouched, a number as it was dialled.
  std::string called;
  // The caller's number isn't shown.
  bool hide = false;
};
using Route = std::variant<ToDialogue, ToEmergency, ToExtension, ToOutside, ToUpstream, Refused>;

// `user` is the Request-URI's (or Refer-To's) user part as on the wire. An idle desk may call the hot-desk code and the
// emergency numbers, and nothing else (contract §4). Outbound rules aren't asked for a person who has an account
// upstream. `turn` and `steps` are plan_outside()'s.
Route route(std::string_view user, const Dialler& dialler, const Codes& codes, const Directory& directory,
            unsigned turn = 0, Steps* steps = nullptr);

}  // namespace roamdesk::routing
