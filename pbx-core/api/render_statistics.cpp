#include "pbx-core/api/render.hpp"
#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

json::array numbers_of(const std::vector<std::optional<std::uint32_t>>& values) {
  json::array array;
  array.reserve(values.size());
  for (const auto& value : values) array.push_back(value ? json::value(*value) : json::value(nullptr));
  return array;
}

// What isn't known is left out: a problem is about a phone, a line or a person, never about all of them.
json::object to_json(const Attention& a) {
  json::object object{{"kind", a.kind}};
  const auto put = [&](const char* name, const std::string& text) {
    if (!text.empty()) object[name] = text;
  };
  put("mac", a.mac);
  put("hot_desk", a.hot_desk);
  put("sbc", a.sbc);
  put("extension", a.extension);
  if (a.value) object["value"] = *a.value;
  if (a.until) object["until"] = to_rfc3339(*a.until);
  put("call", a.call);
  if (a.at) object["at"] = to_rfc3339(*a.at);
  if (a.emergency) object["emergency"] = api::to_json(*a.emergency);
  put("acknowledged_by", a.acknowledged_by);
  if (a.acknowledged) object["acknowledged"] = to_rfc3339(*a.acknowledged);
  return object;
}

}  // namespace

json::object to_json(const Numbers& n) {
  return {{"sites", n.sites},
          {"sites_up", n.sites_up},
          {"desks", n.desks},
          {"desks_in_use", n.desks_in_use},
          {"phones", n.phones},
          {"phones_online", n.phones_online},
          {"extensions", n.extensions},
          {"calls", n.calls},
          {"logins_today", n.logins_today},
          {"phones_unassigned", n.phones_unassigned},
          {"desks_without_phone", n.desks_without_phone},
          {"sbcs_not_enrolled", n.sbcs_not_enrolled}};
}

json::object to_json(const Statistics& s) {
  json::array attention;
  for (const Attention& a : s.attention) attention.push_back(to_json(a));
  json::array without;
  for (const WithoutRoute& place : s.without_route)
    without.push_back(json::object{{"kind", word_of(place.kind)}, {"name", place.name}, {"why", word_of(place.why)}});
  json::array logins;
  for (const auto n : s.history.logins) logins.emplace_back(n);
  return {{"now", to_json(s.now)},
          {"attention", std::move(attention)},
          {"attention_total", s.attention_total},
          {"emergency_route", s.without_route_total == 0},
          {"without_emergency_route", std::move(without)},
          {"without_emergency_route_total", s.without_route_total},
          {"history", json::object{{"step_s", s.history.step_s},
                                   {"from", to_rfc3339(s.history.from)},
                                   {"calls", numbers_of(s.history.calls)},
                                   {"desks_in_use", numbers_of(s.history.desks_in_use)},
                                   {"logins", std::move(logins)}}}};
}

}  // namespace roamdesk::api
