#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/ids.hpp"
#include "common/base/time.hpp"
#include "common/base/words.hpp"
#include "common/sip/flow.hpp"
#include "exchange/model/trunk.hpp"
#include "exchange/model/upstream_account.hpp"
#include "exchange/trunks/credentials.hpp"
#include "exchange/trunks/requests.hpp"
#include "exchange/trunks/servers.hpp"
#include "exchange/trunks/state.hpp"

namespace roamdesk::upstream {

// Numbers an account while the program runs; never reused.
using AccountNumber = Strong<struct UpstreamAccountTag, std::uint64_t>;

// What is shown of an account, by API and log.
enum class Condition : std::uint8_t {
  off,          // switched off, or its upstream is
  logged_out,   // not to be registered now: nobody is there who could answer
  waiting,      // to be registered: its turn comes, or the upstream doesn't answer
  registering,  // a REGISTER is under way
  registered,
  refused,  // by the upstream, which would refuse it again: a wrong password, an account that isn't there
};

struct Status {
  Condition condition{};
  std::string reason{};              // in words; "" where all is well
  std::optional<TimePoint> next{};   // the next REGISTER; nullopt where none is planned
  std::optional<TimePoint> until{};  // the registration's end
};

// A registration that stands.
struct Binding {
  trunks::ServerKey server;
  sip::Flow flow;
  trunks::Registration what;
  TimePoint until;
};

// As whom we register: at its registrar one Contact and one Call-ID, the same after each start, so that no second
// binding is left behind. Who doesn't know the password can't guess the Contact, and another password makes another.
struct Identity {
  Identity(std::shared_ptr<const Trunk> at, UpstreamAccount account, std::uint32_t first_cseq);

  std::shared_ptr<const Trunk> upstream;  // as it was then: a good-bye goes to the domain that was registered at
  UpstreamAccount record;
  std::string token;  // user part of the Contact
  trunks::Series series;
  trunks::Credentials credentials;
  std::optional<Binding> binding{};
};

// One extension's account: what stands at the registrar, and what is to be done next.
struct Account {
  AccountNumber number;
  Identity self;
  // What it was before the record was changed: its registration ends first, so that the one can't end the other.
  std::optional<Identity> leaving{};
  bool someone = false;  // somebody can answer here
  bool removed = false;

  std::optional<TimePoint> due{};  // the next REGISTER
  bool due_is_farewell = false;
  std::optional<trunks::RequestId> request{};  // under way
  unsigned rounds = 0;                         // of challenges and corrections to this REGISTER
  bool readdressed = false;                    // registered again for the address that the last answer showed
  unsigned failures = 0;                       // without an answer, or with one that speaks of the server; in a row
  unsigned refused_in_row = 0;
  std::deque<TimePoint> refusals{};  // within Times::many_tries_in
  bool taken = false;                // the registrar has taken these credentials before
  std::string why{};                 // it is refused, or waits
  bool is_refused = false, told_refused = false;
  bool told_stands = false;  // News of it
};

}  // namespace roamdesk::upstream

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 6> words<upstream::Condition> = {"off",         "logged_out", "waiting",
                                                                               "registering", "registered", "refused"};
}  // namespace roamdesk
