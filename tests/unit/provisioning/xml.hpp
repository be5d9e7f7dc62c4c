#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// A strict little XML reader for tests: elements, attributes, text, the five entities and numeric ones. Whatever else
// is in a file (comments, DOCTYPE, CDATA, control characters, stray & or <) is a fault.
namespace roamdesk::provisioning::xml {

struct Element {
  std::string name, text;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<Element> children;

  std::string attribute(std::string_view key) const {
    for (const auto& [k, v] : attributes)
      if (k == key) return v;
    return "";
  }
  const Element* child(std::string_view wanted, std::string_view key = "", std::string_view value = "") const {
    for (const auto& c : children)
      if (c.name == wanted && (key.empty() || c.attribute(key) == value)) return &c;
    return nullptr;
  }
  std::string child_text(std::string_view wanted, std::string_view key = "", std::string_view value = "") const {
    const auto* found = child(wanted, key, value);
    return found ? found->text : "(none)";
  }
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  // Empty fault: well-formed.
  Element read() {
    Element root;
    for (const char c : rest_)
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return fail("control character"), root;
    if (!take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")) return fail("no declaration"), root;
    skip_blanks();
    element(root);
    skip_blanks();
    if (fault_.empty() && !rest_.empty()) fail("text after the root");
    return root;
  }
  const std::string& fault() const { return fault_; }

 private:
  void fail(const std::string& what) {
    if (fault_.empty()) fault_ = what + " before: " + std::string{rest_.substr(0, 60)};
  }
  bool take(std::string_view what) {
    if (!rest_.starts_with(what)) return false;
    rest_.remove_prefix(what.size());
    return true;
  }
  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  std::string name() {
    std::string word;
    while (!rest_.empty() && (isalnum(static_cast<unsigned char>(rest_[0])) ||
                              std::string_view{"_-."}.find(rest_[0]) != std::string_view::npos)) {
      word += rest_[0];
      rest_.remove_prefix(1);
    }
    if (word.empty()) fail("no name");
    return word;
  }
  std::string characters(char until) {
    std::string out;
    while (fault_.empty() && !rest_.empty() && rest_[0] != until) {
      if (rest_[0] == '<') {
        fail("<");
      } else if (rest_[0] == '&') {
        static constexpr std::pair<std::string_view, char> entities[] = {
            {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
        bool known = false;
        for (const auto& [entity, c] : entities)
          if (!known && take(entity)) out += c, known = true;
        if (!known) fail("bare &");
      } else {
        out += rest_[0];
        rest_.remove_prefix(1);
      }
    }
    return out;
  }
  void element(Element& e) {
    if (!take("<")) return fail("no element");
    e.name = name();
    for (skip_blanks(); fault_.empty() && !rest_.empty() && rest_[0] != '>' && rest_[0] != '/'; skip_blanks()) {
      auto key = name();
      if (!take("=\"")) return fail("no attribute value");
      auto value = characters('"');
      if (!take("\"")) return fail("attribute doesn't end");
      e.attributes.emplace_back(std::move(key), std::move(value));
    }
    if (take("/>")) return;
    if (!take(">")) return fail("tag doesn't end");
    while (fault_.empty()) {
      e.text += characters('<');
      if (rest_.empty()) return fail(e.name + " doesn't end");
      if (take("</")) {
        if (name() != e.name || !take(">")) fail("wrong end of " + e.name);
        break;
      }
      element(e.children.emplace_back());
    }
    if (!e.children.empty() && e.text.find_first_not_of(" \n") == std::string::npos) e.text.clear();
  }
  std::string_view rest_;
  std::string fault_;
};

}  // namespace roamdesk::provisioning::xml
