#include "tests/fuzz/hotdesk/world/world.hpp"

#include <utility>

// The store: with the product's constraints, failing, cut off by a crash.
namespace roamdesk::hotdesk {

// What a store with the product's constraints does.
bool World::apply(const StoreChange& change) {
  auto rows = rows_;
  auto old = old_rows_;
  auto idle = idle_rows_;
  for (const EndedSession& ended : change.ended) {
    const auto it = rows.find(ended.session.desk);
    if (it == rows.end() || it->second.id != ended.session.id) continue;
    const SessionInfo& session = it->second;
    old[session.desk][session.credentials.user.str()] = {session.id, session.desk, session.extension,
                                                         session.credentials};
    rows.erase(it);
  }
  if (change.started) {
    const SessionInfo& session = *change.started;
    if (!phones_.contains(session.desk) || !people_.contains(session.extension) || rows.contains(session.desk))
      return false;
    for (const auto& [where, row] : rows)
      if (row.extension == session.extension) return false;
    rows[session.desk] = session;
  }
  for (const FreshIdle& fresh : change.idle) {
    const auto it = idle.find(fresh.desk);
    if (it == idle.end()) continue;
    old_idle_.insert(it->second.user.str());
    old[fresh.desk][it->second.user.str()] = {SessionId{it->second.user.str()}, fresh.desk, {}, it->second};
    it->second = fresh.credentials;
  }
  rows_ = std::move(rows);
  old_rows_ = std::move(old);
  idle_rows_ = std::move(idle);
  return true;
}

void World::answer_store(bool well) {
  if (commits_.empty()) return;
  const StoreChange change = commits_.front();
  commits_.pop_front();
  if (well && apply(change))
    submit(Stored{change.ticket});
  else
    submit(StoreFailed{change.ticket});
}

void World::crash(bool last_commit_made_it) {
  if (last_commit_made_it && !commits_.empty()) apply(commits_.front());
  commits_.clear();
  checks_.clear();
  tries_.clear();
  requests_.clear();
  bound_.clear();
  machine_.emplace(Rules{policy_, {}, {}, {8, 1000}}, [this] {
    const std::string id = "s" + std::to_string(++last_id_);
    return FreshIdentity{SessionId{id}, Credentials{"u" + id, Secret{"x"}}};
  });
  Snapshot snapshot;
  snapshot.failures = failures_;
  for (auto& [id, phone] : phones_) {
    snapshot.desks.push_back({id, local_site(), idle_rows_.at(id)});
    phone.last_told.reset();
    phone.told = phone.busy = false;
  }
  for (const auto& [extension, allowed] : people_) snapshot.extensions.push_back({extension, allowed});
  for (const auto& [id, session] : rows_) snapshot.sessions.push_back(session);
  for (const auto& [id, users] : old_rows_)
    for (const auto& [user, old] : users) snapshot.old.push_back(old);
  look_at(machine_->restore(snapshot, now_));
  // Registrations were written behind: they are there again.
  for (auto& [id, phone] : phones_)
    if (phone.registered) submit(registration(id));
  check();
}

}  // namespace roamdesk::hotdesk
