#pragma once
#include <cstdint>

namespace roamdesk::ivr {

// Files under the prompts' folder, each in A-law and µ-law; an administrator can replace them.
enum class Prompt : std::uint8_t {
  enter_extension,
  enter_pin,
  wrong_pin,
  login_ok,
  logged_out,
  not_logged_in,
  not_a_hot_desk,
  goodbye,
  try_later,
  no_emergency_route,
  may_not_call,
  no_such_number,
  lines_busy,
  limit_reached,
  emergency_called,
  emergency_test,
  at_hot_desk,
  at_extension,
  see_display
};
// The file's name without its suffix: "enter_extension".
const char* name(Prompt prompt);
// Of a digit that is spelt: "digit_7". `digit`: '0' to '9'.
const char* digit_name(char digit);

}  // namespace roamdesk::ivr
