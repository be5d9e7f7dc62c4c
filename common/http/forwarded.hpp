#pragma once
#include <optional>
#include <vector>

#include "common/http/message.hpp"

// For whom a reverse proxy asks. Pure.
namespace roamdesk::http {

// Makes `request` what it would be without the proxies: its peer the right-most address in X-Forwarded-For, or in
// Forwarded (RFC 7239), that is none of `proxies`, and TLS where the proxy next to us says that it was. Nothing is
// believed of a peer that isn't one of `proxies`; nothing where both fields are there and differ, since the client can
// have sent one of them, or where what stands there is no address: then the peer stays the proxy.
void see_through(Request& request, const std::vector<IpAddress>& proxies);

}  // namespace roamdesk::http
