#include <fmt/format.h>

#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

void read_codes(Reader& outer, Settings& settings) {
  const json::object* object = outer.object("codes");
  if (!object) return;
  Reader reader(*object, {"hot_desk", "logout"}, "codes.");
  if (auto code = reader.text("hot_desk")) settings.hot_desk_code = *code;
  if (auto code = reader.text("logout")) settings.logout_code = *code;
  outer.take(reader);
}

void read_hot_desk(Reader& outer, Settings& settings) {
  const json::object* object = outer.object("hot_desk");
  if (!object) return;
  Reader reader(*object, {"automatic_logout", "max_session", "when_already_logged_in"}, "hot_desk.");
  if (reader.null("automatic_logout")) settings.automatic_logout.reset();
  if (auto at = reader.text("automatic_logout")) {
    reader.refuse("automatic_logout", check_time_of_day(*at));
    settings.automatic_logout = *at;
  }
  if (reader.null("max_session")) settings.max_session.reset();
  if (const auto longest = reader.text("max_session")) {
    settings.max_session = parse_duration(*longest);
    if (!settings.max_session)
      reader.refuse("max_session",
                    Fault{"is not a duration; one like \"10h\" or \"90m\", 1 minute to 7 days, is expected"});
  }
  if (const auto policy = reader.text("when_already_logged_in")) {
    if (*policy != "move" && *policy != "refuse")
      reader.refuse("when_already_logged_in", Fault{"is none that we know; \"move\" or \"refuse\" is expected"});
    settings.move_when_already_logged_in = *policy == "move";
  }
  outer.take(reader);
}

void read_emergency(Reader& outer, Settings& settings) {
  const json::object* object = outer.object("emergency");
  if (!object) return;
  Reader reader(*object, {"numbers"}, "emergency.");
  if (auto numbers = reader.texts("numbers", 20)) {
    if (numbers->empty()) reader.refuse("numbers", Fault{"is empty; at least one number is expected, like \"112\""});
    settings.emergency_numbers = std::move(*numbers);
  }
  outer.take(reader);
}

void read_audit_days(Reader& reader, Settings& settings) {
  const auto days = reader.integer("audit_days");
  if (!days) return;
  if (*days < 1 || *days > 36'500)
    return reader.refuse("audit_days", Fault{"is out of range; 1 to 36500 days are expected"});
  settings.audit_days = static_cast<unsigned>(*days);
}

// Against each other and against every extension that there is.
std::optional<Problem> clash(const Settings& settings, const std::vector<ExtensionView>& extensions) {
  const ivr::Codes codes = ivr::codes_of(settings);
  if (const auto checked = ivr::check_codes(codes); checked.has_error()) {
    const ivr::CodeFault fault = checked.error().fault;
    const bool value = fault == ivr::CodeFault::malformed || fault == ivr::CodeFault::must_start_with_star;
    return Problem{value ? 422u : 409u, checked.error().detail, "codes"};
  }
  for (const ExtensionView& extension : extensions)
    if (const auto beside = ivr::check_extension(extension.record.number, codes); beside.has_error())
      return Problem{409, beside.error().detail, "codes"};
  return std::nullopt;
}

}  // namespace

void show_settings(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return domain.settings(); },
               [&service, call](const Settings& settings) {
                 json::object answer = to_json(settings);
                 answer["domain"] = service.domain_name();
                 call->answer(200, answer);
               });
}

void patch_settings(Service& service, const CallPtr& call) {
  service.read([](const Domain& domain) { return std::make_pair(domain.settings(), domain.extensions()); },
               [&service, call](std::pair<Settings, std::vector<ExtensionView>> found) {
                 if (call->body.contains("audit_days") && call->who.via == Via::api_token)
                   return call->fail({403, "An API token may not change how long the audit is kept; a log-in is needed",
                                      "audit_days"});
                 Settings settings = found.first;
                 Reader reader(call->body, {"codes", "hot_desk", "emergency", "audit_days"});
                 read_codes(reader, settings);
                 read_hot_desk(reader, settings);
                 read_emergency(reader, settings);
                 read_audit_days(reader, settings);
                 if (call->failed(reader)) return;
                 if (const auto problem = clash(settings, found.second)) return call->fail(*problem);
                 std::vector<std::string_view> names;
                 for (const auto& member : call->body) names.emplace_back(member.key().data(), member.key().size());
                 service.command(
                     call, {"settings.changed", "", fmt::format("{}", fmt::join(names, ", "))},
                     [settings, actor = call->actor()](Domain& domain, Done done) {
                       domain.change_settings(settings, actor, std::move(done));
                     },
                     [&service, call](Outcome) { show_settings(service, call); });
               });
}

}  // namespace roamdesk::api
