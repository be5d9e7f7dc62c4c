#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "exchange/model/describe.hpp"

namespace roamdesk {

// By what a trunk's provider knows a place whose address it keeps itself: ids that it has given, sent as they are.
struct LocationReference {
  // The trunk's name. To another one they mean nothing, and are never sent.
  std::string trunk{};
  // The value of Geolocation; "" for none.
  std::string geolocation_id{};
  // The user part of who calls, in the place of the callback number; "" for none.
  std::string from_id{};
  friend bool operator==(const LocationReference&, const LocationReference&) = default;
};

template <class V, Is<LocationReference> R>
void fields(V& v, R& r) {
  v("trunk", r.trunk), v("geolocation_id", r.geolocation_id), v("from_id", r.from_id);
}

// Whether it may stand in a header as it is: 1 to 64 of letters, digits and - . _ ~ +, which end no value, quote
// nothing, and need no escape in a user part (RFC 3261 §25.1).
inline constexpr std::size_t longest_provider_id = 64;
inline constexpr std::string_view provider_id_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+";
inline bool is_provider_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_provider_id &&
         text.find_first_not_of(provider_id_characters) == std::string_view::npos;
}

}  // namespace roamdesk
