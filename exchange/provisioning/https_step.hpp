#pragma once
#include <cstdint>

#include "exchange/model/provisioning_scheme.hpp"

namespace roamdesk::provisioning {

// What a phone was given, by a token of its own and from its own address.
enum class Given : std::uint8_t {
  file,           // its configuration, in the clear
  file_by_tls,    // the same, over TLS
  authority,      // our authority's certificate
  answer_by_tls,  // the file that says nothing, over TLS: it trusts our certificate
};

// After so many fetches in a row without a registration in between, a phone that was told to check certificates is
// taken to be one that can't.
inline constexpr unsigned most_unheard = 3;

// The step after `step`. `wanted`: HTTPS is set at its site. `unheard`: fetches of its file in a row, this one
// included, since it registered. README.md has the table.
HttpsStep next_step(HttpsStep step, bool wanted, Given given, unsigned unheard);

}  // namespace roamdesk::provisioning
