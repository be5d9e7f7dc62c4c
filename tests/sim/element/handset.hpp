#pragma once
#include <map>
#include <string>
#include <vector>

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
  int invite(const Keys& keys, const std::string& number);  // a call that is answered stays up
  int subscribe(const Keys& keys, const std::string& number);
  int refer(const std::string& number);  // within the call that is up
  void press(const std::string& digits);
  void bye();
  void close();  // the connection

  const sip::FlowAddress& at() const { return at_; }
  unsigned rings = 0, lamps_over = 0;

 private:
  SipText request(const std::string& method, const std::string& uri, const std::string& aor, const std::string& to);
  int ask(SipText text, const Keys& keys);
  int send(const SipText& text);
  void hear(const std::string& bytes);
  std::string contact() const;

  Simulation& sim_;
  sip::FlowAddress at_;
  std::map<std::string, SipText> answers_;  // final ones by branch
  struct {
    SipText invite, answer;
    std::string from, to;
    unsigned cseq = 1;
  } call_;
  unsigned cseq_ = 0;
};

}  // namespace roamdesk::sim
