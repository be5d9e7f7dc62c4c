#include "exchange/provisioning/service.hpp"
#include "exchange/provisioning/web_password.hpp"
#include "pbx-core/administration/administration.hpp"

namespace roamdesk::administration {

using api::Outcome;

namespace {

std::string cant_serve(const Phone& phone) {
  const auto by_mac = phones::vendor_of(phone.mac);
  const auto vendor = by_mac == phones::Vendor::unknown ? phone.vendor : by_mac;
  if (vendor == phones::Vendor::unknown)
    return "Who made this phone isn't known: its MAC is no vendor's in GET /models, and it hasn't asked for a "
           "configuration. Let it ask, or define a hot desk with its vendor.";
  return "Phones of " + std::string{phones::display_name(vendor)} + " can't be configured; see GET /models.";
}

}  // namespace

std::variant<std::optional<Endpoint>, api::Answer> Administration::meant(const Mac& mac, const SiteId& site,
                                                                         bool any_site,
                                                                         const std::optional<api::PhoneAt>& at) const {
  const auto announced = element_.onboarding().discoveries().announced_by(mac, now_().mono);
  std::string all;
  for (const auto& one : announced)
    all += (all.empty() ? "" : ", ") + to_string(one.source.ip) + " (" + one.source.site.value() + ")";
  if (!at) {
    if (announced.size() <= 1) return std::nullopt;
    return api::Answer{Outcome::clash, "Several devices say that they are this phone: " + all +
                                           R"(. Name the address of the right one: {"address": ")" +
                                           to_string(announced.front().source.ip) + "\"}."};
  }
  for (const auto& one : announced)
    if (one.source.ip == at->ip && one.source.site == at->site.value_or(any_site ? one.source.site : site))
      return std::optional{one.at};
  return api::Answer{Outcome::clash, "This phone wasn't announced from " + to_string(at->ip) +
                                         (any_site ? "" : " at the desk's site") +
                                         (all.empty() ? ", nor from anywhere else." : "; it was from " + all + ".")};
}

void Administration::assign_phone(Mac mac, std::optional<ExtensionNumber> extension, std::optional<api::PhoneAt> at,
                                  api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, extension, at, actor = std::move(actor)](api::Done respond) {
    const Phone* known = directory().phone(mac);
    const HotDesk* desk = directory().desk_of(mac);
    if (extension && !directory().extension(*extension))
      return respond({Outcome::unknown, "There is no extension " + extension->value() + "."});
    if (extension && desk)
      return respond({Outcome::clash, "This MAC is the hot desk " + desk->id.value() +
                                          "; delete that first, or assign without an extension."});
    if (!extension && !desk)
      return respond(
          {Outcome::clash,
           "No hot desk is defined for this MAC; define one, or name an extension to make it a person's own phone."});
    const auto which = meant(mac, desk ? desk->site : SiteId{}, desk == nullptr, at);
    if (const auto* problem = std::get_if<api::Answer>(&which)) return respond(*problem);
    const auto& chosen = std::get<std::optional<Endpoint>>(which);

    const auto seen = element_.onboarding().unassigned(mac);
    Phone phone = known && known->assigned ? *known : seen ? *seen : Phone{.mac = mac};
    if (!known && !seen) {
      phone.first_seen = now_().wall;
      phone.vendor = phones::vendor_of(mac);
      phone.site = local_site();
    }
    if (chosen && !desk)
      for (const auto& one : element_.onboarding().discoveries().announced_by(mac, now_().mono))
        if (one.at == *chosen && (!at->site || *at->site == one.source.site)) phone.site = one.source.site;
    // A desk is where its administrator says; a dedicated phone is where it was seen.
    if (desk) phone.site = desk->site;
    phone.assigned = true;
    phone.extension = extension;
    if (!element_.views().can_serve(phone)) return respond({Outcome::refused, cant_serve(phone)});
    if (extension)
      phone.credentials = Credentials{unique_(), Secret{unique_()}};
    else
      phone.credentials.reset();
    phone.needs_restart = false;
    phone.web_password = provisioning::make_web_password(unique_());
    // A phone that has had a URL goes on fetching by it, through another desk or person too: all of its tokens are its.
    provisioning::open_window(phone, unique_(), now_().wall, chosen);
    phone.tokens_since = {};
    const bool reassigned = known && known->assigned;
    store({PutPhone{std::move(phone)}}, actor, std::move(respond), [this, mac, reassigned] {
      if (reassigned) element_.forget(mac, now_());
      element_.provision(mac, now_());
    });
  });
}

