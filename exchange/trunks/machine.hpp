#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/model/trunk.hpp"
#include "exchange/trunks/credentials.hpp"
#include "exchange/trunks/effects.hpp"

namespace roamdesk::trunks {

struct Times {
  Duration answer = std::chrono::seconds{5};  // to a REGISTER or OPTIONS: then the next server
  // A server that failed is left alone, twice as long each time in a row.
  Duration shortest_pause = std::chrono::seconds{15}, longest_pause = std::chrono::minutes{5};
  Duration refused = std::chrono::minutes{5};  // after a refusal that would come again
  unsigned most_rounds = 4;                    // of challenges and corrections to one request
  // Refused tries of the account within `many_tries_in`; a password that was changed is tried at once within them.
  std::size_t most_tries = 3;
  Duration many_tries_in = std::chrono::minutes{10};
  Duration keep_alive = std::chrono::seconds{25};  // under the shortest NAT timeout in use, 30 s
  Duration better = std::chrono::seconds{60};      // between two questions to a server that stands before ours
  Duration settled = std::chrono::seconds{30};     // a connection that closes earlier isn't made again at once
};

// One trunk: where its servers are, which of them are there, and its registration (README.md has the table). Events and
// the time in, effects out.
class Machine {
 public:
  using Unique = std::function<std::string()>;
  Machine(Trunk trunk, std::string software, Unique unique, Times times = {});

  // ---- events
  void start(TimePoint now);
  // Where something of the account changed, the old one is ended first.
  void change(Trunk trunk, TimePoint now);
  // Ends its registration; is_over() when that is done.
  void remove(TimePoint now);
  void located(const names::Located& located, TimePoint now);
  // nullopt: it can't be had; the site's line is down, or it has no such network.
  void dialled(const ServerKey& server, std::optional<sip::Flow> flow, TimePoint now);
  // `why`: in words, "" where it isn't known.
  void flow_closed(sip::FlowId flow, std::string_view why, TimePoint now);
  // The line to its site stands (again): nothing is waited for any more.
  void site_connected(TimePoint now);
  void answered(RequestId request, const sip::Message& response, TimePoint now);
  void failed(RequestId request, bool timed_out, TimePoint now);
  // What calls found out.
  void server_failed(const ServerKey& server, std::string why, Duration at_least, TimePoint now);
  void server_answered(const ServerKey& server, TimePoint now);
  // Spurious calls do nothing.
  void handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  std::optional<Effect> poll_effect();

  // ---- state
  const Trunk& trunk() const { return trunk_; }
  // Of our Contact.
  const std::string& contact_user() const { return contact_user_; }
  const State& state() const { return state_; }
  Status status() const;
  bool is_over() const { return removed_ && !farewell_; }
  Credentials& credentials() { return credentials_; }
  const Servers& servers() const { return servers_; }
  // Whom a connection there has to reach; nullopt where it isn't one over TLS.
  std::optional<sip::TlsName> tls_for(const ServerKey& server) const;
  // Where calls go, one after the other: the server of the registration, else nothing; with address: all, those that
  // are there first. Behind them those that may be there again.
  std::vector<Server> attempts(TimePoint now) const;
  // Of a trunk that registers nothing by itself, the first server that isn't known to be away; nullptr where there is
  // none.
  const Server* first(TimePoint now) const;
  // Our Contact there.
  sip::Uri contact_at(const Server& server) const;

 private:
  struct Request {
    enum class Kind : std::uint8_t { registration, farewell, options } kind{};
    ServerKey server;
    sip::Message message;
    TimePoint deadline{};
  };
  struct Farewell {
    Trunk trunk;
    Credentials credentials;
    std::optional<RequestId> request;
    unsigned rounds = 0;
  };

  // ---- machine.cpp
  void begin(TimePoint now);
  void enter(State state, TimePoint now);
  void tell(TimePoint now);
  void end_registration(TimePoint now);
  void farewell_answered(const sip::Message& response, TimePoint now);
  void farewell_over(TimePoint now);
  RequestId send(Request::Kind kind, const Server& server, sip::Message message, TimePoint now);
  double chance();  // 0 to 1
  Duration spread(Duration time);

  // ---- machine_servers.cpp
  void locate(TimePoint now);
  void ping_those_due(TimePoint now);
  void ping(Server& server, TimePoint now);
  void options_answered(Server& server, const sip::Message& response, TimePoint now);
  void options_unanswered(Server& server, std::string why, TimePoint now);
  void good(Server& server, TimePoint now);
  void bad(Server& server, std::string why, Duration at_least, TimePoint now);
  std::optional<TimePoint> next_ping() const;
  bool is_pinged(std::size_t index, TimePoint now) const;
  std::string name_of(const Server& server) const;

  // ---- machine_register.cpp
  void try_next(std::string why, TimePoint now);
  void begin_attempt(const ServerKey& server, TimePoint now);
  void send_register(Attempt& attempt, Server& server, TimePoint now);
  void registration_answered(const Request& request, const sip::Message& response, TimePoint now);
  void registration_stands(const Attempt& attempt, Server& server, const sip::Message& ok, TimePoint now);
  bool correct(Attempt& attempt, const sip::Message& response);
  void attempt_failed(std::string why, Duration at_least, TimePoint now);
  void refuse(std::string why, Duration at_least, TimePoint now);
  Attempt* attempt();
  const Attempt* attempt() const;
  Binding* binding();
  const Binding* binding() const;

  Trunk trunk_;
  std::string contact_user_;
  std::string software_;
  Unique unique_;
  Times times_;
  Credentials credentials_;
  State state_ = Off{};
  TimePoint since_{};
  std::optional<Condition> told_;
  std::string told_reason_;
  Servers servers_;
  bool locating_ = false;
  std::optional<TimePoint> locate_at_, keep_alive_at_;
  Series series_;
  std::chrono::seconds expires_{};  // to ask for: a registrar may want more (423)
  bool bulk_ = false;
  std::deque<TimePoint> refusals_;  // of the account, within Times::many_tries_in
  std::optional<Farewell> farewell_;
  bool removed_ = false;
  std::map<RequestId, Request> requests_;
  std::uint64_t last_request_ = 0;
  std::deque<Effect> effects_;
};

}  // namespace roamdesk::trunks
