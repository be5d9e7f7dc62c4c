#include "common/config/tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>

namespace roamdesk::config {
namespace {

constexpr std::size_t deepest = 16;

// yaml-cpp counts from 0 and gives -1 where it doesn't know.
Position position_of(const YAML::Mark& mark) { return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1}; }

// Builds the tree from the parser's events. Faults don't stop it, so that all of them are told.
class Builder final : public YAML::EventHandler {
 public:
  Builder(Tree& root, Faults& faults) : root_(root), faults_(faults) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add(Tree{.position = position_of(mark)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    faults_.push_back({position_of(mark), "an alias", "expected the value itself: aliases aren't used here"});
    add(Tree{.position = position_of(mark)});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    const bool quoted = tag == "!";  // how yaml-cpp tells a quoted scalar
    if (!quoted && !tag.empty() && tag != "?") refuse_tag(mark, tag);
    Tree node{.kind = Tree::Kind::scalar, .text = value, .quoted = quoted, .position = position_of(mark)};
    if (!quoted && (value == "null" || value == "~" || value == "Null" || value == "NULL" || value.empty()))
      node.kind = Tree::Kind::null;
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start(Tree::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start(Tree::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    Tree node;
    std::optional<Tree> key;
  };

  void start(Tree::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    if (!tag.empty() && tag != "?") refuse_tag(mark, tag);
    if (open_.size() >= deepest) throw YAML::ParserException(mark, "nested too deeply");
    open_.push_back({Tree{.kind = kind, .position = position_of(mark)}, std::nullopt});
  }
  void end() {
    Tree node = std::move(open_.back().node);
    open_.pop_back();
    // A mapping without braces begins where its first key does.
    add(std::move(node));
  }
  void add(Tree node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Tree::Kind::list) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      if (node.kind != Tree::Kind::scalar)
        faults_.push_back({node.position, "a key that isn't a word", "expected a key's name"});
      parent.key = std::move(node);
    } else {
      add_entry(parent, std::move(node));
    }
  }
  void add_entry(Open& parent, Tree value) {
    Tree key = std::move(*parent.key);
    parent.key.reset();
    for (const auto& [other, ignored] : parent.node.entries)
      if (other.text == key.text) {
        faults_.push_back({key.position, fmt::format("'{}' stands here for the second time", key.text),
                           fmt::format("expected each key once; the first is in line {}", other.position.line)});
        return;
      }
    parent.node.entries.push_back({std::move(key), std::move(value)});
  }
  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor)
      faults_.push_back({position_of(mark), "an anchor", "expected the value alone: anchors aren't used here"});
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    faults_.push_back({position_of(mark), fmt::format("the tag '{}'", tag), "expected the value alone, without a tag"});
  }

  Tree& root_;
  Faults& faults_;
  std::vector<Open> open_;
};

// The line (from 1) of the first tab that indents; 0 where none does.
int tabbed_line(std::string_view text) {
  int line = 1;
  bool indents = true;
  for (const char c : text) {
    if (c == '\t' && indents) return line;
    if (c == '\n') ++line;
    indents = c == '\n' || (indents && c == ' ');
  }
  return 0;
}

// yaml-cpp's words for the two slips that look like none.
Fault fault_of(const YAML::Exception& error, std::string_view text) {
  if (error.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR) || error.msg.starts_with(YAML::ErrorMsg::ALIAS_NOT_FOUND))
    return {position_of(error.mark), "a value that begins with * and isn't in quotes", "expected it as \"*77*\""};
  if (const int line = tabbed_line(text))
    return {{line, 1}, "no YAML: a tab at the beginning of the line", "expected blanks"};
  return {position_of(error.mark), "no YAML: " + error.msg, "expected `key: value` lines"};
}

}  // namespace

Tree parse_tree(std::string_view text, Faults& faults) {
  Tree root;
  try {
    std::istringstream stream{std::string{text}};
    YAML::Parser parser{stream};
    Builder builder{root, faults};
    parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& error) {
    faults.push_back(fault_of(error, text));
  }
  return root;
}

}  // namespace roamdesk::config
