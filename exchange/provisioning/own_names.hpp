#pragma once
#include <string_view>

namespace roamdesk::provisioning {

// What there is beside the vendors' own files, below a phone's token. No vendor asks for anything of these names.
inline constexpr std::string_view authority_file = "ca.pem";  // our authority's certificate
inline constexpr std::string_view reach_file = "reached";     // a file that says nothing, over TLS alone
// The authority's certificate again, for whoever asks.
inline constexpr std::string_view authority_path = "/provision/ca.pem";

}  // namespace roamdesk::provisioning
