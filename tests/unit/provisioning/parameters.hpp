#pragma once
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fixture.hpp"
#include "xml.hpp"

// What is known of each vendor's parameters, from where (tests/data/phones/<vendor>.yaml), and what stands in a file.
namespace roamdesk::provisioning {

// A parameter with the value that a file gives it.
struct Setting {
  std::string name, value;
};

namespace parameters {

inline bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "account.3.codec.choice.1" is "account.N.codec.choice.N"; between the words may stand something else.
inline std::string general(std::string_view name, char between = '.') {
  std::string out;
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find(between, begin), name.size());
    const auto part = name.substr(begin, end - begin);
    if (begin > 0) out += between;
    out += all_digits(part) ? std::string_view{"N"} : part;
    begin = end + 1;
  }
  return out;
}

// Elements by their path below the root, attributes behind an @. Indexes aren't part of a name.
inline void flatten(const xml::Element& e, const std::string& path, std::vector<Setting>& into) {
  for (const auto& [key, value] : e.attributes)
    // Snom writes the same few attributes at each setting.
    into.push_back({(path.starts_with("phone-settings/") ? "phone-settings/*" : path) + "@" + key, value});
  if (e.children.empty() && !path.empty()) into.push_back({general(path, '_'), e.text});
  for (const auto& child : e.children) flatten(child, path.empty() ? child.name : path + "/" + child.name, into);
}

}  // namespace parameters

inline std::vector<Setting> settings_of(phones::Vendor vendor, const std::string& body) {
  std::vector<Setting> settings;
  if (!writes_xml(vendor)) {
    for (const auto& [name, value] : yealink_settings(body)) settings.push_back({parameters::general(name), value});
    return settings;
  }
  xml::Reader reader{body};
  const auto root = reader.read();
  EXPECT_EQ(reader.fault(), "");
  if (root.name == "polycomConfig") {
    for (const auto& [name, value] : root.attributes) settings.push_back({parameters::general(name), value});
    return settings;
  }
  if (root.child("config") == nullptr) {
    parameters::flatten(root, "", settings);
    return settings;
  }
  for (const auto& config : root.children)
    if (config.name != "config") {
      settings.push_back({config.name, config.text});
    } else {
      for (const auto& e : config.children)
        settings.push_back({e.name == "item" ? parameters::general(e.attribute("name")) : e.name, e.text});
    }
  return settings;
}

// What is known of one parameter: its closed list of values, or their kind.
class Parameter {
 public:
  Parameter(const YAML::Node& node, const std::set<std::string>& sources) {
    for (const auto& entry : node) {
      const auto word = entry.first.as<std::string>();
      if (word == "one_of")
        for (const auto& value : entry.second) words_.insert(value.as<std::string>());
      else if (word == "is")
        kind_ = entry.second.as<std::string>();
      else if (word == "like")
        like_ = std::regex{entry.second.as<std::string>()};
      else if (word == "range")
        range_ = {entry.second[0].as<long>(), entry.second[1].as<long>()};
      else if (word == "longest")
        longest_ = entry.second.as<std::size_t>();
      else if (word == "empty")
        may_be_empty_ = entry.second.as<bool>();
      else if (word == "from") {
        for (const auto& source : entry.second) {
          EXPECT_TRUE(sources.contains(source.as<std::string>())) << "unknown source " << source;
          ++sources_;
        }
      } else if (word != "unproven") {  // what a real phone must show, in words
        ADD_FAILURE() << "unknown word " << word << " at " << entry.first.Mark().line + 1;
      }
    }
  }
  std::size_t sources() const { return sources_; }
  bool says_what_it_takes() const { return !words_.empty() || !kind_.empty() || like_; }

