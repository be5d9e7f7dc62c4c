#include "exchange/provisioning/files/files.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

namespace roamdesk::provisioning {
namespace {

using phones::Model;

std::string read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) throw std::runtime_error(file.string() + ": can't be read");
  return {std::istreambuf_iterator<char>{in}, {}};
}

// It is written as it is: nothing that would be grammar in XML.
bool is_element(const std::string& name) {
  return !name.empty() && name.size() <= 32 && std::isalpha(static_cast<unsigned char>(name.front())) != 0 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
}

// One file's nodes with their places, so that a fault names them.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : file_(file) {}

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& what) const {
    throw std::runtime_error(fmt::format("{}:{}:{}: {}", file_.string(), mark.line + 1, mark.column + 1, what));
  }
  template <class T>
  void take(const YAML::Node& map, const char* key, T& into, const char* expected) const {
    const auto node = map[key];
    if (!node) return;
    try {
      into = node.as<T>();
    } catch (const YAML::Exception&) {
      fail(node.Mark(), fmt::format("{} isn't {}", key, expected));
    }
  }
  void check_keys(const YAML::Node& map, const std::set<std::string>& known) const {
    for (const auto& entry : map) {
      const auto name = entry.first.as<std::string>("");
      if (!known.contains(name))
        fail(entry.first.Mark(), fmt::format("unknown key {}; expected one of: {}", name, fmt::join(known, ", ")));
    }
  }
  void take_groups(const YAML::Node& node, Model& model) const {
    const auto groups = node["groups"];
    if (!groups) return;
    if (!groups.IsSequence()) fail(groups.Mark(), "groups isn't a list");
    if (node["keys"]) fail(groups.Mark(), "keys stands beside groups, whose keys are counted");
    model.keys = 0;
    model.groups.clear();
    for (const auto& entry : groups) {
      if (!entry.IsMap()) fail(entry.Mark(), "a group is a map with elements");
      check_keys(entry, {"elements", "single", "pages", "keys", "spare", "counts_on"});
      phones::KeyGroup group;
      take(entry, "elements", group.elements, "a list of words");
      take(entry, "single", group.single, "a list of words");
      take(entry, "pages", group.pages, "a number");
      take(entry, "keys", group.keys, "a number");
      take(entry, "spare", group.spare, "a number");
      take(entry, "counts_on", group.counts_on, "true or false");
      for (const auto* names : {&group.elements, &group.single})
        for (const auto& name : *names)
          if (!is_element(name)) fail(entry.Mark(), name + " isn't the name of an element");
      if (group.pages < 1 || group.pages > 16) fail(entry.Mark(), "pages is not in 1..16");
      if (group.keys > 256 || group.spare > 256) fail(entry.Mark(), "keys or spare is not in 0..256");
      model.keys += group.pages * group.keys;
      model.groups.push_back(std::move(group));
    }
  }
  void take_key_functions(const YAML::Node& node, Model& model) const {
    if (!node["key_functions"]) return;
    std::vector<std::string> names;
    take(node, "key_functions", names, "a list of words");
    model.key_functions.clear();
    for (const auto& name : names) {
      const auto function = value_of<phones::KeyFunction>(name);
      if (!function)
        fail(node["key_functions"].Mark(),
             fmt::format("key_functions has {}; expected some of: {}", name, all_words<phones::KeyFunction>()));
      model.key_functions.push_back(*function);
    }
  }
  void take_model(const YAML::Node& node, Model& model) const {
    if (!node.IsMap()) fail(node.Mark(), "a model is a map with a name");
    check_keys(node, {"name",
                      "aliases",
                      "lines",
                      "keys",
                      "firmware",
                      "current",
                      "limits",
                      "needs_line_key",
                      "reboots_to_resync",
                      "wants_directory_url",
                      "sha256",
                      "tcp",
                      "tls",
                      "https",
                      "dialect",
                      "keys_per_page",
                      "key_rows",
                      "physical_keys",
                      "line_keys",
                      "screen_lamps",
                      "groups",
                      "key_functions",
                      "modules",
                      "module_keys",
                      "module_keys_used",
                      "module_keys_or_from",
                      "module_spare",
                      "module_size",
                      "soft_keys"});
    take(node, "name", model.name, "a word");
    take(node, "aliases", model.aliases, "a list of words");
    take(node, "lines", model.lines, "a number");
    take(node, "keys", model.keys, "a number");
    take(node, "firmware", model.known_good_firmware, "a version");
    take(node, "current", model.current_firmware, "a version");
    std::vector<std::string> limits;
    take(node, "limits", limits, "a list of sentences");
    model.limits.insert(model.limits.end(), limits.begin(), limits.end());
    take(node, "needs_line_key", model.needs_line_key, "true or false");
    take(node, "reboots_to_resync", model.reboots_to_resync, "true or false");
    take(node, "wants_directory_url", model.wants_directory_url, "true or false");
    take(node, "sha256", model.sha256, "true or false");
    take(node, "tcp", model.tcp, "true or false");
    take(node, "tls", model.tls, "true or false");
    take(node, "https", model.https, "true or false");
    take(node, "dialect", model.dialect, "a word");
    take(node, "keys_per_page", model.keys_per_page, "a number");
    take(node, "key_rows", model.key_rows, "a number");
    take(node, "physical_keys", model.physical_keys, "a number");
    take(node, "line_keys", model.line_keys, "a number");
    take(node, "screen_lamps", model.screen_lamps, "true or false");
    take(node, "modules", model.modules, "a number");
    take(node, "module_keys", model.module_keys, "a number");
    take(node, "module_keys_used", model.module_keys_used, "true or false");
    take(node, "module_keys_or_from", model.module_keys_or_from, "a number");
    take(node, "module_spare", model.module_spare, "a number");
    take(node, "module_size", model.module_size, "a number");
    take(node, "soft_keys", model.soft_keys, "a number");
    take_key_functions(node, model);
    if (model.modules > 8) fail(node.Mark(), "modules is not in 0..8");
    if (model.soft_keys > 32) fail(node.Mark(), "soft_keys is not in 0..32");
    take_groups(node, model);
    if (model.lines < 1 || model.lines > 64) fail(node.Mark(), "lines is not in 1..64");
    if (model.keys > 256) fail(node.Mark(), "keys is not in 0..256");
    if (model.module_keys > 512) fail(node.Mark(), "module_keys is not in 0..512");
    if (model.module_spare > 512) fail(node.Mark(), "module_spare is not in 0..512");
    if (model.module_size > 512) fail(node.Mark(), "module_size is not in 0..512");
    if (model.module_keys_or_from > 512) fail(node.Mark(), "module_keys_or_from is not in 0..512");
    if (model.module_keys_or_from != 0 &&
        model.module_keys_or_from < model.keys + model.module_keys + model.module_spare)
      fail(node.Mark(), "module_keys_or_from is one of the keys before");
    if (model.line_keys > model.keys) fail(node.Mark(), "line_keys is more than keys");
    if (model.physical_keys > model.keys) fail(node.Mark(), "physical_keys is more than keys");
  }

 private:
  std::filesystem::path file_;
};

