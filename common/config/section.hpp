#pragma once
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/secret.hpp"
#include "common/config/tree.hpp"
#include "common/config/types.hpp"
#include "common/log/log.hpp"

namespace roamdesk::config {

// One node, its name for people ("sip.udp"), and where faults go.
class Node {
 public:
  Node(const Tree& tree, std::string name, Faults& faults) : tree_(&tree), name_(std::move(name)), faults_(&faults) {}
  const Tree& tree() const { return *tree_; }
  const std::string& name() const { return name_; }
  Faults& faults() const { return *faults_; }
  bool is_null() const { return tree_->kind == Tree::Kind::null; }
  // "NAME: 'TEXT' is not …" with this node's place.
  void fault(std::string what, std::string expected) const;
  // The standard sentence: NAME: 'TEXT' can't be used; EXPECTED.
  void refuse(std::string expected) const;

 private:
  const Tree* tree_;
  std::string name_;
  Faults* faults_;
};

// Each reads one node into `out`, or adds a fault and leaves `out` as it is.
bool read_value(const Node& node, std::string& out);
bool read_value(const Node& node, bool& out);
bool read_value(const Node& node, std::uint16_t& out);  // a port, 1..65535
bool read_value(const Node& node, std::filesystem::path& out);
bool read_value(const Node& node, Secret& out);
bool read_value(const Node& node, IpAddress& out);
bool read_value(const Node& node, Endpoint& out);
bool read_value(const Node& node, PortRange& out);
bool read_value(const Node& node, TimeOfDay& out);
bool read_value(const Node& node, TimeZone& out);
bool read_value(const Node& node, HostPort& out);
bool read_value(const Node& node, std::chrono::seconds& out);  // longer than 0
bool read_value(const Node& node, log::Settings& out);         // { level, format }

template <class T>
bool read_value(const Node& node, std::vector<T>& out) {
  if (node.tree().kind != Tree::Kind::list) {
    node.refuse("expected a list, [a, b]");
    return false;
  }
  std::vector<T> items;
  bool good = true;
  for (std::size_t i = 0; i < node.tree().items.size(); ++i) {
    T item{};
    good &= read_value(Node{node.tree().items[i], node.name() + "[" + std::to_string(i) + "]", node.faults()}, item);
    items.push_back(std::move(item));
  }
  if (good) out = std::move(items);
  return good;
}

// A mapping being read. A key that is named twice in the file or never asked for is a fault (finish()).
class Section {
 public:
  explicit Section(const Node& node);

  // The value into `out`; where the key is absent `out` keeps its default. null is a fault.
  template <class T>
  void read(std::string_view key, T& out) {
    if (auto node = child(key)) read_value(*node, out);
  }
  // null gives nullopt: "switched off", "none".
  template <class T>
  void read(std::string_view key, std::optional<T>& out) {
    auto node = child(key);
    if (!node) return;
    if (node->is_null()) {
      out.reset();
      return;
    }
    T value{};
    if (read_value(*node, value)) out = std::move(value);
  }
  // One of a few words.
  template <class T>
  void read_choice(std::string_view key, T& out, std::initializer_list<std::pair<std::string_view, T>> choices) {
    auto node = child(key);
    if (!node) return;
    std::vector<std::string_view> words;
    for (const auto& choice : choices) words.push_back(choice.first);
    if (auto index = choose(*node, words)) out = (choices.begin() + *index)->second;
  }
  // A mapping inside; absent: `fill` isn't called. finish() is.
  void read_section(std::string_view key, const std::function<void(Section&)>& fill);
  // The child node itself, marked as asked for; nullopt where it is absent.
  std::optional<Node> child(std::string_view key);
  // A fault at this mapping where `key` is absent.
  void require(std::string_view key, std::string expected);
  // Unknown keys become faults.
  void finish();
  const Node& node() const { return node_; }

 private:
  static std::optional<std::size_t> choose(const Node& node, const std::vector<std::string_view>& words);
  Node node_;
  std::set<std::string, std::less<>> asked_;
};

// Reads the file, hands its root to `fill`, throws ConfigError with all faults.
void load_file(const std::filesystem::path& file, const std::function<void(Section&)>& fill);
// The same for text, returning the faults in the file's order.
Faults load_text(std::string_view text, const std::function<void(Section&)>& fill);

}  // namespace roamdesk::config
