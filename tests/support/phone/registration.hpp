#pragma once
#include <cstdint>
#include <string>

#include "tests/support/phone/agent.hpp"

namespace roamdesk::phone {

// The registration of one user agent (RFC 3261 §10.2): one Call-ID for as long as it runs. It has to outlive the
// answers.
class Registration {
 public:
  explicit Registration(Agent& agent) : call_id(agent.unique()), agent_(agent) {}

  // `expires` in seconds; 0 takes the contact away. `done` gets the final response after at most one challenge; empty
  // if none came.
  void send(unsigned expires, Time now, Transactions::Heard done);

  std::string call_id;
  std::uint32_t cseq = 0;   // the last one
  bool challenged = false;  // the last time

 private:
  std::string write(unsigned expires);

  Agent& agent_;
};

}  // namespace roamdesk::phone
