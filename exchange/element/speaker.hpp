#pragma once
#include <optional>

#include "exchange/registrar/registrar.hpp"
#include "exchange/rights/rights.hpp"

namespace roamdesk::element {

// Who sent a request: the account that it authenticated with, and for whom it speaks.
struct Speaker {
  registrar::Account account;
  rights::Rights rights;
  std::optional<ExtensionNumber> person;  // where rights.acts is `person`
};

}  // namespace roamdesk::element
