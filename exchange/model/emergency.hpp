#pragma once
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "exchange/model/describe.hpp"
#include "exchange/model/emergency_place.hpp"

namespace roamdesk {

// Somebody has called for help. It stays in front of people until one of them says to have seen it.
struct Emergency {
  std::string id{};  // random
  WallTime at{};
  EmergencyPlace place{};
  // A test number was dialled.
  bool test = false;
  // There is a trunk for it; else the caller heard an announcement.
  bool routed = false;
  std::string location{};  // Location::name, "" where none is given
  std::string callback{};  // E.164: what the call has shown; "" for none
  std::optional<WallTime> acknowledged{};
  std::string acknowledged_by{};  // a user of the console or API
  friend bool operator==(const Emergency&, const Emergency&) = default;
};

template <>
inline constexpr Table table<Emergency>{"emergencies", "id", "at_ms, id"};
template <>
inline constexpr auto key_of<Emergency> = &Emergency::id;

template <class V, Is<Emergency> R>
void fields(V& v, R& e) {
  v("id", e.id), v(Field("at_ms").shown_as("at"), e.at), v("place", e.place), v("test", e.test), v("routed", e.routed);
  v(Field("location").or_null(), e.location), v(Field("callback").or_null(), e.callback);
  v("acknowledged", e.acknowledged), v(Field("acknowledged_by").or_null(), e.acknowledged_by);
}

}  // namespace roamdesk
