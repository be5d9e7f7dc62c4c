#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/support/phone/credentials.hpp"
#include "tests/support/phone/dialog.hpp"
#include "tests/support/phone/sdp.hpp"
#include "tests/support/phone/transactions.hpp"
#include "tests/support/phone/writer.hpp"

namespace roamdesk::phone {

// Who a user agent is, and how it was built: a desk phone, a gateway, the other end of a trunk.
struct Self {
  std::string user, domain;  // of its address of record
  std::string display{};
  std::string here;  // host:port, for Via and Contact
  std::string transport = "UDP";
  std::string contact{};  // the header's value; empty: <sip:user@here>
  std::string user_agent{};
  std::string allow{};  // of requests and answers that open a dialog
  std::string more{};   // lines of REGISTER and INVITE, each with its CRLF: Supported, Allow-Events
  Media media{};        // how it describes its sessions
  // What depends on the offer that a description answers ("": it is an offer itself), such as keys; may be empty.
  std::function<void(Media&, std::string_view offer)> describes{};
};

// A user agent (RFC 3261 §8): writes what all its requests and responses have, and owns its transactions.
class Agent {
 public:
  using Unique = std::function<std::string()>;  // never the same twice: tags, branches, Call-IDs
  Agent(Self who, Unique unique, Transactions::Send send)
      : self(std::move(who)), unique_(std::move(unique)), transactions_(std::move(send), self.transport != "UDP") {}

  // ---- requests
  // From its first line to Max-Forwards and User-Agent, with a branch of its own; within a dialog to its CSeq, which it
  // takes the next of.
  Writer begin(std::string_view method, std::string_view uri) const;
  Writer begin(std::string_view method, Dialog& dialog) const;
  // The same with a CSeq that is given: an ACK.
  Writer begin(std::string_view method, const Dialog& dialog, std::uint32_t cseq) const;
  void ask(std::string request, Transactions::Heard heard, Time now) {
    transactions_.request(std::move(request), std::move(heard), now);
  }
  // `write` gives the request, with credentials.line(). If it is challenged and that can be answered, it is written and
  // sent once more. `heard` gets the final response, empty if none came.
  void ask_with_credentials(std::function<std::string()> write, Transactions::Heard heard, Time now);

  // ---- responses
  struct Words {
    std::string_view tag{};    // of To, where it has none
    std::string_view lines{};  // more headers, each with its CRLF
    std::string_view body{};   // a session description
    const Edit* edit = nullptr;
    Transactions::Lost lost{};
  };
  void answer(std::string_view request, int status, const Words& words, Time now);

  // ---- the wire
  bool receive(std::string_view message, Time now) { return transactions_.receive(message, now); }
  std::optional<Time> deadline() const { return transactions_.deadline(); }
  void handle_timeout(Time now) { transactions_.handle_timeout(now); }

  std::string unique() const { return unique_(); }
  std::string contact() const;   // the header's value
  std::string identity() const;  // From of its own requests, without a tag
  Transactions& transactions() { return transactions_; }

  Self self;
  Credentials credentials;

 private:
  void ask_with_credentials(std::function<std::string()> write, Transactions::Heard heard, bool again, Time now);

  Unique unique_;
  Transactions transactions_;
};

}  // namespace roamdesk::phone
