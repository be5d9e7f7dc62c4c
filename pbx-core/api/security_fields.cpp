#include "pbx-core/api/security_fields.hpp"

#include <algorithm>

namespace roamdesk::api {

http::Respond with_security_fields(const http::Request& request, http::Respond respond) {
  const bool strict_transport = request.tls && !request.peer.address.is_loopback();
  return [strict_transport, respond = std::move(respond)](http::Response response) {
    const auto add = [&](const char* name, const char* value) {
      const auto same = [&](const http::Field& field) { return field.name == name; };
      if (std::none_of(response.fields.begin(), response.fields.end(), same)) response.fields.push_back({name, value});
    };
    add("X-Content-Type-Options", "nosniff");
    add("Referrer-Policy", "no-referrer");
    add("Cross-Origin-Opener-Policy", "same-origin");
    add("Cross-Origin-Resource-Policy", "same-origin");
    add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (strict_transport) add("Strict-Transport-Security", "max-age=31536000");
    respond(std::move(response));
  };
}

}  // namespace roamdesk::api