void Administration::provision_phone(Mac mac, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, actor = std::move(actor)](api::Done respond) {
    const Phone* known = directory().phone(mac);
    if (!known && !element_.onboarding().unassigned(mac))
      return respond({Outcome::unknown, "No phone with this MAC has been seen."});
    if (!known || !known->assigned) return respond({Outcome::clash, "This phone is not assigned; assign it first."});
    Phone phone = *known;
    provisioning::open_window(phone, unique_(), now_().wall);
    phone.tokens_since = {};  // whatever URL it has kept
    store({PutPhone{std::move(phone)}}, actor, std::move(respond), [this, mac] { element_.provision(mac, now_()); });
  });
}

void Administration::restart_phone(Mac mac, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, actor = std::move(actor)](api::Done respond) {
    const Phone* known = directory().phone(mac);
    if (!known && !element_.onboarding().unassigned(mac))
      return respond({Outcome::unknown, "No phone with this MAC has been seen."});
    if (!known || !known->assigned) return respond({Outcome::clash, "This phone is not assigned; assign it first."});
    const auto vendor = element_.views().vendor_of(*known);
    if (!phones::can_be_restarted(vendor))
      return respond({Outcome::refused, std::string{phones::display_name(vendor)} +
                                            " phones can't be told to restart; they restart by themselves where what "
                                            "they fetch needs it."});
    if (!element_.is_online(mac)) return respond({Outcome::clash, "This phone isn't registered: it can't be told."});
    store({}, actor, std::move(respond), [this, mac] { element_.restart_phone(mac, now_()); });
  });
}

void Administration::forget_phone(Mac mac, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, actor = std::move(actor)](api::Done respond) {
    if (!directory().phone(mac) && !element_.onboarding().unassigned(mac))
      return respond({Outcome::unknown, "No phone with this MAC has been seen."});
    take_away(DeletePhone{mac}, mac, actor, std::move(respond));
  });
}

void Administration::unassign_phone(Mac mac, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, mac, actor = std::move(actor)](api::Done respond) {
    const Phone* known = directory().phone(mac);
    if (!known && !element_.onboarding().unassigned(mac))
      return respond({Outcome::unknown, "No phone with this MAC has been seen."});
    if (!known || !known->assigned) return respond({Outcome::clash, "This phone is not assigned."});
    Phone phone = *known;
    phone.assigned = false;
    phone.extension.reset();
    phone.credentials.reset();
    phone.window_until.reset();
    phone.needs_restart = false;
    take_away(PutPhone{std::move(phone)}, mac, actor, std::move(respond));
  });
}

void Administration::take_away(Change change, const Mac& mac, const api::Actor& actor, api::Done respond) {
  Changes changes;
  const HotDesk* desk = directory().desk_of(mac);
  const Session* session = desk ? directory().session_at(desk->id) : nullptr;
  if (session) changes.push_back(EndSession{session->id, now_().wall});
  if (desk) {
    // Whatever the phone knows is good for nothing any more, also once the MAC is assigned again.
    changes.push_back(RenewIdle{desk->id, {unique_(), Secret{unique_()}}, now_().wall});
    changes.push_back(ForgetOldCredentials{desk->id, ""});
  }
  changes.push_back(std::move(change));
  store(std::move(changes), actor, std::move(respond), [this, mac, actor, id = desk ? desk->id : HotDeskId{}] {
    if (const HotDesk* left = directory().desk(id)) {
      element_.submit(hotdesk::DeskRemoved{id, actor.name}, now_());
      element_.submit(hotdesk::DeskDefined{id, left->site, left->idle}, now_());
    }
    element_.forget(mac, now_());
  });
}

void Administration::clear_phones(std::optional<SiteId> site, api::Actor actor, std::function<void(std::size_t)> done) {
  const std::size_t count = element_.clear_discoveries(site);
  store({}, actor, [done = std::move(done), count](const api::Answer&) { done(count); }, {});
}

std::optional<Secret> Administration::web_password(const Mac& mac) const {
  const Phone* phone = directory().phone(mac);
  return phone && phone->assigned ? std::optional{phone->web_password} : std::nullopt;
}

}  // namespace roamdesk::administration
