#pragma once
#include <optional>
#include <string>
#include <variant>

#include "common/names/query.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"
#include "common/sip/tls_name.hpp"
#include "exchange/trunks/state.hpp"

// What a trunk wants done.
namespace roamdesk::trunks {

// Answered by located().
struct Locate {
  names::Query query;
};
// A flow to a server of the trunk's site; answered by dialled(), at once.
struct Dial {
  ServerKey server;
  std::optional<sip::TlsName> tls;
};
// A new transaction; answered by answered() or failed().
struct Send {
  RequestId request;
  sip::Flow flow;
  sip::Message message;
};
// CRLF CRLF (RFC 5626 §3.5.1), which also holds a NAT's mapping open.
struct KeepAlive {
  sip::FlowId flow;
};
// It is another now than was told last.
struct ConditionChanged {
  Status status;
};
using Effect = std::variant<Locate, Dial, Send, KeepAlive, ConditionChanged>;

}  // namespace roamdesk::trunks
