#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/sip/digest.hpp"
#include "tests/sim/element/simulation.hpp"
#include "tests/unit/calls/world/outside.hpp"

namespace roamdesk::sim {

// One server of a provider, in the simulation: a registrar before a far end of calls (Outside). It does what is set
// here, and nothing else.
class Provider {
 public:
  struct Registrar {
    std::string realm = "provider.example", password = "secret";
    // Where it has an account for each extension: by user. A user without one has no account.
    std::map<std::string, std::string> passwords{};
    bool proxy = false;         // it challenges with 407
    int refuses = 0;            // every REGISTER, with this status
    unsigned shortest = 0;      // seconds; under it 423
    bool only_own_flow = true;  // an INVITE from where nobody is registered: 403
    int subscriptions = 200;    // how a SUBSCRIBE is answered
  };
  Provider(Simulation& sim, SiteId site, const std::string& ip, std::uint16_t port = 5060,
           sip::Transport transport = sip::Transport::udp);
  ~Provider();
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;

  // As DNS has it.
  names::Target target() const;
  // A call to a number of ours, by the Contact that is registered (or by its address). The final answer; 0: none yet.
  int call(const std::string& number, const calls::sim::Outside::Edit& edit = {}, Duration patience = 3s);
  int status() const { return out.dialogs.empty() ? 0 : out.dialogs.back().status; }
  // Sends any request of its own from its address, out of all dialogs; the final answer, 0: none.
  int ask(const std::string& method, const std::string& user, const calls::sim::Outside::Edit& edit = {});
  void go_silent(bool silent) { silent_ = silent; }
  void close(const std::string& why) { sim_.close(at_, why); }

  const sip::FlowAddress& at() const { return at_; }
  std::size_t count(std::string_view method) const;
  const sip::Message* last(std::string_view method) const;
  std::optional<sip::Uri> contact;           // that is registered
  std::map<std::string, sip::Uri> contacts;  // likewise, by user
  std::string account = "4930123";           // in To of a registering trunk's calls
  Registrar registrar;
  calls::sim::Outside out;
  std::vector<sip::Message> heard;  // requests, without repetitions
  bool hears_nothing_of_options = false;
  // Calls at once, and how one more is refused; 0 for any number.
  std::size_t lines = 0;
  int full = 486;
  bool reads_location = true;  // else 424 to an INVITE that has one

 private:
  void hear(const std::string& bytes);
  void on_register(const sip::Message& request);
  void on_subscribe(const sip::Message& request);
  void respond(const sip::Message& request, int status, const calls::sim::Outside::Edit& edit = {});
  void flush();

  Simulation& sim_;
  sip::FlowAddress at_;
  bool silent_ = false;
  std::unique_ptr<sip::DigestServer> digest_;
  std::vector<sip::Message> answers_;
};

}  // namespace roamdesk::sim
