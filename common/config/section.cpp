#include "common/config/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace roamdesk::config {
namespace {

constexpr std::size_t largest_file = 256 * 1024;

std::string shown(const Tree& tree) {
  switch (tree.kind) {
    case Tree::Kind::null:
      return "null";
    case Tree::Kind::list:
      return "a list";
    case Tree::Kind::map:
      return "a mapping";
    case Tree::Kind::scalar:
      break;
  }
  return tree.text.size() > 60 ? fmt::format("'{}…'", tree.text.substr(0, 60)) : fmt::format("'{}'", tree.text);
}

}  // namespace

void Node::fault(std::string what, std::string expected) const {
  faults_->push_back({tree_->position, std::move(what), std::move(expected)});
}

void Node::refuse(std::string expected) const {
  fault(fmt::format("{}: {} can't be used", name_, shown(*tree_)), std::move(expected));
}

Section::Section(const Node& node) : node_(node) {
  const auto kind = node.tree().kind;
  if (kind != Tree::Kind::map && !(kind == Tree::Kind::null && node.name().empty()))
    node.fault(fmt::format("{}: {}", node.name().empty() ? "the file" : node.name(), shown(node.tree())),
               "expected `key: value` pairs");
}

std::optional<Node> Section::child(std::string_view key) {
  asked_.emplace(key);
  for (const auto& [name, value] : node_.tree().entries)
    if (name.text == key)
      return Node{value, node_.name().empty() ? std::string{key} : fmt::format("{}.{}", node_.name(), key),
                  node_.faults()};
  return std::nullopt;
}

void Section::read_section(std::string_view key, const std::function<void(Section&)>& fill) {
  auto node = child(key);
  if (!node) return;
  Section section{*node};
  if (node->tree().kind != Tree::Kind::map) return;
  fill(section);
  section.finish();
}

void Section::require(std::string_view key, std::string expected) {
  if (child(key) || (node_.tree().kind != Tree::Kind::map && !node_.name().empty())) return;
  node_.fault(fmt::format("{}{}{}: missing", node_.name(), node_.name().empty() ? "" : ".", key), std::move(expected));
}

void Section::finish() {
  for (const auto& [name, value] : node_.tree().entries) {
    if (asked_.contains(name.text)) continue;
    std::string known;
    for (const std::string& key : asked_) known += (known.empty() ? "" : ", ") + key;
    node_.faults().push_back(
        {name.position, fmt::format("{}{}{}: no such key", node_.name(), node_.name().empty() ? "" : ".", name.text),
         "expected one of " + known});
  }
}

std::optional<std::size_t> Section::choose(const Node& node, const std::vector<std::string_view>& words) {
  if (node.tree().kind == Tree::Kind::scalar)
    for (std::size_t i = 0; i < words.size(); ++i)
      if (node.tree().text == words[i]) return i;
  node.refuse(fmt::format("expected {}", fmt::join(words, " or ")));
  return std::nullopt;
}

Faults load_text(std::string_view text, const std::function<void(Section&)>& fill) {
  Faults faults;
  const Tree tree = parse_tree(text, faults);
  const bool readable = faults.empty() || tree.kind == Tree::Kind::map;
  if (readable) {
    Section root{Node{tree, "", faults}};
    fill(root);
    root.finish();
  }
  std::stable_sort(faults.begin(), faults.end(),
                   [](const Fault& a, const Fault& b) { return a.position < b.position; });
  return faults;
}

void load_file(const std::filesystem::path& file, const std::function<void(Section&)>& fill) {
  std::ifstream stream{file, std::ios::binary};
  const auto why = std::error_code{stream ? EISDIR : errno, std::generic_category()};
  if (!stream || std::filesystem::is_directory(file))
    throw ConfigError{
        {fmt::format("{}:1:1: can't be read ({}); expected a configuration file", file.string(), why.message())}};
  const std::string content{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
  if (content.size() > largest_file)
    throw ConfigError{{fmt::format("{}:1:1: larger than 256 KB; expected a configuration file", file.string())}};
  const Faults faults = load_text(content, fill);
  if (!faults.empty()) throw ConfigError{lines_of(faults, file.string())};
}

}  // namespace roamdesk::config
