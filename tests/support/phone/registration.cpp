#include "tests/support/phone/registration.hpp"

#include <utility>

namespace roamdesk::phone {

void Registration::send(unsigned expires, Time now, Transactions::Heard done) {
  agent_.ask_with_credentials(
      [this, expires, before = cseq] {
        challenged = cseq != before;
        return write(expires);
      },
      std::move(done), now);
}

std::string Registration::write(unsigned expires) {
  const auto uri = "sip:" + agent_.self.domain;
  const auto aor = agent_.identity();
  auto writer = agent_.begin("REGISTER", uri);
  writer.add("From", aor, ";tag=" + agent_.unique()).add("To", aor).add("Call-ID", call_id);
  writer.add("CSeq", std::to_string(++cseq), " REGISTER").add("Contact", agent_.contact());
  writer.add("Expires", std::to_string(expires));
  if (agent_.credentials.known()) writer.lines(agent_.credentials.line("REGISTER", uri, agent_.unique()));
  if (!agent_.self.allow.empty()) writer.add("Allow", agent_.self.allow);
  return writer.lines(agent_.self.more).finish();
}

}  // namespace roamdesk::phone
