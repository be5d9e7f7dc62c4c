#include "common/sip/header_names.hpp"

#include <array>

#include "common/sip/text.hpp"

namespace roamdesk::sip {

std::string_view canonical_name(std::string_view name) {
  if (name.size() == 1) {
    switch (lower(name.front())) {
      case 'a':
        return "Accept-Contact";
      case 'b':
        return "Referred-By";
      case 'c':
        return "Content-Type";
      case 'd':
        return "Request-Disposition";
      case 'e':
        return "Content-Encoding";
      case 'f':
        return "From";
      case 'i':
        return "Call-ID";
      case 'j':
        return "Reject-Contact";
      case 'k':
        return "Supported";
      case 'l':
        return "Content-Length";
      case 'm':
        return "Contact";
      case 'o':
        return "Event";
      case 'r':
        return "Refer-To";
      case 's':
        return "Subject";
      case 't':
        return "To";
      case 'u':
        return "Allow-Events";
      case 'v':
        return "Via";
      case 'x':
        return "Session-Expires";
      default:
        return name;
    }
  }
  static constexpr std::array known = std::to_array<std::string_view>({"Via",
                                                                       "From",
                                                                       "To",
                                                                       "Call-ID",
                                                                       "CSeq",
                                                                       "Contact",
                                                                       "Max-Forwards",
                                                                       "Route",
                                                                       "Record-Route",
                                                                       "Expires",
                                                                       "Content-Type",
                                                                       "Content-Length",
                                                                       "Authorization",
                                                                       "Proxy-Authorization",
                                                                       "WWW-Authenticate",
                                                                       "Proxy-Authenticate",
                                                                       "User-Agent",
                                                                       "Server",
                                                                       "Allow",
                                                                       "Supported",
                                                                       "Require",
                                                                       "Proxy-Require",
                                                                       "Unsupported",
                                                                       "Event",
                                                                       "Allow-Events",
                                                                       "Subscription-State",
                                                                       "Accept",
                                                                       "Refer-To",
                                                                       "Referred-By",
                                                                       "Replaces",
                                                                       "Session-Expires",
                                                                       "Min-SE",
                                                                       "RSeq",
                                                                       "RAck",
                                                                       "Reason",
                                                                       "Retry-After",
                                                                       "Min-Expires",
                                                                       "P-Asserted-Identity",
                                                                       "Warning",
                                                                       "Date"});
  for (const auto candidate : known)
    if (equal_ignoring_case(candidate, name)) return candidate;
  return name;
}

}  // namespace roamdesk::sip
