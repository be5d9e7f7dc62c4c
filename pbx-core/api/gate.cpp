#include "pbx-core/api/gate.hpp"

#include <algorithm>

namespace roamdesk::api {
namespace {

constexpr std::size_t most_counters = 10'000;
constexpr std::size_t most_sessions = 1'000;
constexpr std::size_t id_size = 16;  // hexadecimal characters

}  // namespace

std::optional<std::chrono::seconds> LoginGuard::locked(const Name& name, unsigned most, WallTime now) const {
  const auto found = counters_.find(name);
  if (found == counters_.end() || found->second.size() < most) return std::nullopt;
  const WallTime until = found->second.back() + policy_.lock;
  if (until <= now) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(until - now);
}

void LoginGuard::count(const Name& name, unsigned most, WallTime now) {
  Failures& failures = counters_[name];
  if (failures.size() >= most) failures.clear();  // they have had their lock
  std::erase_if(failures, [&](WallTime at) { return at + policy_.window <= now; });
  failures.push_back(now);
}

void LoginGuard::forget_stale(WallTime now) {
  if (counters_.size() < most_counters) return;
  const auto kept = std::max(policy_.window, policy_.lock);
  std::erase_if(counters_,
                [&](const auto& entry) { return entry.second.empty() || entry.second.back() + kept <= now; });
}

std::optional<std::chrono::seconds> LoginGuard::begin(const std::string& user, IpAddress peer, WallTime now) {
  const Name own{peer.source(), user}, all{peer.source(), ""};
  const bool one_peer = !peer.is_loopback();
  const auto own_lock = locked(own, policy_.failures, now),
             peer_lock = one_peer ? locked(all, policy_.of_a_peer, now) : std::nullopt;
  if (own_lock || peer_lock)
    return std::max(own_lock.value_or(std::chrono::seconds{}), peer_lock.value_or(std::chrono::seconds{}));
  forget_stale(now);
  // Full of fresh failures: an attacker is trying names from everywhere. No new name or address gets a try until some
  // are stale.
  if (counters_.size() >= most_counters && !counters_.contains(own)) return policy_.window;
  count(own, policy_.failures, now);
  if (one_peer) count(all, policy_.of_a_peer, now);
  return std::nullopt;
}

void LoginGuard::succeeded(const std::string& user, IpAddress peer) {
  withdraw(user, peer);  // one right password among many wrong ones clears nothing of the peer's own counter
  counters_.erase({peer.source(), user});
}

void LoginGuard::withdraw(const std::string& user, IpAddress peer) {
  forget_last({peer.source(), user});
  forget_last({peer.source(), ""});
}

void LoginGuard::turned_away(const std::string& user, IpAddress peer) { forget_last({peer.source(), user}); }

void LoginGuard::forget_last(const Name& name) {
  const auto found = counters_.find(name);
  if (found != counters_.end() && !found->second.empty()) found->second.pop_back();
}

std::string LoginSessions::add(const std::string& token_hash, Session session) {
  std::erase_if(sessions_, [&](const auto& s) { return over(s.second, session.last_used); });
  if (sessions_.size() >= most_sessions)
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
      return a.second.last_used < b.second.last_used;
    }));
  session.id = token_hash.substr(0, id_size);
  return (sessions_[token_hash] = std::move(session)).id;
}

const LoginSessions::Session* LoginSessions::touch(const std::string& token_hash, IpAddress peer, WallTime now) {
  const auto found = sessions_.find(token_hash);
  if (found == sessions_.end()) return nullptr;
  if (over(found->second, now)) {
    sessions_.erase(found);
    return nullptr;
  }
  found->second.last_used = now;
  found->second.peer = peer;
  return &found->second;
}

std::vector<LoginSessions::Session> LoginSessions::all(WallTime now) const {
  std::vector<Session> out;
  for (const auto& [hash, session] : sessions_)
    if (!over(session, now)) out.push_back(session);
  return out;
}

const LoginSessions::Session* LoginSessions::find(const std::string& id, WallTime now) const {
  const auto found = sessions_.lower_bound(id);
  if (found == sessions_.end() || found->second.id != id || over(found->second, now)) return nullptr;
  return &found->second;
}

void LoginSessions::remove(const std::string& id) {
  const auto found = sessions_.lower_bound(id);
  if (found != sessions_.end() && found->second.id == id) sessions_.erase(found);
}

void LoginSessions::remove_user(const std::string& user) {
  std::erase_if(sessions_, [&](const auto& s) { return s.second.user == user; });
}

}  // namespace roamdesk::api
