#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exchange/element/touched.hpp"
#include "exchange/element/world.hpp"
#include "exchange/model/directory.hpp"
#include "exchange/model/site_of.hpp"
#include "exchange/routing/dial_codes.hpp"

namespace roamdesk::element {

struct Options {
  std::string domain;  // sip.domain: realm, and the host of every address of record
  Settings defaults;   // of the configuration file; in force until the store has others
  std::string software = "Roamdesk/" ROAMDESK_VERSION;
  std::string authority{};  // PEM: whom phones are told to trust; "" for nobody, and then no phone has HTTPS
};

// What the element's parts share: the records, the time of the event being handled, and the way to the store.
class Context {
 public:
  Context(World& outside, Unique tokens, Options given)
      : world(outside), unique(std::move(tokens)), options(std::move(given)) {}

  World& world;
  Unique unique;
  Options options;
  Directory directory;
  Now now{};
  // What the directory says of the extension's account, session or phones has changed, or may have.
  std::function<void(const ExtensionNumber&)> extension_changed;

  const Settings& settings() const { return directory.settings() ? *directory.settings() : options.defaults; }
  routing::Codes codes() const { return routing::codes_of(settings()); }
  WallTime wall(TimePoint mono) const {
    return now.wall + std::chrono::duration_cast<std::chrono::milliseconds>(mono - now.mono);
  }

  // Applies `changes` to the directory once they are durable, then says so; after a failure nothing is applied.
  void commit(Changes changes, std::function<void(bool ok)> then = nullptr) {
    note_sites(changes, directory);
    const StoreTicket ticket{++last_ticket_};
    std::vector<Mac> phones;
    for (const auto& change : changes)
      if (const auto mac = phone_of(change)) {
        ++phones_under_way_[*mac];
        phones.push_back(*mac);
      }
    waiting_.emplace(ticket, Waiting{changes, std::move(phones), std::move(then)});
    world.commit(std::move(changes), ticket);
  }
  void stored(StoreTicket ticket, bool ok) {
    auto waiting = waiting_.extract(ticket);
    if (!waiting) return;
    auto& [changes, phones, then] = waiting.mapped();
    if (ok) apply(std::move(changes));
    if (then) then(ok);
    for (const Mac& phone : phones) phone_stored(phone);
  }

  // Changes what is known of one phone: `change` gets the record as it is when nothing else of it is under way to the
  // store, so that a phone's own word never undoes a change that an administrator has just made. `change` may make
  // a new record (`known` is false), or leave it as it is (returns false).
  using PhoneChange = std::function<bool(Phone& phone, bool known)>;
  void change_phone(const Mac& mac, PhoneChange change, std::function<void()> then = nullptr) {
    if (phones_under_way_.contains(mac)) {
      phone_changes_[mac].emplace_back(std::move(change), std::move(then));
      return;
    }
    const Phone* known = directory.phone(mac);
    Phone phone = known ? *known : Phone{.mac = mac};
    if (!change(phone, known != nullptr)) return;
    commit({PutPhone{std::move(phone)}}, [this, mac, then = std::move(then)](bool ok) {
      if (!ok) return;
      if (then) then();
      world.publish(PhoneChanged{mac});
    });
  }

  // No part waits for it.
  void audit(std::string action, std::string actor, std::string origin, std::string subject, std::string detail = {},
             bool again = false) {
    AuditRecord record;
    record.at = now.wall;
    record.action = std::move(action);
    record.actor = std::move(actor);
    record.origin = std::move(origin);
    record.subject = std::move(subject);
    record.detail = std::move(detail);
    record.again = again;
    commit({AppendAudit{std::move(record)}});
  }

 private:
  void apply(Changes changes) {
    const auto touched = extensions_touched(changes, directory);
    directory.apply(std::move(changes));
    if (extension_changed)
      for (const auto& extension : touched) extension_changed(extension);
  }

  // A deletion is under way like a change: a change of the phone meanwhile would bring it back.
  static std::optional<Mac> phone_of(const Change& change) {
    if (const auto* put = std::get_if<PutPhone>(&change)) return put->phone.mac;
    if (const auto* gone = std::get_if<DeletePhone>(&change)) return gone->mac;
    return std::nullopt;
  }
  void phone_stored(const Mac& mac) {
    const auto found = phones_under_way_.find(mac);
    if (found == phones_under_way_.end() || --found->second > 0) return;
    phones_under_way_.erase(found);
    // A change that leaves the record as it is puts nothing under way: then it is the next one's turn.
    while (!phones_under_way_.contains(mac)) {
      const auto next = phone_changes_.find(mac);
      if (next == phone_changes_.end()) return;
      auto [change, then] = std::move(next->second.front());
      next->second.pop_front();
      if (next->second.empty()) phone_changes_.erase(next);
      change_phone(mac, std::move(change), std::move(then));
    }
  }

  struct Waiting {
    Changes changes;
    std::vector<Mac> phones;  // whose records they change
    std::function<void(bool)> then;
  };
  std::uint64_t last_ticket_ = 0;
  std::map<StoreTicket, Waiting> waiting_;
  std::map<Mac, unsigned> phones_under_way_;
  std::map<Mac, std::deque<std::pair<PhoneChange, std::function<void()>>>> phone_changes_;
};

}  // namespace roamdesk::element
