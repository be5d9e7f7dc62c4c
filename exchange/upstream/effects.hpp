#pragma once
#include <string>
#include <variant>

#include "exchange/upstream/account.hpp"

// What an upstream wants done.
namespace roamdesk::upstream {

// A new transaction; answered by answered() or failed().
struct Send {
  trunks::RequestId request;
  sip::Flow flow;
  sip::Message message;
};
// CRLF CRLF (RFC 5626 §3.5.1), which also holds a NAT's mapping open.
struct KeepAlive {
  sip::FlowId flow;
};
// The server that is used is away. The owner of the servers leaves it alone for a while, and says which comes next.
struct ServerFailed {
  trunks::ServerKey server;
  std::string why;
  Duration at_least{};  // not before
};
// It answers.
struct ServerAnswered {
  trunks::ServerKey server;
};
// An account is refused, or was and is registered now.
struct AccountChanged {
  AccountNumber account;
  std::string extension;
  Status status;
};
using Effect = std::variant<Send, KeepAlive, ServerFailed, ServerAnswered, AccountChanged>;

// What subscriptions at the same upstream have to know.
// An account is registered now; or isn't any more, or is to end.
struct AccountStands {
  AccountNumber account;
  bool registered = false;
};
// Another server is used now, another connection to it, or none.
struct ServerChanged {};
using News = std::variant<AccountStands, ServerChanged>;

}  // namespace roamdesk::upstream
