#pragma once
#include <optional>
#include <string>

#include "common/base/ids.hpp"
#include "common/phones/mac.hpp"

namespace roamdesk {

// Where a call for help came from, as far as its address tells. The caller wasn't asked for credentials, so it is the
// phone that is registered there, its desk, and the person who is logged in at it.
struct EmergencyPlace {
  SiteId site;
  std::string address;  // ip:port
  std::string number;   // as dialled
  std::optional<Mac> phone{};
  std::string desk{}, location{};   // "HD0001" and what the desk's options say
  std::string extension{}, name{};  // the person
  friend bool operator==(const EmergencyPlace&, const EmergencyPlace&) = default;
};

}  // namespace roamdesk
