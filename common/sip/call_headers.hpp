#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/sip/message.hpp"

// Typed values of headers that calls need: session timers (RFC 4028), reliable provisional responses (RFC 3262).
namespace roamdesk::sip {

struct SessionExpires {
  enum class Refresher : std::uint8_t { unspecified, uac, uas };
  std::chrono::seconds interval{0};
  Refresher refresher = Refresher::unspecified;
  friend bool operator==(const SessionExpires&, const SessionExpires&) = default;
};
// nullopt where the header isn't there or unreadable.
std::optional<SessionExpires> session_expires(const Message& message);
std::optional<std::chrono::seconds> min_se(const Message& message);
std::string to_string(const SessionExpires& value);

struct RAck {
  std::uint32_t rseq = 0;
  CSeq cseq;
  friend bool operator==(const RAck&, const RAck&) = default;
};
std::optional<RAck> rack(const Message& prack);
std::optional<std::uint32_t> rseq(const Message& response);
std::string to_string(const RAck& value);

}  // namespace roamdesk::sip
