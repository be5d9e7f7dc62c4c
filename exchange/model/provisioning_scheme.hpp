#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "common/base/words.hpp"

namespace roamdesk {

// How the phones of a site are to fetch their configuration. HTTPS is for those that can be told to trust our
// authority, and that have shown that they do; the others go on over HTTP.
enum class ProvisioningScheme : std::uint8_t { http, https };
template <>
inline constexpr std::array<std::string_view, 2> words<ProvisioningScheme> = {"http", "https"};

// How far a phone has come on its way from HTTP to HTTPS (exchange/provisioning/README.md has the table).
enum class HttpsStep : std::uint8_t {
  none,
  authority,  // it has fetched our authority's certificate: its file says to check certificates, and by what to show it
  reached,    // it has asked over TLS: its file names the URL with https
  settled,    // it was given its file over TLS: nothing of it is said in the clear any more
  refused,    // it came again and again without a registration since it was told to check certificates
};
template <>
inline constexpr std::array<std::string_view, 5> words<HttpsStep> = {"none", "authority", "reached", "settled",
                                                                     "refused"};

// What an administrator is told of a phone.
enum class HttpsState : std::uint8_t {
  off,          // HTTP is set where it lives
  unable,       // its model can't be told to trust our authority
  unavailable,  // its site offers no HTTPS
  waiting,      // it hasn't fetched our authority's certificate yet
  trying,       // it hasn't shown yet that it trusts our certificate
  ready,        // it has; it fetches over HTTPS from its next fetch on
  settled,      // it fetches over HTTPS alone
  refused,      // it stays on HTTP: it lost its registration when it was told to check certificates
};
template <>
inline constexpr std::array<std::string_view, 8> words<HttpsState> = {"off",    "unable", "unavailable", "waiting",
                                                                      "trying", "ready",  "settled",     "refused"};

}  // namespace roamdesk
