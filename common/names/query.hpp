#pragma once
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/sip/flow.hpp"

// From the name of a SIP server to addresses that can be tried (RFC 3263).
namespace roamdesk::names {

// A server as an administrator named it.
struct Query {
  std::string host;                         // a host name (is_host_name) or an address, IPv6 without brackets
  std::optional<std::uint16_t> port;        // nullopt: as SRV says, else 5060, over TLS 5061
  std::optional<sip::Transport> transport;  // nullopt: as NAPTR or SRV say, else UDP
  friend auto operator<=>(const Query&, const Query&) = default;
};

// Labels of letters, digits, '-' and '_', 1 to 63 each, parted by dots, 253 in all; a last dot may follow.
bool is_host_name(std::string_view text);
// "sip.example.com", "sip.example.com:5080", "192.0.2.1", "[2001:db8::1]:5080", "2001:db8::1": nullopt for anything
// else.
std::optional<Query> parse_server(std::string_view server, std::optional<sip::Transport> transport);

// Where a request can be sent.
struct Target {
  sip::Transport transport{};
  Endpoint endpoint;
  // Whose address it is: the name in the SRV record, else the one that was asked. A certificate must have the name of
  // the query, not this one (RFC 5922 §4): DNS may lie.
  std::string host;
  std::chrono::seconds ttl{};  // of its address and of what led to it; shortest_ttl to longest_ttl
  friend bool operator==(const Target&, const Target&) = default;
};

inline constexpr std::chrono::seconds shortest_ttl{5}, longest_ttl{std::chrono::days{1}};
// When to ask again after DNS has failed.
inline constexpr std::chrono::seconds ask_again_after{30};

enum class Fault : std::uint8_t {
  not_a_name,     // neither a host name nor an address
  no_such_name,   // NXDOMAIN
  no_address,     // the name is there, and has no address
  not_offered,    // its SRV records say that there is no such service (target ".", RFC 2782)
  server_failed,  // SERVFAIL, REFUSED or another error of the DNS servers, or no connection to one
  no_answer,      // none in time
  bad_answer,     // can't be read
  leads_too_far,  // more aliases or records than are followed
  too_many,       // we are looking up too many names just now
};

// There is nothing of this name. Of the other faults nothing follows: it couldn't be found out.
bool is_said(Fault fault);

// Why there are no addresses, or not all.
struct Problem {
  Fault fault{};
  std::string name;  // which couldn't be looked up: the one that was asked, or one to which it led
  friend bool operator==(const Problem&, const Problem&) = default;
};
// For people: "the name sip.example.com doesn't exist (DNS: NXDOMAIN)".
std::string to_string(const Problem& problem);

struct Located {
  std::vector<Target> targets;  // in the order in which they should be tried; none twice, all of one transport
  std::chrono::seconds ttl{};   // ask again after it: the shortest of the targets', ask_again_after where DNS failed
  // Set if there are no targets. With targets: some couldn't be looked up, or, if `stale`, DNS doesn't answer now and
  // these are the last that it told.
  std::optional<Problem> problem;
  bool stale = false;
  friend bool operator==(const Located&, const Located&) = default;
};

}  // namespace roamdesk::names
