#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/endpoint.hpp"
#include "pbx-core/model/records.hpp"

// Who may do what, and who may try again. Pure: time and randomness are arguments.
namespace roamdesk::api {

enum class Role { reader, operator_, administrator };  // each may what those before it may
std::optional<Role> parse_role(std::string_view name);

// Who has asked.
struct Principal {
  std::string user;
  Role role = Role::reader;
  bool by_cookie = false;
};

// Counts failed log-ins. Attempts that are under way count as failed until they have succeeded, so that a hundred at
// once are no way around.
class LoginGuard {
 public:
  struct Policy {
    unsigned failures = 5;  // of one user from one peer; four times as many from one peer
    std::chrono::seconds window = std::chrono::minutes{5};
    std::chrono::seconds lock = std::chrono::minutes{15};
  };
  explicit LoginGuard(Policy policy) : policy_(policy) {}

  // Starts an attempt; gives the time to wait where the door is locked (then nothing has started).
  std::optional<std::chrono::seconds> begin(const std::string& user, Ipv4 peer, WallTime now);
  void succeeded(const std::string& user, Ipv4 peer);

 private:
  struct Counter {
    std::vector<WallTime> failures;
    WallTime locked_until{};
  };
  using Name = std::pair<Ipv4, std::string>;  // an empty user is the peer's own counter
  std::optional<std::chrono::seconds> locked(const Name& name, WallTime now) const;
  void count(const Name& name, unsigned most, WallTime now);
  void forget_stale(WallTime now);

  Policy policy_;
  std::map<Name, Counter> counters_;
};

// Sessions of people who have logged in; by the SHA-256 of their token, in memory only.
class LoginSessions {
 public:
  explicit LoginSessions(std::chrono::seconds lifetime) : lifetime_(lifetime) {}
  void add(const std::string& token_hash, const std::string& user, WallTime now);
  // The user, and the session lives on from now.
  std::optional<std::string> touch(const std::string& token_hash, WallTime now);
  void remove(const std::string& token_hash) { sessions_.erase(token_hash); }
  void remove_user(const std::string& user);

 private:
  struct Session {
    std::string user;
    WallTime last_used{};
  };
  std::chrono::seconds lifetime_;
  std::map<std::string, Session> sessions_;
};

}  // namespace roamdesk::api
