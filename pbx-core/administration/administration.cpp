#include "pbx-core/administration/administration.hpp"

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

void Administration::store(Changes changes, const api::Actor& actor, api::Done done, std::function<void()> then) {
  if (actor.change) changes.push_back(AppendAudit{*actor.change});
  element_.commit(
      std::move(changes),
      [done = std::move(done), then = std::move(then)](bool ok) {
        if (!ok)
          return done({api::Outcome::unavailable, "It could not be stored; nothing was changed. See the core's log."});
        if (then) then();
        done({});
      },
      now_());
}

void Administration::store_deletion(std::function<Changes()> decide, const api::Actor& actor, api::Done done,
                                    std::function<void()> then) {
  auto changes = decide();
  if (actor.change) changes.push_back(AppendAudit{*actor.change});
  element_.commit(
      std::move(changes),
      [this, decide = std::move(decide), actor, done = std::move(done), then = std::move(then)](bool ok) mutable {
        if (!ok) return store(decide(), actor, std::move(done), std::move(then));
        if (then) then();
        done({});
      },
      now_());
}

void Administration::change(Decide decide, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, decide = std::move(decide), actor = std::move(actor)](api::Done respond) {
    auto decision = decide(directory());
    if (auto* answer = std::get_if<api::Answer>(&decision)) return respond(std::move(*answer));
    const Changes changes = std::move(std::get<Changes>(decision));
    store(changes, actor, std::move(respond), [this, changes] {
      for (const Change& one : changes) follow(one);
    });
  });
}

void Administration::follow(const Change& change) {
  if (const auto* trunk = std::get_if<Put<Trunk>>(&change)) return element_.trunk_changed(trunk->record.name, now_());
  if (const auto* gone = std::get_if<Delete<Trunk>>(&change)) return element_.trunk_changed(gone->key, now_());
  const auto* put = std::get_if<PutSbc>(&change);
  if (!put) return;
  // Its time zone stands in the files of its phones.
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
