#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace roamdesk::edge {

// "INVITE"; empty for a response.
std::string_view method_of(std::string_view message);
// "sip:112@pbx.example.com", as it stands there.
std::string_view request_uri_of(std::string_view message);
// An INVITE to one of `numbers`, or to a service of RFC 5031 ("urn:service:sos", "urn:service:sos.fire").
bool calls_for_help(std::string_view message, const std::vector<std::string>& numbers);

}  // namespace roamdesk::edge
