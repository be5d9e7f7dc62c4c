#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/calls/types.hpp"
#include "exchange/element/outside.hpp"

namespace roamdesk::element {

// Calls over trunks: what is read of those that come in, and how those that go out are written.
class OutsideCalls {
 public:
  OutsideCalls(Context& context, Outside& outside) : context_(context), outside_(outside) {}

  // Who calls by the trunk. A number that is an extension's is no outside number: its sender isn't that person.
  calls::Caller caller_of(trunks::TrunkNumber trunk, const sip::Flow& flow, const sip::Message& invite) const;
  struct Called {
    std::string number;  // "" where none stands in the request
    std::optional<ExtensionNumber> extension;
  };
  // The first of the trunk's `called_in` in which a number of ours stands.
  Called called(const Trunk& trunk, const sip::Message& invite) const;
  // How the trunk is shown that this party is at our end.
  std::vector<sip::Header> identity(const Trunk& trunk, const calls::Party& party) const;

  // One call by a trunk.
  struct Words {
    std::string trunk;   // name
    std::string called;  // as it is dialled there: the Request-URI's user
    std::string caller;  // as the trunk wants it; "" for none
    bool hidden = false;
    std::string diverted_by{};  // likewise: who sent the call on; "" where it wasn't
    calls::Party party{};       // whom our side calls, as it is shown there
  };
  // Its servers, one after the other; empty where the trunk can't carry a call now.
  std::vector<calls::Target> targets(const Words& words) const;

  // What calls have found out about a server.
  void handle(const calls::ServerFailed& event);
  void handle(const calls::ServerAnswered& event);

 private:
  calls::Manner manner_of(const Trunk& trunk) const;

  Context& context_;
  Outside& outside_;
};

}  // namespace roamdesk::element
