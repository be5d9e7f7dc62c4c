#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "pbx-core/api/render.hpp"
#include "pbx-core/api/site_parts.hpp"

// What answers show to users who are bound to sites.
namespace roamdesk::api {
namespace {
namespace json = boost::json;

std::string_view text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
  return value && value->is_string() ? std::string_view(value->as_string().data(), value->as_string().size())
                                     : std::string_view{};
}

template <class Keep>
void keep(json::array& all, const Keep& kept) {
  if (all.empty()) return;  // Boost.JSON's erase would write the size of the empty array, which all threads share
  all.erase(std::remove_if(all.begin(), all.end(), [&](const json::value& one) { return !kept(one); }), all.end());
}
template <class Keep>
bool keep_objects(json::value& answer, const Keep& kept) {
  if (answer.is_array()) keep(answer.as_array(), [&](const json::value& one) { return kept(one.as_object()); });
  return true;
}
// Of a list or of one record.
template <class Change>
bool each(json::value& answer, const Change& change) {
  if (answer.is_array())
    for (auto& one : answer.as_array()) change(one.as_object());
  else if (answer.is_object())
    change(answer.as_object());
  return true;
}

}  // namespace

bool cut_phones(json::value& answer, const AtSites& here) {
  keep_objects(answer, [&](const json::object& phone) { return at(here.who.sites, text_in(phone, "site")); });
  return each(answer, [&](json::object& phone) {
    keep(phone["announced_by"].as_array(),
         [&](const json::value& one) { return at(here.who.sites, text_in(one.as_object(), "site")); });
    auto& assigned = phone["assigned_to"];
    if (assigned.is_object() && assigned.as_object().contains("hot_desk") &&
        !here.desks.contains(text_in(assigned.as_object(), "hot_desk")))
      assigned = nullptr;
  });
}

bool cut_desks(json::value& answer, const AtSites& here) {
  return keep_objects(answer, [&](const json::object& desk) { return here.desks.contains(text_in(desk, "id")); });
}

bool cut_sbcs(json::value& answer, const AtSites& here) {
  return keep_objects(answer, [&](const json::object& sbc) { return at(here.who.sites, text_in(sbc, "name")); });
}

bool cut_extensions(json::value& answer, const AtSites& here) {
  return each(answer, [&](json::object& extension) {
    keep(extension["logged_in_at"].as_array(),
         [&](const json::value& id) { return here.desks.contains(std::string(id.as_string())); });
  });
}

namespace {

bool emergency_elsewhere(const json::object& object, const Sites& sites) {
  const auto* place = object.if_contains("emergency");
  return place && place->is_object() && place->as_object().contains("site") &&
         !at(sites, text_in(place->as_object(), "site"));
}

}  // namespace

bool cut_calls(json::value& answer, const AtSites& here) {
  keep_objects(answer, [&](const json::object& call) { return here.calls.contains(text_in(call, "id")); });
  return each(answer, [&](json::object& call) {
    if (emergency_elsewhere(call, here.who.sites)) call.erase("emergency");
  });
}

bool cut_alarms(json::value& answer, const AtSites& here) {
  return keep_objects(answer, [&](const json::object& alarm) { return at(here.who.sites, text_in(alarm, "site")); });
}

bool cut_emergencies(json::value& answer, const AtSites& here) {
  return keep_objects(answer, [&](const json::object& one) {
    return at(here.who.sites, text_in(one.at("place").as_object(), "site"));
  });
}

bool cut_jobs(json::value& answer, const AtSites& here) {
  if (answer.is_object()) return text_in(answer.as_object(), "by") == here.who.user;
  return keep_objects(answer, [&](const json::object& job) { return text_in(job, "by") == here.who.user; });
}

bool cut_locations(json::value& answer, const AtSites& here) {
  return each(answer, [&](json::object& location) {
    auto& used = location["used_by"].as_object();
    const auto only = [&used](const char* which, const auto& kept) {
      keep(used[which].as_array(), [&](const json::value& one) { return kept(std::string(one.as_string())); });
    };
    only("hot_desks", [&](const std::string& id) { return here.desks.contains(id); });
    only("phones", [&](const std::string& mac) { return here.macs.contains(mac); });
    only("sites", [&](const std::string& site) { return at(here.who.sites, site); });
  });
}

bool cut_pins(json::value& answer, const AtSites& here) {
  return each(answer, [&](json::object& pin) {
    keep(pin["state"].as_object()["failed"].as_array(),
         [&](const json::value& one) { return here.macs.contains(text_in(one.as_object(), "mac")); });
  });
}

bool cut_rollout(json::value& answer, const AtSites& here) {
  auto& object = answer.as_object();
  const auto named = [&](const json::value& one) { return at(here.who.sites, text_in(one.as_object(), "sbc")); };
  keep(object["sbcs"].as_array(), named);
  if (!object["rollout"].is_object()) return true;
  auto& rollout = object["rollout"].as_object();
  keep(rollout["branches"].as_array(), named);
  // "berlin: …" says why it has stopped.
  const std::string_view why = text_in(rollout, "why");
  if (!at(here.who.sites, why.substr(0, why.find(':')))) rollout["why"] = "";
  return true;
}

// Those of one's own sites; what was isn't counted by site.
bool cut_statistics(json::value& answer, const AtSites& here) {
  auto& all = answer.as_object();
  all["now"] = to_json(here.numbers);
  auto& attention = all["attention"].as_array();
  keep(attention, [&](const json::value& value) {
    const auto& one = value.as_object();
    if (one.contains("emergency")) return !emergency_elsewhere(one, here.who.sites);
    return here.macs.contains(text_in(one, "mac")) || here.desks.contains(text_in(one, "hot_desk")) ||
           at(here.who.sites, text_in(one, "sbc"));
  });
  all["attention_total"] = attention.size();
  auto& without = all["without_emergency_route"].as_array();
  keep(without, [&](const json::value& value) {
    const auto& place = value.as_object();
    const auto name = text_in(place, "name"), kind = text_in(place, "kind");
    return kind == "site" ? at(here.who.sites, name)
                          : (kind == "hot_desk" ? here.desks.contains(name) : here.macs.contains(name));
  });
  all["without_emergency_route_total"] = without.size();
  all["emergency_route"] = without.empty();
  auto& history = all["history"].as_object();
  for (const char* member : {"calls", "desks_in_use", "logins"}) history[member] = json::array{};
  return true;
}

}  // namespace roamdesk::api
