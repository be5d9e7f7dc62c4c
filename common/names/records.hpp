#pragma once
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"
#include "common/names/query.hpp"

// What DNS is asked, and what it says.
namespace roamdesk::names {

// Numbers of RFC 1035, 3596, 2782, 3403.
enum class RecordType : std::uint16_t { a = 1, aaaa = 28, srv = 33, naptr = 35 };

struct Question {
  RecordType type{};
  std::string name;  // is_host_name
  friend auto operator<=>(const Question&, const Question&) = default;
};

struct AddressRecord {
  IpAddress address;
  std::chrono::seconds ttl{};
  friend bool operator==(const AddressRecord&, const AddressRecord&) = default;
};

// RFC 2782.
struct ServiceRecord {
  std::uint16_t priority = 0, weight = 0, port = 0;
  std::string target;  // "": the root, which says that there is no such service
  std::chrono::seconds ttl{};
  friend bool operator==(const ServiceRecord&, const ServiceRecord&) = default;
};

// NAPTR (RFC 3403), as far as RFC 3263 needs it.
struct PointerRecord {
  std::uint16_t order = 0, preference = 0;
  std::string flags, services;  // "S", "SIP+D2U"; case doesn't count
  bool rewrites = false;        // by a regular expression: for others than SIP
  std::string replacement;
  std::chrono::seconds ttl{};
  friend bool operator==(const PointerRecord&, const PointerRecord&) = default;
};

// Empty: the name is there and has no such records.
using Records = std::variant<std::vector<AddressRecord>, std::vector<ServiceRecord>, std::vector<PointerRecord>>;
// Of the faults: no_such_name, server_failed, no_answer, bad_answer, leads_too_far.
using Answer = Result<Records, Fault>;

// How much of what DNS says is followed.
inline constexpr std::size_t most_records = 16;  // of one name
inline constexpr std::size_t most_aliases = 8;   // CNAMEs in a row
inline constexpr std::size_t most_targets = 32;  // of one query

}  // namespace roamdesk::names
