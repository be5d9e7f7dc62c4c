#include "exchange/ivr/prompt.hpp"

#include <array>
#include <cstddef>

namespace roamdesk::ivr {

const char* name(Prompt prompt) {
  switch (prompt) {
    case Prompt::enter_extension:
      return "enter_extension";
    case Prompt::enter_pin:
      return "enter_pin";
    case Prompt::wrong_pin:
      return "wrong_pin";
    case Prompt::login_ok:
      return "login_ok";
    case Prompt::logged_out:
      return "logged_out";
    case Prompt::not_logged_in:
      return "not_logged_in";
    case Prompt::not_a_hot_desk:
      return "not_a_hot_desk";
    case Prompt::goodbye:
      return "goodbye";
    case Prompt::try_later:
      return "try_later";
    case Prompt::no_emergency_route:
      return "no_emergency_route";
    case Prompt::may_not_call:
      return "may_not_call";
    case Prompt::no_such_number:
      return "no_such_number";
    case Prompt::lines_busy:
      return "lines_busy";
    case Prompt::limit_reached:
      return "limit_reached";
    case Prompt::emergency_called:
      return "emergency_called";
    case Prompt::emergency_test:
      return "emergency_test";
    case Prompt::at_hot_desk:
      return "at_hot_desk";
    case Prompt::at_extension:
      return "at_extension";
    case Prompt::see_display:
      return "see_display";
  }
  return "";
}

const char* digit_name(char digit) {
  constexpr std::array<const char*, 10> names{"digit_0", "digit_1", "digit_2", "digit_3", "digit_4",
                                              "digit_5", "digit_6", "digit_7", "digit_8", "digit_9"};
  return digit >= '0' && digit <= '9' ? names[static_cast<std::size_t>(digit - '0')] : "";
}

}  // namespace roamdesk::ivr
