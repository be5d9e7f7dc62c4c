#pragma once
#include <optional>
#include <variant>

#include "common/sip/digest.hpp"
#include "exchange/element/accounts.hpp"
#include "exchange/element/context.hpp"

namespace roamdesk::element {

// Who sent a request: by its digest credentials, and only at the site where they are valid.
class Authenticator {
 public:
  Authenticator(Context& context, Secret nonce_key)
      : context_(context), digest_(context.options.domain, std::move(nonce_key)) {}

  // The account, or the response that has to be sent, statelessly: 401 with a challenge, or 403.
  std::variant<registrar::Account, sip::Message> check(const sip::Flow& flow, const sip::Message& request);

 private:
  sip::Message challenge(const sip::Message& request, bool stale);

  Context& context_;
  sip::DigestServer digest_;
};

}  // namespace roamdesk::element
