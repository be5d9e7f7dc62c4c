#include "pbx-core/administration/administration.hpp"

namespace roamdesk::administration {

using api::Outcome;

void Administration::create_desk(api::NewDesk wanted, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, wanted = std::move(wanted), actor = std::move(actor)](api::Done respond) {
    if (const HotDesk* there = directory().desk_of(wanted.mac))
      return respond({Outcome::clash, "This MAC is the hot desk " + there->id.value() + " already."});
    if (const Phone* phone = directory().phone(wanted.mac); phone && phone->assigned && phone->extension)
      return respond({Outcome::clash,
                      "This MAC is the own phone of extension " + phone->extension->value() + "; forget it first."});
    if (!site_exists(wanted.site))
      return respond(
          {Outcome::refused, "There is no SBC " + wanted.site.value() + "; create it first, or use the method local."});
    if (!phones::is_supported(wanted.vendor))
      return respond({Outcome::refused, "Phones of this vendor can't be configured; see GET /models."});
    if (auto refused = no_such_location(wanted.emergency_location)) return respond(std::move(*refused));
    const auto id = directory().next_desk_id();
    HotDesk desk{id,
                 wanted.mac,
                 wanted.vendor,
                 wanted.model,
                 wanted.site,
                 wanted.sbc_address,
                 wanted.options,
                 Credentials{id.value(), Secret{unique_()}},
                 wanted.emergency_location};
    store({PutDesk{desk}}, actor, std::move(respond), [this, desk] {
      element_.submit(hotdesk::DeskDefined{desk.id, desk.site, desk.idle}, now_());
    });
  });
}

void Administration::change_desk(Mac mac, api::DeskPatch patch, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, patch = std::move(patch), actor = std::move(actor)](api::Done respond) {
    const HotDesk* before = directory().desk_of(mac);
    if (!before) return respond({Outcome::unknown, "No hot desk has this MAC."});
    HotDesk after = *before;
    if (patch.vendor) {
      if (!phones::is_supported(*patch.vendor))
        return respond({Outcome::refused, "Phones of this vendor can't be configured; see GET /models."});
      after.vendor = *patch.vendor;
    }
    if (patch.model) after.model = *patch.model;
    if (patch.options) patch.options(after.options);
    if (patch.emergency_location) {
      if (auto refused = no_such_location(*patch.emergency_location)) return respond(std::move(*refused));
      after.emergency_location = *patch.emergency_location;
    }
    if (patch.place) {
      if (!site_exists(patch.place->site))
        return respond({Outcome::refused, "There is no SBC " + patch.place->site.value() +
                                              "; create it first, or use the method local."});
      after.site = patch.place->site;
      after.sbc_address = patch.place->sbc_address;
    }
    Changes changes{PutDesk{after}};
    const Phone* phone = directory().phone(mac);
    if (phone && phone->assigned && phone->site != after.site) {
      Phone moved = *phone;
      moved.site = after.site;
      changes.push_back(PutPhone{std::move(moved)});
    }
    const bool moved = after.site != before->site;
    store(std::move(changes), actor, std::move(respond), [this, after, moved] {
      if (moved) element_.submit(hotdesk::DeskDefined{after.id, after.site, after.idle}, now_());
      element_.content_changed(after.mac, now_());
    });
  });
}

void Administration::delete_desk(Mac mac, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, actor = std::move(actor)](api::Done respond) {
    const HotDesk* desk = directory().desk_of(mac);
    if (!desk) return respond({Outcome::unknown, "No hot desk has this MAC."});
    const auto id = desk->id;
    const auto decide = [this, id, mac] {
      Changes changes;
      if (const Session* session = directory().session_at(id)) changes.push_back(EndSession{session->id, now_().wall});
      if (const Phone* phone = directory().phone(mac); phone && !phone->extension) {
        Phone after = *phone;
        after.assigned = false;  // its token is good for no phone meanwhile
        after.window_until.reset();
        changes.push_back(PutPhone{std::move(after)});
      }
      changes.push_back(DeleteDesk{id});
      return changes;
    };
    store_deletion(decide, actor, std::move(respond), [this, id, mac, actor] {
      element_.submit(hotdesk::DeskRemoved{id, actor.name}, now_());
      element_.forget(mac, now_());
    });
  });
}

void Administration::log_in(Mac mac, ExtensionNumber extension, api::Actor actor, api::Done done) {
  const HotDesk* desk = directory().desk_of(mac);
  if (!desk) return done({Outcome::unknown, "No hot desk has this MAC."});
  const bool by_console = actor.via == api::Surface::console;
  element_.log_in(
      desk->id, extension, actor.name, actor.origin, by_console,
      [done = std::move(done), extension](const hotdesk::LoginEnded& login) {
        if (const auto* granted = std::get_if<hotdesk::Granted>(&login.how))
          return done({granted->phone_present ? Outcome::ok : Outcome::later, ""});
        const auto& number = extension.value();
        switch (std::get<hotdesk::Refused>(login.how).fault) {
          case hotdesk::LoginFault::unknown_extension:
            return done({Outcome::refused, "There is no extension " + number + "."});
          case hotdesk::LoginFault::not_authorised:
            return done({Outcome::refused,
                         "Extension " + number + " is not authorised for hot desking; set hot_desking first."});
          case hotdesk::LoginFault::locked:
            return done({Outcome::refused, "Extension " + number + "'s logins are locked; unlock it first."});
          case hotdesk::LoginFault::elsewhere:
            return done(
                {Outcome::clash, "Extension " + number + " is logged in at another desk, and the policy is refuse."});
          case hotdesk::LoginFault::unknown_desk:
            return done({Outcome::unknown, "No hot desk has this MAC."});
          default:
            return done({Outcome::unavailable, "The login could not be stored; try again."});
        }
      },
      now_());
}

void Administration::log_out(Mac mac, api::Actor actor, api::Done done) {
  const HotDesk* desk = directory().desk_of(mac);
  if (!desk) return done({Outcome::unknown, "No hot desk has this MAC."});
  const auto reason = actor.via == api::Surface::console ? hotdesk::EndReason::admin : hotdesk::EndReason::api;
  element_.log_out(
      desk->id, reason, actor.name, actor.origin,
      [done = std::move(done)](bool was_logged_in) {
        if (was_logged_in)
          done({});
        else
          done({Outcome::unknown, "Nobody is logged in at this desk."});
      },
      now_());
}

}  // namespace roamdesk::administration
