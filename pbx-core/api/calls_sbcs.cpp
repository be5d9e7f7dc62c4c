#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

// False, and the call has failed, where the path's name can't be an SBC's.
bool name_fine(const CallPtr& call) {
  const Fault fault = check_sbc_name(call->parameters[0]);
  if (fault) call->fail({422, "The name in the path " + *fault, "name"});
  return !fault;
}

}  // namespace

void list_sbcs(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.sbcs(); },
               [call](std::vector<SbcView> all) { call->answer(200, to_json(all)); });
}

void show_sbc(Service& service, const CallPtr& call) {
  if (!name_fine(call)) return;
  service.read([name = call->parameters[0]](const Domain& domain) { return domain.sbc(name); },
               [call](std::optional<SbcView> view) {
                 if (!view) return call->fail({404, "There is no SBC " + call->parameters[0], "name"});
                 call->answer(200, to_json(*view));
               });
}

void create_sbc(Service& service, const CallPtr& call) {
  Reader reader(call->body, {"name", "time_zone", "emergency_location"});
  NewSbc sbc{reader.required("name", "branch-1"), reader.text("time_zone"),
             reader.text_or_none("emergency_location").value_or("")};
  reader.refuse("name", check_sbc_name(sbc.name));
  if (sbc.time_zone) reader.refuse("time_zone", time_zone_fault(*sbc.time_zone));
  if (call->failed(reader)) return;
  service.command_for_key(
      call, {"sbc.created", sbc.name, ""},
      [sbc](Domain& domain, const Actor& actor, Domain::KeyDone done) {
        domain.create_sbc(sbc, actor, std::move(done));
      },
      [call, name = sbc.name](const Secret& key) {
        http::Response response = json_response(201, json::object{{"name", name}, {"enrolment_key", key.reveal()}});
        response.fields.push_back({"Location", "/api/v1/sbcs/" + name});
        call->respond(std::move(response));
      });
}

void renew_enrolment_key(Service& service, const CallPtr& call) {
  if (!name_fine(call)) return;
  const std::string name = call->parameters[0];
  service.command_for_key(
      call, {"sbc.enrolment_key_made", name, ""},
      [name](Domain& domain, const Actor& actor, Domain::KeyDone done) {
        domain.renew_enrolment_key(name, actor, std::move(done));
      },
      [call, name](const Secret& key) {
        call->answer(201, json::object{{"name", name}, {"enrolment_key", key.reveal()}});
      });
}

void patch_sbc(Service& service, const CallPtr& call) {
  if (!name_fine(call)) return;
  Reader reader(call->body, {"time_zone", "emergency_location", "srtp", "provisioning"});
  const auto zone = reader.text("time_zone"), location = reader.text_or_none("emergency_location");
  if (zone) reader.refuse("time_zone", time_zone_fault(*zone));
  const auto srtp = reader.word<Srtp>("srtp");
  const auto scheme = reader.word<ProvisioningScheme>("provisioning");
  const bool srtp_as_set = reader.null("srtp"), scheme_as_set = reader.null("provisioning");
  if (!zone && !location && !srtp && !srtp_as_set && !scheme && !scheme_as_set)
    reader.malformed("time_zone", "is missing; it, emergency_location, srtp or provisioning is expected");
  if (call->failed(reader)) return;
  const std::string name = call->parameters[0];
  service.command(
      call, {"sbc.changed", name, members_of(call->body)},
      [=](Domain& domain, const Actor& actor, Done done) {
        domain.change(
            [=](const Directory& directory) -> Domain::Decision {
              const Sbc* known = directory.sbc(name);
              if (!known) return Answer{Outcome::unknown, "There is no SBC " + name};
              if (const Fault unknown = unknown_location(directory, location.value_or("")))
                return Answer{Outcome::refused, *unknown};
              Sbc sbc = *known;
              if (zone) sbc.time_zone = *zone;
              if (location) sbc.emergency_location = *location;
              if (srtp || srtp_as_set) sbc.srtp = srtp;
              if (scheme || scheme_as_set) sbc.provisioning = scheme;
              return Changes{PutSbc{std::move(sbc)}};
            },
            actor, std::move(done));
      },
      [&service, call, name](Outcome outcome) {
        service.answer_with(call, status_of(outcome), [name](const Domain& domain) -> std::optional<json::object> {
          const auto view = domain.sbc(name);
          if (!view) return std::nullopt;
          return to_json(*view);
        });
      });
}

void delete_sbc(Service& service, const CallPtr& call) {
  if (!name_fine(call)) return;
  const std::string name = call->parameters[0];
  service.command(
      call, {"sbc.deleted", name, ""},
      [name](Domain& domain, const Actor& actor, Done done) { domain.delete_sbc(name, actor, std::move(done)); },
      [call](Outcome) { call->no_content(); });
}

}  // namespace roamdesk::api
