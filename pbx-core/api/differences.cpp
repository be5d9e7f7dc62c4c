#include "pbx-core/api/differences.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>

#include "exchange/provisioning/own_lines.hpp"
#include "pbx-core/api/configured.hpp"
#include "pbx-core/api/snippet_rules.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

constexpr std::size_t longest = 200, most_differences = 50;

// Not in the middle of a character of UTF-8.
std::string cut(std::string text) {
  if (text.size() <= longest) return text;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  return text.substr(0, end) + "…";
}

std::string text_of(const json::value* value) {
  if (!value || value->is_null()) return {};
  if (const auto* text = value->if_string()) return cut({text->data(), text->size()});
  return cut(json::serialize(*value));
}

void compare(std::vector<FieldChange>& found, const std::string& prefix, const json::object& before,
             const json::object& after) {
  for (const auto& [name, now] : after) {
    if (found.size() >= most_differences) return;
    const json::value* was = before.if_contains(name);
    if (was && *was == now) continue;
    const std::string path = prefix + std::string(name.data(), name.size());
    if (was && was->is_object() && now.is_object())
      compare(found, path + ".", was->as_object(), now.as_object());
    else if (std::string from = text_of(was), to = text_of(&now); from != to || (was && !was->is_null()))
      found.push_back({path, std::move(from), std::move(to)});
  }
}

struct Compare {
  std::vector<FieldChange>& found;
  const Directory& directory;
  const Settings& settings;
  bool several = false;

  void operator()(const PutExtension& put) { of(directory.extension(put.extension.number), put.extension, ""); }
  void operator()(const PutDesk& put) { of(directory.desk(put.desk.id), put.desk, ""); }
  void operator()(const PutPhone& put) {
    if (!several) of(directory.phone(put.phone.mac), put.phone, "");
  }
  void operator()(const PutSettings& put) { of(&settings, put.settings, ""); }
  template <class R>
  void operator()(const Put<R>& put) {
    // What is written of calls for help, or of an update on its way, is no administrator's.
    if constexpr (!std::is_same_v<R, Emergency> && !std::is_same_v<R, Alarm> && !std::is_same_v<R, EmergencyCallback> &&
                  !std::is_same_v<R, Rollout> && !std::is_same_v<R, RolloutBranch>) {
      const auto& all = directory.all<R>();
      const auto known = all.find(put.record.*key_of<R>);
      if (known != all.end()) of(&known->second, put.record, several ? known->first + ": " : "");
    }
  }
  void operator()(const Put<Snippet>& put) { of_snippet(put.record.model, put.record.text); }
  void operator()(const Delete<Snippet>& gone) { of_snippet(gone.key, ""); }
  template <class Other>
  void operator()(const Other&) {}

 private:
  // By parameters: a text of many lines would be cut.
  void of_snippet(const std::string& key, const std::string& text) {
    const auto read = [&key](const std::string& lines) {
      std::map<std::string, std::string> all;
      const auto place = snippet_place(key);
      if (!place) return all;
      const auto own = provisioning::read_own_lines(place->vendor, lines);
      if (const auto* good = std::get_if<provisioning::OwnLines>(&own))
        for (auto& [name, value] : provisioning::told(place->vendor, *good)) all.emplace(std::move(name), value);
      return all;
    };
    const auto known = directory.all<Snippet>().find(key);
    const auto before = read(known == directory.all<Snippet>().end() ? "" : known->second.text), after = read(text);
    const auto value_in = [](const auto& all, const std::string& name) {
      const auto value = all.find(name);
      return value == all.end() ? std::string{} : cut(value->second);
    };
    std::set<std::string> names;
    for (const auto& [name, value] : before) names.insert(name);
    for (const auto& [name, value] : after) names.insert(name);
    for (const auto& name : names) {
      if (found.size() >= most_differences) return;
      if (std::string from = value_in(before, name), to = value_in(after, name);
          from != to || before.contains(name) != after.contains(name))
        found.push_back({name, std::move(from), std::move(to)});
    }
  }
  template <class Record>
  void of(const Record* before, const Record& after, const std::string& prefix) {
    if (before) compare(found, prefix, configured(*before), configured(after));
  }
};

}  // namespace

std::vector<FieldChange> differences(const json::object& before, const json::object& after) {
  std::vector<FieldChange> found;
  compare(found, "", before, after);
  return found;
}

std::vector<FieldChange> differences(const Changes& changes, const Directory& directory, const Settings& settings) {
  std::vector<FieldChange> found;
  Compare compare{found, directory, settings, changes.size() > 1};
  for (const Change& change : changes) std::visit(compare, change);
  return found;
}

}  // namespace roamdesk::api
