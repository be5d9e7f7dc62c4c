#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "exchange/upstream/effects.hpp"

namespace roamdesk::upstream {

struct Times {
  Duration answer = std::chrono::seconds{5};     // to a REGISTER
  Duration gap = std::chrono::milliseconds{20};  // between two REGISTERs, whosever they are: 50 a second
  std::size_t most_under_way = 32;               // REGISTERs without an answer; 1 until a new server has answered one
  // An account that gets no answer, or one that speaks of the server: twice as long each time.
  Duration shortest_pause = std::chrono::seconds{15}, longest_pause = std::chrono::minutes{5};
  // After a refusal that would come again: twice as long each time.
  Duration refused = std::chrono::minutes{5}, longest_refused = std::chrono::hours{1};
  unsigned most_rounds = 4;  // of challenges and corrections to one request
  // Refused tries of one account within `many_tries_in`, whatever is changed meanwhile; and of all accounts that have
  // never been registered: providers ban an address that shows many wrong passwords, and with it everybody.
  std::size_t most_tries = 3, most_tries_of_all = 20;
  Duration many_tries_in = std::chrono::minutes{10};
  std::size_t bad_answers = 3;  // that speak of the server, to as many accounts and none between: it is away
  Duration keep_alive = std::chrono::seconds{25};  // under the shortest NAT timeout in use, 30 s
  Duration settled = std::chrono::seconds{30};     // a connection that closes earlier isn't made again at once
};

// The accounts at one upstream: their registrations over the one server that is used now (README.md has the table).
// Events and the time in, effects out.
class Upstream {
 public:
  using Unique = std::function<std::string()>;
  // The server that is used, with a flow to it.
  struct Server {
    trunks::ServerKey key;
    sip::Flow flow;
    std::optional<Endpoint> seen_as{};  // our address as it sees it
  };
  struct Counts {
    std::size_t accounts = 0, registered = 0, refused = 0, waiting = 0;
  };

  // `first_cseq`: above all that an earlier process has used: seconds of the wall clock.
  Upstream(Trunk trunk, std::string software, Unique unique, std::uint32_t first_cseq, Times times = {});

  // ---- events
  // What its own record says has changed; an account whose address of record that changes is ended first.
  void change(Trunk trunk, TimePoint now);
  void put(AccountNumber number, UpstreamAccount record, bool someone, TimePoint now);
  void remove(AccountNumber number, TimePoint now);
  // Somebody has come who can answer for the account, or the last one has gone.
  void set_someone(AccountNumber number, bool someone, TimePoint now);
  // nullopt: none is there.
  void use(std::optional<Server> server, TimePoint now);
  // `why`: in words, "" where it isn't known.
  void flow_closed(sip::FlowId flow, std::string_view why, TimePoint now);
  void answered(trunks::RequestId request, const sip::Message& response, TimePoint now);
  void failed(trunks::RequestId request, bool timed_out, TimePoint now);
  void handle_timeout(TimePoint now);
  std::optional<TimePoint> deadline() const;
  std::optional<Effect> poll_effect();
  std::optional<News> poll_news();

  // ---- state
  const Trunk& trunk() const { return *trunk_; }
  // nullptr where it isn't there, or was removed.
  const Account* account(AccountNumber number) const;
  Account* account(AccountNumber number);
  // Whose Contact this user part is: not that of an account that was removed, or has another password since.
  std::optional<AccountNumber> find(std::string_view token) const;
  // Which account has that user name there; nullopt where none has.
  std::optional<AccountNumber> of_user(std::string_view user) const;
  Status status(const Account& account, TimePoint now) const;
  Counts counts(TimePoint now) const;
  // Whether there is anything that a server is needed for.
  bool is_needed() const { return !accounts_.empty(); }
  bool is_served() const { return server_.has_value(); }
  const std::optional<Server>& server() const { return server_; }
  bool is_registered(AccountNumber number, TimePoint now) const;
  // This one if it is registered, else another one that is; nullopt where none is.
  std::optional<AccountNumber> registered(std::optional<AccountNumber> rather, TimePoint now) const;
  bool uses(const trunks::ServerKey& server, sip::FlowId flow) const {
    return server_ && server_->key == server && server_->flow.id == flow;
  }
  // The upstream as a trunk whose only account is this one: From is its user, whoever calls, and the Contact its token.
  Trunk as(const Identity& identity) const;

