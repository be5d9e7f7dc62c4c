#include "pbx-core/administration/administration.hpp"
#include "pbx-core/provisioning/service.hpp"

namespace roamdesk::administration {

using api::Outcome;

void Administration::assign_phone(Mac mac, std::optional<ExtensionNumber> extension, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, extension, actor = std::move(actor)](api::Done done) {
    const Phone* known = directory().phone(mac);
    const HotDesk* desk = directory().desk_of(mac);
    if (extension && !directory().extension(*extension))
      return done({Outcome::unknown, "There is no extension " + extension->value() + "."});
    if (extension && desk)
      return done({Outcome::clash, "This MAC is the hot desk " + desk->id.value() +
                                       "; delete that first, or assign without an extension."});
    if (!extension && !desk)
      return done(
          {Outcome::clash,
           "No hot desk is defined for this MAC; define one, or name an extension to make it a person's own phone."});

    Phone phone = known ? *known : Phone{.mac = mac};
    if (!known) {
      phone.first_seen = now_().wall;
      phone.vendor = phones::to_string(phones::vendor_of(mac));
      phone.site = local_site();
    }
    // A desk is where its administrator says; a dedicated phone is where it was seen.
    if (desk) phone.site = desk->site;
    phone.assigned = true;
    phone.extension = extension;
    if (extension)
      phone.credentials = Credentials{unique_(), Secret{unique_()}};
    else
      phone.credentials.reset();
    phone.needs_restart = false;
    // A phone that has had a URL there keeps it, through another desk or person too: that is where it will ask, and a
    // new token would strand it where it is off at this moment, or believes that it is configured.
    const bool same_url = known && !known->token.empty() && known->site == phone.site;
    provisioning::open_window(phone, same_url ? known->token : unique_(), now_().wall);
    const bool reassigned = known && known->assigned;
    store({PutPhone{std::move(phone)}}, std::move(done), [this, mac, reassigned] {
      if (reassigned) element_.forget(mac, now_());
      element_.provision(mac, now_());
    });
  });
}

void Administration::provision_phone(Mac mac, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, actor = std::move(actor)](api::Done done) {
    const Phone* known = directory().phone(mac);
    if (!known) return done({Outcome::unknown, "No phone with this MAC has been seen."});
    if (!known->assigned) return done({Outcome::clash, "This phone is not assigned; assign it first."});
    Phone phone = *known;
    // A phone that has a URL keeps it: a new one would strand it if it is off at this moment.
    provisioning::open_window(phone, phone.token.empty() ? unique_() : phone.token, now_().wall);
    store({PutPhone{std::move(phone)}}, std::move(done), [this, mac] { element_.provision(mac, now_()); });
  });
}

void Administration::forget_phone(Mac mac, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, actor = std::move(actor)](api::Done done) {
    if (!directory().phone(mac)) return done({Outcome::unknown, "No phone with this MAC has been seen."});
    Changes changes;
    const HotDesk* desk = directory().desk_of(mac);
    const Session* session = desk ? directory().session_at(desk->id) : nullptr;
    if (session) changes.push_back(EndSession{session->id, now_().wall});
    if (desk) {
      // Whatever the phone knows is good for nothing any more, also once the MAC is assigned again.
      changes.push_back(RenewIdle{desk->id, {unique_(), Secret{unique_()}}, now_().wall});
      changes.push_back(ForgetOldCredentials{desk->id, ""});
    }
    changes.push_back(DeletePhone{mac});
    store(std::move(changes), std::move(done), [this, mac, actor, id = desk ? desk->id : HotDeskId{}] {
      if (const HotDesk* left = directory().desk(id)) {
        element_.submit(hotdesk::DeskRemoved{id, actor.name}, now_());
        element_.submit(hotdesk::DeskDefined{id, left->site, left->idle}, now_());
      }
      element_.forget(mac, now_());
    });
  });
}

}  // namespace roamdesk::administration