void load_vendor(const std::filesystem::path& file, phones::Vendor vendor, std::vector<Model>& models) {
  const Reader reader{file};
  YAML::Node root;
  try {
    root = YAML::Load(read(file));
  } catch (const YAML::ParserException& e) {
    reader.fail(e.mark, e.msg);
  }
  if (!root.IsMap()) reader.fail(root.Mark(), "expected the keys defaults and models");
  reader.check_keys(root, {"defaults", "models"});
  Model defaults;
  defaults.vendor = vendor;
  if (root["defaults"]) reader.take_model(root["defaults"], defaults);
  if (!root["models"] || !root["models"].IsSequence()) reader.fail(root.Mark(), "models is missing, or no list");
  std::set<std::string> names;
  for (const auto& node : root["models"]) {
    Model model = defaults;
    reader.take_model(node, model);
    if (model.name.empty()) reader.fail(node.Mark(), "this model has no name");
    if (!names.insert(model.name).second) reader.fail(node.Mark(), "a second model " + model.name);
    models.push_back(std::move(model));
  }
  if (!names.contains("generic")) reader.fail(root.Mark(), "the model generic is missing");
}

}  // namespace

phones::ModelList load_models(const std::filesystem::path& directory) {
  std::vector<Model> models;
  for (const auto vendor : phones::supported_vendors())
    load_vendor(directory / (std::string{phones::to_string(vendor)} + ".yaml"), vendor, models);
  return phones::ModelList{std::move(models)};
}

TemplateTexts load_templates(const std::filesystem::path& directory, const std::filesystem::path& override_directory) {
  TemplateTexts texts;
  for (const auto vendor : phones::supported_vendors()) {
    const std::string vendor_name{phones::to_string(vendor)};
    const auto name = vendor_name + ".tpl";
    const auto own = override_directory / name;
    const bool overridden = !override_directory.empty() && std::filesystem::exists(own);
    texts.emplace(vendor_name, read(overridden ? own : directory / name));
  }
  return texts;
}

}  // namespace roamdesk::provisioning
