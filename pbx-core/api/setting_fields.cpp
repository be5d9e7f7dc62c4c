#include "pbx-core/api/setting_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <map>

namespace roamdesk::api {
namespace {
namespace json = boost::json;

struct Path {
  explicit Path(std::string_view path)
      : section(path.substr(0, path.find('.'))), member(path.substr(section.size() + (section.size() < path.size()))) {}
  std::string_view section, member;  // `member` is "" where the setting stands by itself
};

json::string_view key(std::string_view text) { return {text.data(), text.size()}; }

struct ToJson {
  json::object& body;

  json::value& at(std::string_view text) {
    const Path path(text);
    json::value& section = body[key(path.section)];
    if (path.member.empty()) return section;
    if (!section.is_object()) section.emplace_object();
    return section.as_object()[key(path.member)];
  }
  void text(const char* path, const std::string& value) { at(path) = value; }
  void time_of_day(const char* path, const std::optional<std::string>& value) {
    at(path) = value ? json::value(*value) : json::value(nullptr);
  }
  void duration(const char* path, const std::optional<std::chrono::seconds>& value, std::chrono::seconds,
                std::chrono::seconds) {
    at(path) = value ? json::value(to_duration(*value)) : json::value(nullptr);
  }
  void choice(const char* path, bool value, const char* yes, const char* no) { at(path) = value ? yes : no; }
  void word(const char* path, const auto& value) { at(path) = json::string{key(word_of(value))}; }
  void texts(const char* path, const std::vector<std::string>& value, std::size_t) {
    at(path) = json::array(value.begin(), value.end());
  }
  void number_of_api(const char* path, unsigned value, unsigned, unsigned) { at(path) = value; }
};

// Which members each section has; a setting that stands by itself is a section without members.
struct Known {
  std::vector<std::string_view> sections;
  std::map<std::string_view, std::vector<std::string_view>> members;

  void note(std::string_view text) {
    const Path path(text);
    if (std::find(sections.begin(), sections.end(), path.section) == sections.end()) sections.push_back(path.section);
    if (!path.member.empty()) members[path.section].push_back(path.member);
  }
  void text(const char* path, const auto&) { note(path); }
  void time_of_day(const char* path, const auto&) { note(path); }
  void duration(const char* path, const auto&, std::chrono::seconds, std::chrono::seconds) { note(path); }
  void choice(const char* path, bool, const char*, const char*) { note(path); }
  void word(const char* path, const auto&) { note(path); }
  void texts(const char* path, const auto&, std::size_t) { note(path); }
  void number_of_api(const char* path, unsigned, unsigned, unsigned) { note(path); }
};

// Reads the settings of one section.
struct FromJson {
  Reader& reader;
  std::string_view section;

  // The member's name within the reader; nullopt where it belongs to another section.
  std::optional<std::string_view> mine(std::string_view text) const {
    const Path path(text);
    if (path.section != section) return std::nullopt;
    return path.member.empty() ? path.section : path.member;
  }
  void text(const char* path, std::string& value) {
    if (const auto name = mine(path))
      if (auto given = reader.text(*name)) value = std::move(*given);
  }
  void time_of_day(const char* path, std::optional<std::string>& value) {
    const auto name = mine(path);
    if (!name) return;
    if (reader.null(*name)) value.reset();
    if (auto given = reader.text(*name)) {
      reader.refuse(*name, check_time_of_day(*given));
      value = std::move(*given);
    }
  }
  void duration(const char* path, std::optional<std::chrono::seconds>& value, std::chrono::seconds least,
                std::chrono::seconds most) {
    const auto name = mine(path);
    if (!name) return;
    if (reader.null(*name)) value.reset();
    const auto given = reader.text(*name);
    if (!given) return;
    value = parse_duration(*given);
    if (!value || *value < least || *value > most)
      reader.refuse(*name, Fault{fmt::format("isn't a duration that can be used; expected one like \"10h\" or \"90m\", "
                                             "from {} to {}",
                                             to_duration(least), to_duration(most))});
  }
  void choice(const char* path, bool& value, std::string_view yes, std::string_view no) {
    const auto name = mine(path);
    if (!name) return;
    const auto given = reader.text(*name);
    if (!given) return;
    if (*given != yes && *given != no)
      reader.refuse(*name, Fault{fmt::format("is unknown; expected one of {}, {}", yes, no)});
    value = *given == yes;
  }
  template <Worded E>
  void word(const char* path, E& value) {
    const auto name = mine(path);
    if (!name) return;
    if (const auto given = reader.word<E>(*name)) value = *given;
  }
  void texts(const char* path, std::vector<std::string>& value, std::size_t most) {
    const auto name = mine(path);
    if (!name) return;
    auto given = reader.texts(*name, most);
    if (!given) return;
    if (given->empty()) reader.refuse(*name, Fault{"is empty; expected at least one"});
    value = std::move(*given);
  }
  void number_of_api(const char* path, unsigned& value, unsigned least, unsigned most) {
    const auto name = mine(path);
    if (!name) return;
    const auto given = reader.integer(*name);
    if (!given) return;
    if (*given < least || *given > most)
      return reader.refuse(*name, Fault{fmt::format("is out of range; expected {} to {}", least, most)});
    value = static_cast<unsigned>(*given);
  }
};

}  // namespace

json::object to_json(const Settings& value) {
  json::object body;
  ToJson to{body};
  settings(to, value);
  return body;
}

std::optional<Problem> read_settings(const json::object& body, Settings& value) {
  Known known;
  settings(known, value);
  Reader root(body, known.sections);
  Settings read = value;
  for (const std::string_view section : known.sections) {
    const auto members = known.members.find(section);
    if (members == known.members.end()) {
      FromJson from{root, section};
      settings(from, read);
    } else if (const json::object* object = root.object(section)) {
      Reader inner(*object, members->second, std::string(section) + ".");
      FromJson from{inner, section};
      settings(from, read);
      root.take(inner);
    }
  }
  if (!root.problem()) value = std::move(read);
  return root.problem();
}

}  // namespace roamdesk::api
