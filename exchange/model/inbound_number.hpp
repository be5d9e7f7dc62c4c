#pragma once
#include <string>

#include "common/base/ids.hpp"
#include "exchange/model/describe.hpp"
#include "exchange/model/extension_number.hpp"

namespace roamdesk {

// A number, or a range of them, at which an extension is called from outside.
struct InboundNumber {
  // E.164, both of one length; `last` is `first` for one number. Ranges don't overlap. `first` is the key.
  std::string first, last;
  // Of `first`; the next number is the next extension's, keeping its number of digits.
  ExtensionNumber extension{};
  // Above 0: the extension is this many last digits of the number called, and `extension` is empty.
  unsigned last_digits = 0;
  friend bool operator==(const InboundNumber&, const InboundNumber&) = default;
};

template <>
inline constexpr Table table<InboundNumber>{"inbound_numbers", "first_number", "first_number"};
template <>
inline constexpr auto key_of<InboundNumber> = &InboundNumber::first;

template <class V, Is<InboundNumber> R>
void fields(V& v, R& n) {
  v(Field("first_number").shown_as("first"), n.first), v(Field("last_number").shown_as("last"), n.last);
  v("extension", n.extension), v("last_digits", n.last_digits);
}

}  // namespace roamdesk
