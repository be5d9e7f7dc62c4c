#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "common/phones/mac.hpp"
#include "exchange/model/location.hpp"

// Where a caller is, as it is told to who routes a call for help.
namespace roamdesk::emergency {

inline constexpr const char* pidf_lo_type = "application/pidf+xml";

// Where is what, and since when it is known.
struct Whereabouts {
  CivicAddress address;
  // pres URI of what is there, unlinked from any person: "pres:HD0001@pbx.example.com".
  std::string entity;
  // The device; nullopt where it isn't known which.
  std::optional<Mac> device{};
  WallTime at{};
};

// A presence document with one location in civic form: RFC 3863, RFC 4119, RFC 5139; one geopriv element with one
// location, and of a device that is known in <device> (RFC 5491 §3). Elements of the address that are empty are left
// out; what XML can't hold is replaced.
std::string pidf_lo(const Whereabouts& whereabouts);

// Whether anything of the address is said at all.
bool is_empty(const CivicAddress& address);

}  // namespace roamdesk::emergency
