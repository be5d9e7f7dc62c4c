#include "pbx-core/api/conditions.hpp"

#include <algorithm>
#include <utility>

namespace roamdesk::api {
namespace {

Problem stale() { return {412, stale_answer().message, ""}; }

// The version is read before the record: a change in between makes the tag the older of the two, never the newer.
void show_with_version(Service& service, const CallPtr& call, const Route& route, const std::string& key) {
  service.read([version = route.version, key](const Domain& domain) { return version(domain, key); },
               [&service, call, &route](std::optional<std::string> tag) {
                 if (tag)
                   call->respond = [respond = std::move(call->respond), tag](http::Response response) {
                     if (response.status == 200) response.fields.push_back({"ETag", *tag});
                     respond(std::move(response));
                   };
                 route.handler(service, call);
               });
}

}  // namespace

std::vector<std::string> tags_in(std::string_view field) {
  std::vector<std::string> tags;
  while (!field.empty()) {
    const auto end = std::min(field.find(','), field.size());
    std::string_view one = field.substr(0, end);
    field.remove_prefix(std::min(end + 1, field.size()));
    while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
    if (one == "*" || (one.size() >= 2 && one.starts_with('"') && one.ends_with('"'))) tags.emplace_back(one);
  }
  return tags;
}

bool matches(const std::vector<std::string>& tags, const std::string& version) {
  return std::any_of(tags.begin(), tags.end(), [&](const auto& tag) { return tag == "*" || tag == version; });
}

bool may_change(const CallPtr& call, const std::string& version) {
  const auto field = call->request.field("If-Match");
  if (!field || matches(tags_in(*field), version)) return true;
  call->fail(stale());
  return false;
}

void with_condition(Service& service, const CallPtr& call, const Route& route) {
  const std::string key = call->parameters.empty() ? "" : call->parameters[0];
  if (route.method == "GET")
    return route.version ? show_with_version(service, call, route, key) : route.handler(service, call);
  const auto field = call->request.field("If-Match");
  if (!field || route.checks_version) return route.handler(service, call);
  if (!route.version)
    return call->fail({412, "What this call changes has no version; it is expected without If-Match", ""});
  const auto still = [version = route.version, key, tags = tags_in(*field)](const Domain& domain) {
    const auto now = version(domain, key);
    return !now || matches(tags, *now);  // what has gone is refused as such
  };
  call->still = [still, before = call->still](const Domain& domain) {
    return (!before || before(domain)) && still(domain);
  };
  service.read([still](const Domain& domain) { return still(domain); },
               [&service, call, &route](bool fine) {
                 if (!fine) return call->fail(stale());
                 route.handler(service, call);
               });
}

}  // namespace roamdesk::api
