#pragma once
#include <optional>
#include <string>

#include "common/phones/mac.hpp"
#include "common/sip/flow.hpp"
#include "exchange/model/describe.hpp"
#include "exchange/model/records.hpp"

namespace roamdesk {

// Where help reaches who has called for it: a number of a location, and the desk whose call showed it last. Kept when
// its time is over as well: of a location's numbers the one that was unused for longest is taken next.
struct EmergencyCallback {
  // E.164; the key.
  std::string number;
  // By which the call for help left first, and the location whose number it is.
  std::string trunk{}, location{};
  // "" where it was no desk's phone. A desk is called at the phone that it has when help calls.
  HotDeskId desk{};
  // That was registered there; nullopt for none.
  std::optional<Mac> phone{};
  // Where the call came from, and its Contact: that is called where no phone is registered.
  std::string contact{};
  sip::FlowAddress flow{};
  WallTime called{}, until{};
  friend bool operator==(const EmergencyCallback&, const EmergencyCallback&) = default;
};

template <>
inline constexpr Table table<EmergencyCallback>{"emergency_callbacks", "number", "number"};
template <>
inline constexpr auto key_of<EmergencyCallback> = &EmergencyCallback::number;

template <class V, Is<EmergencyCallback> R>
void fields(V& v, R& c) {
  v("number", c.number), v("trunk", c.trunk), v("location", c.location), v("desk", c.desk);
  v("phone", EmptyIsNone{c.phone}), v("contact", c.contact), v("site", c.flow.site);
  v("transport", c.flow.transport), v("face", c.flow.face), v("peer", c.flow.peer);
  v("called", c.called), v("rings_until", c.until);
}

}  // namespace roamdesk
