#include <algorithm>

#include "pbx-core/administration/administration.hpp"

namespace roamdesk::administration {

using api::Outcome;

void Administration::create_sbc(api::NewSbc wanted, api::Actor actor, KeyDone done) {
  auto key = std::make_shared<Secret>();
  queue([key, done = std::move(done)](api::Answer answer) { done(std::move(answer), std::move(*key)); },
        [this, wanted = std::move(wanted), key, actor = std::move(actor)](api::Done respond) {
          if (directory().sbc(wanted.name))
            return respond({Outcome::clash, "There is an SBC " + wanted.name + " already; POST /sbcs/" + wanted.name +
                                                "/enrolment-key makes it a new key."});
          if (auto refused = no_such_location(wanted.emergency_location)) return respond(std::move(*refused));
          Sbc sbc;
          sbc.name = wanted.name;
          sbc.emergency_location = wanted.emergency_location;
          sbc.time_zone = wanted.time_zone.value_or(element_.local_time_zone());
          auto made = door_.make_enrolment_key(sbc);
          store({PutSbc{std::move(sbc)}}, actor, std::move(respond), [key, made = std::move(made)] { *key = made; });
        });
}

void Administration::renew_enrolment_key(std::string name, api::Actor actor, KeyDone done) {
  auto key = std::make_shared<Secret>();
  queue([key, done = std::move(done)](api::Answer answer) { done(std::move(answer), std::move(*key)); },
        [this, name = std::move(name), key, actor = std::move(actor)](api::Done respond) {
          const Sbc* known = directory().sbc(name);
          if (!known) return respond({Outcome::unknown, "There is no SBC " + name + "."});
          Sbc sbc = *known;
          auto made = door_.make_enrolment_key(sbc);
          store({PutSbc{std::move(sbc)}}, actor, std::move(respond), [key, made = std::move(made)] { *key = made; });
        });
}

void Administration::delete_sbc(std::string name, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, name = std::move(name), actor = std::move(actor)](api::Done respond) {
    if (!directory().sbc(name)) return respond({Outcome::unknown, "There is no SBC " + name + "."});
    for (const auto& [id, desk] : directory().desks())
      if (desk.site.value() == name)
        return respond({Outcome::clash, "The hot desk " + id.value() + " lives there; delete it or move it first."});
    for (const auto& [trunk, record] : directory().all<Trunk>())
      if (record.site.value() == name)
        return respond({Outcome::clash, "The trunk " + trunk + " stands there; delete it or move it first."});
    for (const auto& [rule, record] : directory().all<OutboundRule>())
      if (std::find(record.sites.begin(), record.sites.end(), SiteId{name}) != record.sites.end())
        return respond({Outcome::clash, "The outbound rule \"" + rule + "\" is for it; change or delete it first."});
    Changes changes;
    std::vector<Mac> gone;
    for (const auto& [mac, phone] : directory().phones()) {
      if (phone.site.value() != name) continue;
      changes.push_back(DeletePhone{mac});
      gone.push_back(mac);
    }
    changes.push_back(DeleteSbc{name});
    store(std::move(changes), actor, std::move(respond), [this, name, gone] {
      door_.kick(name);
      for (const Mac& mac : gone) element_.forget(mac, now_());
      element_.clear_discoveries(SiteId{name});
    });
  });
}

}  // namespace roamdesk::administration
