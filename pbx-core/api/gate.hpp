#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "exchange/model/records.hpp"

// Who may do what, and who may try again. Pure: time and randomness are arguments.
namespace roamdesk::api {

// By what a request has shown who it is from.
enum class Via {
  cookie,     // a log-in at the console
  token,      // a log-in by a program
  api_token,  // POST /tokens: it can do what its scope says, but nothing with its user's account
};

// Who has asked.
struct Principal {
  std::string user;
  Role role = Role::reader;
  Via via = Via::token;
  std::string credential;  // the log-in's id, or the API token's
  // "local" and SBCs' names to which the user is bound; none: the whole company.
  std::vector<std::string> sites{};
  bool is_bound() const { return !sites.empty(); }
  // May do all that there is.
  bool administers_all() const { return role == Role::administrator && !is_bound(); }
};

// Counts failed log-ins. Attempts that are under way count as failed until they have succeeded, so that a hundred at
// once are no way around. Of IPv6, a network of 64 bits is one peer
// (IpAddress::source). Loopback peers, behind which a reverse proxy may hide everybody, are locked out one user at a
// time only.
class LoginGuard {
 public:
  struct Policy {
    unsigned failures = 5;    // of one user from one peer
    unsigned of_a_peer = 20;  // under whatever names
    std::chrono::seconds window = std::chrono::minutes{5};
    std::chrono::seconds lock = std::chrono::minutes{15};
  };
  explicit LoginGuard(Policy policy) : policy_(policy) {}

  // Starts an attempt; gives the time to wait where the door is locked (then nothing has started).
  std::optional<std::chrono::seconds> begin(const std::string& user, IpAddress peer, WallTime now);
  void succeeded(const std::string& user, IpAddress peer);
  // The attempt neither failed nor succeeded: it counts no more, and forgives nothing.
  void withdraw(const std::string& user, IpAddress peer);
  // It wasn't looked at, since too many are under way: the user isn't locked for that, but who tries too much is.
  void turned_away(const std::string& user, IpAddress peer);

 private:
  using Failures = std::vector<WallTime>;          // in the window before the last; as many as are needed lock
  using Name = std::pair<IpAddress, std::string>;  // an empty user is the peer's own counter
  std::optional<std::chrono::seconds> locked(const Name& name, unsigned most, WallTime now) const;
  void count(const Name& name, unsigned most, WallTime now);
  void forget_stale(WallTime now);
  void forget_last(const Name& name);

  Policy policy_;
  std::map<Name, Failures> counters_;
};

// Log-ins of people and programs; by the SHA-256 of their token, in memory only.
class LoginSessions {
 public:
  struct Session {
    std::string id{};  // for lists, and to end it: the beginning of the token's hash, no secret
    std::string user;
    Via via = Via::token;
    std::string agent;  // the browser, as it calls itself
    WallTime created{}, last_used{};
    IpAddress peer;  // of its last use
  };

  explicit LoginSessions(std::chrono::seconds lifetime) : lifetime_(lifetime) {}
  // `session.last_used` is the present; gives the id.
  std::string add(const std::string& token_hash, Session session);
  // The session, which lives on from now; null where there is none.
  const Session* touch(const std::string& token_hash, IpAddress peer, WallTime now);
  std::vector<Session> all(WallTime now) const;
  // By its id; null where there is none that is alive.
  const Session* find(const std::string& id, WallTime now) const;
  void remove(const std::string& id);
  void remove_user(const std::string& user);

 private:
  bool over(const Session& session, WallTime now) const { return session.last_used + lifetime_ <= now; }
  std::chrono::seconds lifetime_;
  std::map<std::string, Session> sessions_;  // by the token's hash
};

}  // namespace roamdesk::api