  bool takes(const std::string& value) const {
    if (value.empty()) return may_be_empty_ || words_.contains("");
    if (words_.contains(value)) return true;
    if (value.size() > longest_) return false;
    if (like_ && std::regex_match(value, *like_)) return true;
    const auto only = [&](std::string_view characters) {
      return value.find_first_not_of(characters) == std::string::npos;
    };
    constexpr std::string_view alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (kind_ == "text") return true;
    if (kind_ == "number") {
      long number = 0;
      const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), number);
      return fault == std::errc{} && end == value.data() + value.size() && range_.first <= number &&
             number <= range_.second;
    }
    if (kind_ == "dialled") return only("0123456789*#+");
    if (kind_ == "numbers") return only("0123456789*#+, ");
    if (kind_ == "host") return only(std::string{alphanumeric} + ".-");
    if (kind_ == "host:port") return only(std::string{alphanumeric} + ".-:");
    if (kind_ == "path") return only(std::string{alphanumeric} + ".-_:/$") && !value.starts_with("http");
    if (kind_ == "url") return value.starts_with("http://") || value.starts_with("https://");
    if (kind_ == "letters and digits") return only(alphanumeric);
    return false;
  }

 private:
  std::set<std::string> words_;
  std::string kind_;
  std::optional<std::regex> like_;
  std::pair<long, long> range_{0, 65535};
  std::size_t longest_ = 512, sources_ = 0;
  bool may_be_empty_ = false;
};

// A vendor's table. A line may name several parameters: "P401 P501", "P402..P1602/100".
class Parameters {
 public:
  explicit Parameters(phones::Vendor vendor) : reset_(*phones::grammar_of(vendor).empty) {
    const auto file = PARAMETERS_DIR "/" + std::string{phones::to_string(vendor)} + ".yaml";
    const auto root = YAML::LoadFile(file);
    std::set<std::string> sources;
    for (const auto& source : root["sources"]) sources.insert(source.first.as<std::string>());
    for (const auto& entry : root["parameters"]) {
      const auto names = entry.first.as<std::string>();
      const Parameter parameter{entry.second, sources};
      EXPECT_GT(parameter.sources(), 0u) << file << ": no source of " << names;
      EXPECT_TRUE(parameter.says_what_it_takes()) << file << ": no values of " << names;
      for (const auto& name : spread(names))
        EXPECT_TRUE(known_.emplace(name, parameter).second) << file << ": twice: " << name;
    }
  }

  // Empty for a setting that the vendor's phones understand; else what is wrong with it.
  std::string fault(const Setting& setting) {
    const auto found = known_.find(setting.name);
    if (found == known_.end()) return setting.name + " isn't in the table: who says that there is such a parameter?";
    used_.insert(setting.name);
    // Yealink's word for the phone's own.
    if (setting.value == "%NULL%") return "";
    if (!checked_.contains({setting.name, setting.value})) {
      // The vendor's word for a parameter's default is a value of each.
      const bool reset = !reset_.empty() && setting.value == reset_;
      if (!reset && !found->second.takes(setting.value))
        return setting.name + " doesn't take \"" + setting.value + "\"";
      checked_.insert({setting.name, setting.value});
    }
    return "";
  }
  std::vector<std::string> unused() const {
    std::vector<std::string> names;
    for (const auto& [name, parameter] : known_)
      if (!used_.contains(name)) names.push_back(name);
    return names;
  }

 private:
  static std::vector<std::string> spread(const std::string& names) {
    std::vector<std::string> each;
    for (std::size_t begin = 0; begin < names.size();) {
      const auto end = std::min(names.find(' ', begin), names.size());
      const auto word = names.substr(begin, end - begin);
      begin = end + 1;
      const auto dots = word.find("..");
      if (dots == std::string::npos) {
        each.push_back(word);
        continue;
      }
      const auto slash = word.find('/', dots);
      const int first = std::stoi(word.substr(1)), last = std::stoi(word.substr(dots + 3));
      const int step = slash == std::string::npos ? 1 : std::stoi(word.substr(slash + 1));
      for (int number = first; number <= last; number += step) each.push_back("P" + std::to_string(number));
    }
    return each;
  }

  std::string_view reset_;
  std::map<std::string, Parameter> known_;
  std::set<std::string> used_;
  std::set<std::pair<std::string, std::string>> checked_;
};

}  // namespace roamdesk::provisioning
