#include "pbx-core/administration/administration.hpp"

#include <algorithm>
#include <map>

#include "exchange/model/location_of.hpp"
#include "exchange/routing/emergency_numbers.hpp"
#include "pbx-core/api/differences.hpp"

namespace roamdesk::administration {

void Administration::queue(api::Done done, Job job) {
  jobs_.emplace_back(std::move(done), std::move(job));
  if (!busy_) run_next();
}

void Administration::run_next() {
  if (jobs_.empty()) return;
  busy_ = true;
  auto [done, job] = std::move(jobs_.front());
  jobs_.pop_front();
  job([this, reply = std::move(done)](api::Answer answer) {
    busy_ = false;
    reply(std::move(answer));
    if (!busy_) run_next();
  });
}

// With what the changes make other than it is: it is their turn.
void Administration::record(Changes& changes, const api::Actor& actor) const {
  if (!actor.change) return;
  AuditRecord record = *actor.change;
  record.changes = api::differences(changes, directory(), settings());
  changes.push_back(AppendAudit{std::move(record)});
}

void Administration::store(Changes changes, const api::Actor& actor, api::Done done, std::function<void()> then) {
  if (actor.still && !actor.still(*this)) return done(api::stale_answer());
  record(changes, actor);
  element_.commit(
      std::move(changes),
      [this, done = std::move(done), then = std::move(then)](bool ok) {
        if (!ok)
          return done({api::Outcome::unavailable, "It could not be stored; nothing was changed. See the core's log."});
        touched_ = true;
        if (then) then();
        done({});
      },
      now_());
}

void Administration::store_deletion(std::function<Changes()> decide, const api::Actor& actor, api::Done done,
                                    std::function<void()> then) {
  if (actor.still && !actor.still(*this)) return done(api::stale_answer());
  auto changes = decide();
  record(changes, actor);
  element_.commit(
      std::move(changes),
      [this, decide = std::move(decide), actor, done = std::move(done), then = std::move(then)](bool ok) mutable {
        if (!ok) return store(decide(), actor, std::move(done), std::move(then));
        touched_ = true;
        if (then) then();
        done({});
      },
      now_());
}

void Administration::store_places(Changes changes, const api::Actor& actor, api::Done done,
                                  std::function<void()> then) {
  const auto places = [](const Change& change) {
    return std::holds_alternative<Put<Location>>(change) || std::holds_alternative<Delete<Location>>(change) ||
           std::holds_alternative<PutSbc>(change) || std::holds_alternative<PutPhone>(change) ||
           std::holds_alternative<PutSettings>(change);
  };
  if (std::none_of(changes.begin(), changes.end(), places))
    return store(std::move(changes), actor, std::move(done), std::move(then));
  const auto numbers_of_phones = [this] {
    std::map<Mac, std::vector<std::string>> all;
    const auto codes = routing::codes_of(settings());
    for (const auto& [mac, phone] : directory().phones())
      if (phone.assigned)
        all.emplace(mac, routing::emergency_numbers(codes, location_of(directory(), settings(), phone.site, mac)));
    return all;
  };
  store(std::move(changes), actor, std::move(done),
        [this, before = numbers_of_phones(), numbers_of_phones, then = std::move(then)] {
          if (then) then();
          // They stand in its file.
          for (const auto& [mac, numbers] : numbers_of_phones())
            if (const auto known = before.find(mac); known != before.end() && known->second != numbers)
              element_.content_changed(mac, now_());
        });
}

std::optional<api::Answer> Administration::no_such_location(const std::string& name) const {
  auto unknown = unknown_location(directory(), name);
  return unknown ? std::optional{api::Answer{api::Outcome::refused, std::move(*unknown)}} : std::nullopt;
}

void Administration::change(Decide decide, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, decide = std::move(decide), actor = std::move(actor)](api::Done respond) {
    if (actor.still && !actor.still(*this)) return respond(api::stale_answer());
    auto decision = decide(directory());
    if (auto* answer = std::get_if<api::Answer>(&decision)) return respond(std::move(*answer));
    const Changes changes = std::move(std::get<Changes>(decision));
    // What is for an SBC itself stands in no phone's file.
    const auto is_for_sbc_alone = [this](const Change& one) {
      const auto* put = std::get_if<PutSbc>(&one);
      const Sbc* known = put ? directory().sbc(put->record.name) : nullptr;
      if (!known) return false;
      Sbc with = *known;
      with.wishes = put->record.wishes;
      return with == put->record;
    };
    const bool quiet = std::all_of(changes.begin(), changes.end(), is_for_sbc_alone);
    store_places(changes, actor, std::move(respond), [this, changes, quiet] {
      for (const Change& one : changes)
        if (const auto* put = std::get_if<PutSbc>(&one)) door_.configure(put->record);
      if (quiet) return;
      for (const Change& one : changes) follow(one);
    });
  });
}

void Administration::follow(const Change& change) {
  if (const auto* trunk = std::get_if<Put<Trunk>>(&change)) return element_.trunk_changed(trunk->record.name, now_());
  if (const auto* gone = std::get_if<Delete<Trunk>>(&change)) return element_.trunk_changed(gone->key, now_());
  if (std::holds_alternative<Put<FirmwarePin>>(change)) return element_.look_at_firmware(now_());
  if (const auto* snippet = std::get_if<Put<Snippet>>(&change)) return snippet_changed(snippet->record.model);
  if (const auto* snippet = std::get_if<Delete<Snippet>>(&change)) return snippet_changed(snippet->key);
  if (const auto* phone = std::get_if<PutPhone>(&change)) return element_.content_changed(phone->phone.mac, now_());
  const auto* put = std::get_if<PutSbc>(&change);
  if (!put) return;
  // Its time zone, and SRTP, stand in the files of its phones.
  for (const auto& [mac, phone] : directory().phones())
    if (phone.assigned && phone.site.value() == put->record.name) element_.content_changed(mac, now_());
}

bool Administration::site_exists(const SiteId& site) const {
  return site == local_site() || directory().sbc(site.value()) != nullptr;
}

std::vector<Mac> Administration::phones_showing(const ExtensionNumber& number) const {
  std::vector<Mac> macs;
  if (const Session* session = directory().session_of(number))
    if (const HotDesk* desk = directory().desk(session->desk)) macs.push_back(desk->mac);
  for (const Phone* phone : directory().phones_of(number)) macs.push_back(phone->mac);
  return macs;
}

}  // namespace roamdesk::administration
