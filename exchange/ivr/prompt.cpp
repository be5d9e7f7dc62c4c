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
  }
  return "";
}

}  // namespace roamdesk::ivr
