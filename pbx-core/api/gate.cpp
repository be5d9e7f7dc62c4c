#include "pbx-core/api/gate.hpp"

#include <algorithm>

namespace roamdesk::api {
namespace {

constexpr std::size_t most_counters = 10'000;
constexpr std::size_t most_sessions = 1'000;

}  // namespace

std::optional<Role> parse_role(std::string_view name) {
  if (name == "reader") return Role::reader;
  if (name == "operator") return Role::operator_;
  if (name == "administrator") return Role::administrator;
  return std::nullopt;
}

std::optional<std::chrono::seconds> LoginGuard::locked(const Name& name, WallTime now) const {
  const auto found = counters_.find(name);
  if (found == counters_.end() || found->second.locked_until <= now) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(found->second.locked_until - now);
}

void LoginGuard::count(const Name& name, unsigned most, WallTime now) {
  Counter& counter = counters_[name];
  std::erase_if(counter.failures, [&](WallTime at) { return at + policy_.window <= now; });
  counter.failures.push_back(now);
  if (counter.failures.size() < most) return;
  counter.locked_until = now + policy_.lock;
  counter.failures.clear();
}

void LoginGuard::forget_stale(WallTime now) {
  if (counters_.size() < most_counters) return;
  std::erase_if(counters_, [&](const auto& entry) {
    const Counter& c = entry.second;
    return c.locked_until <= now && (c.failures.empty() || c.failures.back() + policy_.window <= now);
  });
}

std::optional<std::chrono::seconds> LoginGuard::begin(const std::string& user, Ipv4 peer, WallTime now) {
  const Name own{peer, user}, all{peer, ""};
  const auto own_lock = locked(own, now), peer_lock = locked(all, now);
  if (own_lock || peer_lock)
    return std::max(own_lock.value_or(std::chrono::seconds{}), peer_lock.value_or(std::chrono::seconds{}));
  forget_stale(now);
  // Full of fresh failures: somebody is trying names from everywhere. Nobody new gets a try until some are stale.
  if (counters_.size() >= most_counters && !counters_.contains(own)) return policy_.window;
  count(own, policy_.failures, now);
  count(all, policy_.failures * 4, now);
  return std::nullopt;
}

void LoginGuard::succeeded(const std::string& user, Ipv4 peer) {
  counters_.erase({peer, user});
  // The peer's own counter loses this attempt only: one right password among many wrong ones clears nothing else.
  const auto found = counters_.find({peer, ""});
  if (found == counters_.end()) return;
  if (!found->second.failures.empty()) found->second.failures.pop_back();
}

void LoginSessions::add(const std::string& token_hash, const std::string& user, WallTime now) {
  std::erase_if(sessions_, [&](const auto& s) { return s.second.last_used + lifetime_ <= now; });
  if (sessions_.size() >= most_sessions)
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
      return a.second.last_used < b.second.last_used;
    }));
  sessions_[token_hash] = Session{user, now};
}

std::optional<std::string> LoginSessions::touch(const std::string& token_hash, WallTime now) {
  const auto found = sessions_.find(token_hash);
  if (found == sessions_.end()) return std::nullopt;
  if (found->second.last_used + lifetime_ <= now) {
    sessions_.erase(found);
    return std::nullopt;
  }
  found->second.last_used = now;
  return found->second.user;
}

void LoginSessions::remove_user(const std::string& user) {
  std::erase_if(sessions_, [&](const auto& s) { return s.second.user == user; });
}

}  // namespace roamdesk::api
