#include <fmt/format.h>

#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/api/render.hpp"
#include "pbx-core/api/routes.hpp"
#include "pbx-core/api/setting_fields.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

// Against each other and against every extension that there is.
std::optional<Problem> clash(const Settings& settings, const std::vector<ExtensionView>& extensions) {
  const routing::Codes codes = routing::codes_of(settings);
  if (const auto checked = routing::check_codes(codes); checked.has_error()) {
    const routing::CodeFault fault = checked.error().fault;
    return Problem{fault == routing::CodeFault::malformed ? 422u : 409u, checked.error().detail, "codes"};
  }
  for (const ExtensionView& extension : extensions)
    if (const auto beside = routing::check_extension(extension.record.number, codes); beside.has_error())
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
  service.read(
      [](const Domain& domain) { return std::make_pair(domain.settings(), domain.extensions()); },
      [&service, call](std::pair<Settings, std::vector<ExtensionView>> found) {
        if (call->body.contains("audit_days") && call->who.via == Via::api_token)
          return call->fail(
              {403, "An API token may not change how long the audit is kept; a log-in is needed", "audit_days"});
        Settings settings = found.first;
        if (const auto problem = read_settings(call->body, settings)) return call->fail(*problem);
        if (const auto problem = clash(settings, found.second)) return call->fail(*problem);
        std::vector<std::string_view> names;
        for (const auto& member : call->body) names.emplace_back(member.key().data(), member.key().size());
        service.command(
            call, {"settings.changed", "", fmt::format("{}", fmt::join(names, ", "))},
            [body = call->body](Domain& domain, const Actor& actor, Done done) {
              // Read once more into what is in force by then: nobody's change of another setting is undone.
              domain.change_settings([body](Settings& now) { (void)read_settings(body, now); }, actor, std::move(done));
            },
            [&service, call](Outcome) { show_settings(service, call); });
      });
}

}  // namespace roamdesk::api
