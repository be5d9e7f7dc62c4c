#pragma once
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "pbx-core/element/world.hpp"
#include "pbx-core/ivr/dial_codes.hpp"
#include "pbx-core/model/directory.hpp"

namespace roamdesk::element {

struct Options {
  std::string domain;  // sip.domain: realm, and the host of every address of record
  Settings defaults;   // of the configuration file; in force until the store has others
  std::string software = "Roamdesk/" ROAMDESK_VERSION;
};

// What the element's parts share: the records, the time of the event being handled, and the way to the store.
class Context {
 public:
  Context(World& world, Unique unique, Options options)
      : world(world), unique(std::move(unique)), options(std::move(options)) {}

  World& world;
  Unique unique;
  Options options;
  Directory directory;
  Now now{};

  const Settings& settings() const { return directory.settings() ? *directory.settings() : options.defaults; }
  ivr::Codes codes() const { return ivr::codes_of(settings()); }

  // Applies `changes` to the directory once they are durable, then says so; after a failure nothing is applied.
  void commit(Changes changes, std::function<void(bool ok)> then = nullptr) {
    const auto ticket = ++last_ticket_;
    waiting_.emplace(ticket, Waiting{changes, std::move(then)});
    world.commit(std::move(changes), ticket);
  }
  void stored(std::uint64_t ticket, bool ok) {
    const auto found = waiting_.find(ticket);
    if (found == waiting_.end()) return;
    const Waiting waiting = std::move(found->second);
    waiting_.erase(found);
    if (ok) directory.apply(waiting.changes);
    if (waiting.then) waiting.then(ok);
  }

  // What nobody waits for.
  void audit(std::string action, std::string actor, std::string origin, std::string subject, std::string detail = {}) {
    AuditRecord record;
    record.at = now.wall;
    record.action = std::move(action);
    record.actor = std::move(actor);
    record.origin = std::move(origin);
    record.subject = std::move(subject);
    record.detail = std::move(detail);
    commit({AppendAudit{std::move(record)}});
  }

 private:
  struct Waiting {
    Changes changes;
    std::function<void(bool)> then;
  };
  std::uint64_t last_ticket_ = 0;
  std::map<std::uint64_t, Waiting> waiting_;
};

}  // namespace roamdesk::element
