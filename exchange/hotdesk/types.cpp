#include "exchange/hotdesk/types.hpp"

namespace roamdesk::hotdesk {

const char* to_string(EndReason reason) {
  switch (reason) {
    case EndReason::code:
      return "code";
    case EndReason::admin:
      return "admin";
    case EndReason::api:
      return "api";
    case EndReason::other_login:
      return "other_login";
    case EndReason::moved:
      return "moved";
    case EndReason::automatic:
      return "automatic";
    case EndReason::max_session:
      return "max_session";
    case EndReason::reset:
      return "reset";
    case EndReason::deleted:
      return "deleted";
  }
  return "";
}

const char* to_string(LoginFault fault) {
  switch (fault) {
    case LoginFault::wrong_pin:
      return "wrong_pin";
    case LoginFault::unknown_extension:
      return "unknown_extension";
    case LoginFault::not_authorised:
      return "not_authorised";
    case LoginFault::locked:
      return "locked";
    case LoginFault::unknown_desk:
      return "unknown_desk";
    case LoginFault::elsewhere:
      return "elsewhere";
    case LoginFault::store_failed:
      return "store_failed";
    case LoginFault::no_answer:
      return "no_answer";
    case LoginFault::too_many:
      return "too_many";
  }
  return "";
}

LoginOutcome outcome_of(LoginFault fault) {
  switch (fault) {
    case LoginFault::wrong_pin:
    case LoginFault::unknown_extension:
    case LoginFault::not_authorised:
    case LoginFault::locked:
    case LoginFault::unknown_desk:
      return LoginOutcome::failed;
    case LoginFault::elsewhere:
      return LoginOutcome::elsewhere;
    case LoginFault::store_failed:
    case LoginFault::no_answer:
    case LoginFault::too_many:
      return LoginOutcome::unavailable;
  }
  return LoginOutcome::failed;
}

const char* to_string(DeskProblem problem) {
  switch (problem) {
    case DeskProblem::none:
      return "none";
    case DeskProblem::not_fetching:
      return "not_fetching";
    case DeskProblem::not_registering:
      return "not_registering";
    case DeskProblem::reset_refused:
      return "reset_refused";
  }
  return "";
}

}  // namespace roamdesk::hotdesk
