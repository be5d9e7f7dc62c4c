#pragma once
#include <memory>
#include <optional>
#include <string>

#include "tests/sim/element/simulation.hpp"

namespace roamdesk::sim {

// Some credentials, and as which they register.
struct Keys {
  std::string aor, user, password;
};
inline Keys keys_of(const DeskPhone& phone) { return {phone.shows(), phone.auth_user(), phone.password()}; }

// A sender at an address that sends one request at a time and says what came of it: the wrong person, or a phone of
// which a test wants to decide each step.
class Handset {
 public:
  Handset(Simulation& sim, SiteId site, const std::string& ip, std::uint16_t port = 5060,
          sip::Transport transport = sip::Transport::udp);
  ~Handset();
  Handset(const Handset&) = delete;
  Handset& operator=(const Handset&) = delete;

  // The final answer, credentials included; 0: there was none.
  int register_as(const Keys& keys, const std::string& call_id = "", unsigned expires = 60,
                  const std::string& contact = "");
  // A call that is answered stays up. `lines`: more headers, each with its CRLF.
  int invite(const Keys& keys, const std::string& number, const std::string& lines = {});
  int subscribe(const Keys& keys, const std::string& number, const std::string& package = "dialog");
  int refer(const std::string& number);  // within the call that is up
  void press(const std::string& digits);
  void bye();
  void close();  // the connection

  const sip::FlowAddress& at() const { return at_; }
  unsigned rings = 0, lamps_over = 0;
  std::string mailbox, lamp;  // the newest message-summary, the newest dialog-info

 private:
  void be(const Keys& keys);
  // Waits for what a request came to.
  int wait_for(const std::shared_ptr<std::optional<int>>& outcome);
  int within_call(const std::string& method, const std::string& lines = {}, const std::string& body = {},
                  const std::string& type = {});
  void hear(const std::string& bytes);

  Simulation& sim_;
  sip::FlowAddress at_;
  phone::Agent agent_;  // which says everything once: its clock stands still
  phone::Registration registration_{agent_};
  std::unique_ptr<phone::Call> call_;
  std::uint32_t cseq_ = 0;
};

}  // namespace roamdesk::sim
