#include "exchange/element/authentication.hpp"

namespace roamdesk::element {

std::variant<registrar::Account, sip::Message> Authenticator::check(const sip::Flow& flow,
                                                                    const sip::Message& request) {
  const auto answer = sip::find_digest_answer(request, digest_.realm());
  if (!answer) {
    // Without a word, a phone that computes otherwise than we do would be challenged for ever and never be found.
    if (request.header("Authorization"))
      context_.world.publish(
          Trouble{"sip.unusable_credentials", to_string(flow.address.peer),
                  "not a Digest answer for " + digest_.realm() + " with MD5 or SHA-256 and qop=auth"});
    return challenge(request, false);
  }
  if (!sip::is_made_for(answer->uri, request, {digest_.realm(), host_of(flow.address.face.address)})) {
    context_.world.publish(
        Trouble{"sip.credentials_for_another_uri", to_string(flow.address.peer), "user " + answer->user});
    return sip::make_response(request, 400, "Bad Request: credentials for another URI", "");
  }

  const auto account = account_of(context_.directory, answer->user);
  // An unknown user is checked like a known one, against a password that no one has: both are answered alike.
  const auto verdict = digest_.verify(*answer, request.method, account ? account->password : Secret{context_.unique()},
                                      context_.now.mono);
  if (verdict == sip::DigestVerdict::stale) return challenge(request, true);
  const auto forbidden = [&](const char* what) {
    context_.world.publish(Trouble{what, to_string(flow.address.peer), "user " + answer->user});
    return sip::make_response(request, 403, "Forbidden", "");
  };
  if (!account || verdict == sip::DigestVerdict::wrong) return forbidden("sip.wrong_credentials");
  if (account->site != flow.address.site) return forbidden("sip.wrong_site");
  return *account;
}

sip::Message Authenticator::challenge(const sip::Message& request, bool stale) {
  // One challenge (docs/contract.md §4): MD5, which every phone knows; the passwords are ours, 128 random bits.
  auto response = sip::make_response(request, 401, "Unauthorized", "");
  response.add_header("WWW-Authenticate", digest_.make_challenge(sip::DigestAlgorithm::md5, stale, context_.now.mono));
  return response;
}

}  // namespace roamdesk::element
