#include "exchange/ivr/prompt.hpp"

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
  }
  return "";
}

}  // namespace roamdesk::ivr
