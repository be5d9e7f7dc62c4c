#pragma once
#include <string_view>

#include "common/http/message.hpp"

namespace roamdesk::api {

// The console's page: nothing from anywhere else, no inline script or style, no frame around it.
inline constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// `respond`, with the fields that keep a browser from making more of an answer than it is: types aren't guessed, other
// sites can neither embed it nor learn addresses from it, and what isn't a page may load nothing. Over TLS, browsers
// are told to stay there; loopback peers aren't, since port 5000 serves them in the clear under the same name.
http::Respond with_security_fields(const http::Request& request, http::Respond respond);

}  // namespace roamdesk::api