 private:
  struct Request {
    AccountNumber account;
    bool farewell = false;
    trunks::Registration asked;
    sip::Message message;
    sip::Flow flow;
    TimePoint sent, deadline;
  };

  // ---- upstream.cpp
  bool is_wanted(const Account& account) const;
  bool takes_leave(const Account& account) const { return account.leaving || !is_wanted(account); }
  void schedule(Account& account, std::optional<TimePoint> at);
  void set_identity(Account& account, Identity identity);
  void reconsider(Account& account, TimePoint now);
  void say_stands(Account& account, bool registered);
  bool is_elsewhere(const Account& account) const;
  void follow(TimePoint now);
  void lost(std::string why, Duration at_least, TimePoint now);
  void drop_requests(const std::function<bool(const Request&)>& which, TimePoint now);
  void erase(AccountNumber number);
  const Trunk& speaking_as(const Identity& identity);
  sip::Uri contact() const;
  double chance();  // 0 to 1
  Duration spread(Duration time);

  // ---- registration.cpp
  void work(TimePoint now);
  void begin(Account& account, TimePoint now);
  void send(Account& account, Request request, TimePoint now);
  void repeat(Account& account, Request request, sip::Message message, TimePoint now);
  void registration_answered(Account& account, Request request, const sip::Message& response, TimePoint now);
  void stands(Account& account, const Request& request, const sip::Message& ok, TimePoint now);
  void refuse(Account& account, std::string why, Duration at_least, TimePoint now);
  void unanswered(Account& account, std::string why, Duration at_least, TimePoint now);
  bool may_try(Account& account, TimePoint now);
  void farewell_answered(Account& account, Request request, const sip::Message& response, TimePoint now);
  void farewell_over(Account& account, TimePoint now);
  // False where there is no other account that is registered, or to be.
  bool ask_another(AccountNumber than, TimePoint now);
  void give_up_farewells(sip::FlowId flow, TimePoint now);
  void tell(Account& account, TimePoint now);

  std::shared_ptr<const Trunk> trunk_;
  // The upstream as the account that spoke last, made of this one.
  Trunk speaker_;
  std::shared_ptr<const Trunk> speaker_of_;
  std::string software_;
  Unique unique_;
  std::uint32_t first_cseq_;
  Times times_;
  std::map<AccountNumber, Account> accounts_;
  std::map<std::string, AccountNumber, std::less<>> tokens_;
  // Whose turn comes when: to register, and to take leave, for which no server needs to be there.
  using Turns = std::set<std::pair<TimePoint, AccountNumber>>;
  Turns due_, farewells_;
  std::deque<std::pair<AccountNumber, Request>> repeats_;  // answers to challenges, ahead of everything else
  std::map<trunks::RequestId, Request> requests_;          // all have the same time: the first runs out first
  std::uint64_t last_request_ = 0;
  TimePoint next_send_{};
  std::chrono::seconds expires_;  // to ask for: a registrar may want more (423)

  std::optional<Server> server_;
  TimePoint server_since_{}, heard_{};
  bool answers_ = false;                 // the server has answered a REGISTER since it is used
  std::set<AccountNumber> bad_answers_;  // that got one, since one was good
  unsigned silences_ = 0;                // REGISTERs without an answer, and nothing came in between
  std::string why_lost_;                 // while there is no server
  std::optional<TimePoint> keep_alive_at_;
  std::deque<TimePoint> refusals_;  // of accounts that have never been registered, within Times::many_tries_in
  std::deque<Effect> effects_;
  std::deque<News> news_;
};

}  // namespace roamdesk::upstream
