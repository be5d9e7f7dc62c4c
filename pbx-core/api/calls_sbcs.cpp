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

// What a PATCH says of an SBC's settings: null goes back to its own file.
class WishesPatch {
 public:
  explicit WishesPatch(Reader& reader)
      : has_level_(reader.has("log_level")),
        has_sip_(reader.has("sip_dscp")),
        has_rtp_(reader.has("rtp_dscp")),
        to_{reader.word<LogLevel>("log_level"), dscp(reader, "sip_dscp"), dscp(reader, "rtp_dscp")} {}
  bool empty() const { return !has_level_ && !has_sip_ && !has_rtp_; }
  void apply(SbcWishes& wishes) const {
    if (has_level_) wishes.log_level = to_.log_level;
    if (has_sip_) wishes.sip_dscp = to_.sip_dscp;
    if (has_rtp_) wishes.rtp_dscp = to_.rtp_dscp;
  }

 private:
  static std::optional<std::uint8_t> dscp(Reader& reader, std::string_view name) {
    if (reader.null(name)) return std::nullopt;
    const auto number = reader.integer(name);
    if (number && (*number < 0 || *number > 63))
      reader.refuse(
          name, Fault{"is no DSCP; 0 to 63 is expected, 46 (EF) for speech, or null for what the SBC's own file says"});
    return number && *number >= 0 && *number <= 63 ? std::optional{static_cast<std::uint8_t>(*number)} : std::nullopt;
  }
  bool has_level_, has_sip_, has_rtp_;
  SbcWishes to_;
};

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
  Reader reader(call->body,
                {"time_zone", "emergency_location", "srtp", "provisioning", "log_level", "sip_dscp", "rtp_dscp"});
  const auto zone = reader.text("time_zone"), location = reader.text_or_none("emergency_location");
  if (zone) reader.refuse("time_zone", time_zone_fault(*zone));
  const auto srtp = reader.word<Srtp>("srtp");
  const auto scheme = reader.word<ProvisioningScheme>("provisioning");
  const bool srtp_as_set = reader.null("srtp"), scheme_as_set = reader.null("provisioning");
  const WishesPatch wishes{reader};
  if (!zone && !location && !srtp && !srtp_as_set && !scheme && !scheme_as_set && wishes.empty())
    reader.malformed("time_zone",
                     "is missing; it, emergency_location, srtp, provisioning, log_level, sip_dscp or rtp_dscp is "
                     "expected");
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
              wishes.apply(sbc.wishes);
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
