#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/base/words.hpp"

namespace roamdesk {

// What a person's key does. The words stand in the store: an older core takes one that it doesn't know for "none".
enum class KeyType : std::uint8_t {
  none,        // a place left empty on purpose
  blf,         // the lamp of an extension: free, ringing, in a call (RFC 4235); calls it, or picks up its ringing call
  speed_dial,  // dials a number
  line,        // another line of the person's own number
  // The phone's own functions, with the phone's own lamp for them.
  dnd,
  hold,
  transfer,
  forward,
  voicemail,  // calls the voicemail; the phone shows there that a message waits, where it can
  pickup,     // takes the ringing call of an extension, as its lamp names it (RFC 3891); calls it where none rings
  // Functions of the exchange that knows the number: a press calls it, the lamp is the number's.
  park,
  group_login,
  night_switch
};
template <>
inline constexpr std::array<std::string_view, 13> words<KeyType> = {
    "none",    "blf",       "speed_dial", "line", "dnd",         "hold",        "transfer",
    "forward", "voicemail", "pickup",     "park", "group_login", "night_switch"};

// What a key's value is.
enum class KeyValue : std::uint8_t {
  none,       // it has none
  optional,   // a number, or nothing
  number,     // up to 32 of 0-9, *, #, +
  extension,  // an extension's number
};
constexpr KeyValue value_of_key(KeyType type) {
  switch (type) {
    case KeyType::none:
    case KeyType::line:
    case KeyType::dnd:
    case KeyType::hold:
    case KeyType::transfer:
      return KeyValue::none;
    case KeyType::forward:
      return KeyValue::optional;
    case KeyType::blf:
    case KeyType::pickup:
      return KeyValue::extension;
    case KeyType::speed_dial:
    case KeyType::voicemail:
    case KeyType::park:
    case KeyType::group_login:
    case KeyType::night_switch:
      return KeyValue::number;
  }
  return KeyValue::none;
}

}  // namespace roamdesk
