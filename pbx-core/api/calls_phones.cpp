#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {
namespace {

void answer_with_phone(Service& service, const CallPtr& call, unsigned status, const Mac& mac) {
  service.answer_with(call, status, [mac](const Domain& domain) -> std::optional<boost::json::object> {
    const auto view = domain.phone(mac);
    if (!view) return std::nullopt;
    return to_json(*view);
  });
}

}  // namespace

void list_phones(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.phones(); },
               [call](std::vector<PhoneView> all) { call->answer(200, to_json(all)); });
}

void show_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  service.read([mac](const Domain& domain) { return domain.phone(*mac); },
               [call, mac](std::optional<PhoneView> view) {
                 if (!view) return call->fail({404, "No phone with the MAC " + mac->text() + " has been seen", "mac"});
                 call->answer(200, to_json(*view));
               });
}

void assign_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  Reader reader(call->body, {"extension", "address", "site"});
  const auto extension = reader.text("extension"), address = reader.text("address"), site = reader.text("site");
  if (extension) reader.refuse("extension", check_number(*extension));
  std::optional<PhoneAt> at;
  if (address) {
    // As GET /phones has it, or without the port.
    const auto endpoint = parse_endpoint(*address);
    const auto ip = endpoint ? std::optional{endpoint->address} : parse_ip_host(*address);
    if (!ip) reader.refuse("address", Fault{"is not an address; one like \"192.168.1.77\" is expected"});
    at = PhoneAt{ip.value_or(IpAddress{}), site ? std::optional(SiteId{*site}) : std::nullopt};
  } else if (site) {
    reader.refuse("site", Fault{"stands without an address; both or the address alone are expected"});
  }
  if (call->failed(reader)) return;
  service.command(
      call, {"phone.assigned", mac->text(), extension ? "extension " + *extension : "hot desk"},
      [mac, extension, at](Domain& domain, const Actor& actor, Done done) {
        domain.assign_phone(*mac, extension ? std::optional(ExtensionNumber{*extension}) : std::nullopt, at, actor,
                            std::move(done));
      },
      [&service, call, mac](Outcome outcome) { answer_with_phone(service, call, status_of(outcome), *mac); });
}

// Of a person's own phone; what a hot desk is given stands at the desk.
void patch_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  Reader reader(call->body, {"emergency_location", "srtp"});
  const auto location = reader.text_or_none("emergency_location");
  const auto srtp = reader.word<Srtp>("srtp");
  const bool as_site = reader.null("srtp");
  if (!location && !srtp && !as_site)
    reader.malformed("emergency_location", "is missing; it (a location's name, or null) or srtp is expected");
  if (call->failed(reader)) return;
  service.command(
      call, {"phone.changed", mac->text(), members_of(call->body)},
      [mac, location, srtp, as_site](Domain& domain, const Actor& actor, Done done) {
        domain.change(
            [mac, location, srtp, as_site](const Directory& directory) -> Domain::Decision {
              const Phone* known = directory.phone(*mac);
              if (!known || !known->assigned)
                return Answer{Outcome::unknown, "No phone with the MAC " + mac->text() + " is assigned"};
              if (!known->extension)
                return Answer{Outcome::clash,
                              "This phone is a hot desk's; its location and srtp are set at the hot desk"};
              if (const Fault unknown = unknown_location(directory, location.value_or("")))
                return Answer{Outcome::refused, *unknown};
              Phone phone = *known;
              if (location) phone.emergency_location = *location;
              if (srtp || as_site) phone.srtp = srtp;
              return Changes{PutPhone{std::move(phone)}};
            },
            actor, std::move(done));
      },
      [&service, call, mac](Outcome outcome) { answer_with_phone(service, call, status_of(outcome), *mac); });
}

void provision_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  Reader reader(call->body, {});
  if (call->failed(reader)) return;
  service.command(
      call, {"phone.provisioned", mac->text(), ""},
      [mac](Domain& domain, const Actor& actor, Done done) { domain.provision_phone(*mac, actor, std::move(done)); },
      [&service, call, mac](Outcome outcome) { answer_with_phone(service, call, status_of(outcome), *mac); });
}

void restart_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  Reader reader(call->body, {});
  if (call->failed(reader)) return;
  service.command(
      call, {"phone.restarted", mac->text(), ""},
      [mac](Domain& domain, const Actor& actor, Done done) { domain.restart_phone(*mac, actor, std::move(done)); },
      [&service, call, mac](Outcome) { answer_with_phone(service, call, 202, *mac); });
}

void unassign_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  service.command(
      call, {"phone.unassigned", mac->text(), ""},
      [mac](Domain& domain, const Actor& actor, Done done) { domain.unassign_phone(*mac, actor, std::move(done)); },
      [call](Outcome) { call->no_content(); });
}

void forget_phone(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  service.command(
      call, {"phone.forgotten", mac->text(), ""},
      [mac](Domain& domain, const Actor& actor, Done done) { domain.forget_phone(*mac, actor, std::move(done)); },
      [call](Outcome) { call->no_content(); });
}

void clear_phones(Service& service, const CallPtr& call) {
  const auto state = call->request.query("state"), site = call->request.query("site");
  if (state != "new")
    return call->fail({422,
                       "state in the query says which phones to forget; only \"new\" can be, those that nobody has "
                       "assigned",
                       "state"});
  const auto of_site = site ? std::optional(SiteId{*site}) : std::nullopt;
  auto forgotten = std::make_shared<std::size_t>(0);
  service.command(
      call, {"phones.cleared", site.value_or(""), ""},
      [of_site, forgotten](Domain& domain, const Actor& actor, Done done) {
        domain.clear_phones(of_site, actor, [forgotten, done = std::move(done)](std::size_t count) {
          *forgotten = count;
          done({});
        });
      },
      [call, forgotten](Outcome) {
        call->answer(200, boost::json::object{{"forgotten", *forgotten}});
      });
}

void show_web_password(Service& service, const CallPtr& call) {
  const auto mac = call->mac();
  if (!mac) return;
  service.read(
      [mac](const Domain& domain) { return domain.web_password(*mac); },
      [call, mac](const std::optional<Secret>& password) {
        if (!password) return call->fail({404, "No phone with the MAC " + mac->text() + " is assigned", "mac"});
        auto response = json_response(200, boost::json::object{{"user", "admin"}, {"password", password->reveal()}});
        response.fields.push_back({"Cache-Control", "no-store"});
        call->respond(std::move(response));
      });
}

}  // namespace roamdesk::api
