#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "common/base/time.hpp"
#include "common/base/words.hpp"
#include "exchange/trunks/requests.hpp"
#include "exchange/trunks/servers.hpp"

namespace roamdesk::trunks {

// Numbers a trunk's own requests (REGISTER, OPTIONS); never reused.
using RequestId = Strong<struct TrunkRequestTag, std::uint64_t>;

// A REGISTER under way.
struct Attempt {
  ServerKey server;
  std::optional<RequestId> request;  // nullopt: its flow is being made
  Registration asked;
  TimePoint deadline{};
  unsigned rounds = 0;       // challenges and corrections that were followed
  bool readdressed = false;  // it repeats one whose answer showed that a NAT makes another address of ours
};
// A registration that stands.
struct Binding {
  ServerKey server;
  Registration what;
  TimePoint since{}, refresh{}, until{};
};

// The states of a trunk.
struct Off {};       // disabled
struct Locating {};  // its name is being looked up, and nothing is known of it yet
struct NotLocated {  // its name led nowhere
  std::string why;
};
// ---- of kind registration
struct Registering {
  Attempt attempt;
};
struct Registered {
  Binding binding;
  std::optional<Attempt> renewal;  // a refresh, or the move to a better server; the binding stands meanwhile
};
struct Refused {  // by a server that would refuse again: a wrong password, an account that isn't there
  TimePoint until;
  std::string why;
};
struct Unreachable {  // by any server
  TimePoint until;
  std::string why;
};
// ---- of kind address
struct Serving {};  // the servers' own states say the rest

using State = std::variant<Off, Locating, NotLocated, Registering, Registered, Refused, Unreachable, Serving>;

// What is shown of it, by API, console and log.
enum class Condition : std::uint8_t {
  off,
  locating,
  not_located,
  registering,
  registered,
  refused,
  unreachable,
  ready,   // kind address: a server answers, or none has been found not to
  silent,  // kind address: none answers
};

struct Status {
  Condition condition{};
  std::string reason;              // in words; "" where all is well
  TimePoint since{};               // of the condition
  std::optional<TimePoint> next;   // the next try, or the registration's next refresh
  std::optional<TimePoint> until;  // the registration's end
  std::optional<Server> server;    // that is used
};
// "registered at 192.0.2.1:5060", "refused: wrong password: …".
std::string describe(const Status& status);

}  // namespace roamdesk::trunks

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 9> words<trunks::Condition> = {
    "off", "locating", "not_located", "registering", "registered", "refused", "unreachable", "ready", "silent"};
}  // namespace roamdesk
