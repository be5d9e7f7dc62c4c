#include "exchange/provisioning/xml_pieces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/base/text.hpp"

namespace roamdesk::provisioning {
namespace {

constexpr std::string_view xml_blanks = " \t\r\n";

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; }

void append_utf8(std::string& to, unsigned value) {
  const auto put = [&](unsigned byte) { to += static_cast<char>(byte); };
  if (value < 0x80) return put(value);
  if (value < 0x800) return put(0xC0U | value >> 6U), put(0x80U | (value & 0x3FU));
  if (value < 0x10000)
    return put(0xE0U | value >> 12U), put(0x80U | (value >> 6U & 0x3FU)), put(0x80U | (value & 0x3FU));
  put(0xF0U | value >> 18U), put(0x80U | (value >> 12U & 0x3FU)), put(0x80U | (value >> 6U & 0x3FU));
  put(0x80U | (value & 0x3FU));
}

class PieceReader {
 public:
  explicit PieceReader(std::string_view text) : text_(text) {}

  std::variant<std::vector<XmlElement>, XmlFault> read(bool whole) {
    if (whole && text_.starts_with("<?xml")) {
      const auto end = text_.find("?>");
      if (end == std::string_view::npos) return XmlFault{1, "the declaration doesn't end"};
      move_to(end + 2);
    }
    std::vector<XmlElement> roots;
    while (!fault_) {
      skip_between();
      if (fault_ || at_ >= text_.size()) break;
      if (text_[at_] != '<') {
        fail("there is text outside of an element; an element is expected");
      } else if (text_.substr(at_).starts_with("</")) {
        fail("an element ends here that didn't begin");
      } else {
        roots.emplace_back();
        element(roots.back(), 1);
      }
    }
    if (fault_) return *fault_;
    if (whole && roots.size() != 1) return XmlFault{1, "there isn't one root"};
    return roots;
  }

 private:
  void fail(std::string what) {
    if (!fault_) fault_ = XmlFault{line_, std::move(what)};
  }
  void move_to(std::size_t to) {
    line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
    at_ = to;
  }
  void skip_blanks() { move_to(std::min(text_.find_first_not_of(xml_blanks, at_), text_.size())); }
  // Blanks and comments.
  void skip_between() {
    for (skip_blanks(); text_.substr(at_).starts_with("<!--"); skip_blanks()) {
      const auto end = text_.find("--", at_ + 4);
      if (end == std::string_view::npos || text_.substr(end, 3) != "-->")
        return fail("a comment doesn't end, or has -- within");
      move_to(end + 3);
    }
  }
  std::string read_name() {
    const auto first = at_;
    if (at_ < text_.size() && starts_name(text_[at_]))
      while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    if (at_ == first) fail("a name is expected: letters, digits, \".\", \"-\" and \"_\"");
    if (at_ - first > 128) fail("a name is longer than 128 characters");
    return std::string{text_.substr(first, at_ - first)};
  }
  // What stands for something else: "&amp;", "&#228;".
  void entity(std::string& to) {
    const auto end = text_.find(';', at_);
    if (end == std::string_view::npos || end - at_ > 10) return fail("a & stands for itself only as &amp; in XML");
    const auto word = text_.substr(at_ + 1, end - at_ - 1);
    static constexpr std::pair<std::string_view, char> named[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (const auto& [name, c] : named)
      if (word == name) {
        to += c;
        return move_to(end + 1);
      }
    const bool hex = word.starts_with("#x");
    const auto digits = word.substr(std::min<std::size_t>(hex ? 2 : 1, word.size()));
    unsigned value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    const bool control = value < 0x20 || (value >= 0x7F && value < 0xA0);
    const bool none = (value >= 0xD800 && value < 0xE000) || value > 0x10FFFF || value == 0xFFFE || value == 0xFFFF;
    if (!word.starts_with('#') || error != std::errc{} || stop != digits.data() + digits.size() || control || none)
      return fail(fmt::format("&{}; stands for nothing that a phone is given", word));
    append_utf8(to, value);
    move_to(end + 1);
  }

  // A line's end is a blank, as a tab is (XML 1.0 §2.11, §3.3.3; of text as well: no value has lines).
  void character(std::string& to) {
    const char c = text_[at_];
    const bool half = c == '\r' && text_.substr(at_ + 1).starts_with('\n');
    if (!half) to += xml_blanks.find(c) == std::string_view::npos ? c : ' ';
    move_to(at_ + 1);
  }

  void attribute(XmlElement& of) {
    XmlElement::Attribute made;
    made.begin = at_;
    made.name = read_name();
    skip_blanks();
    if (!fault_ && (at_ >= text_.size() || text_[at_] != '=')) fail("= is expected behind " + made.name);
    if (fault_) return;
    move_to(at_ + 1);
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '"' && quote != '\'') return fail("the value of " + made.name + " isn't in quotation marks");
    move_to(at_ + 1);
    while (!fault_ && at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '<') return fail("a < stands for itself only as &lt; in XML");
      if (text_[at_] == '&') {
        entity(made.value);
      } else {
        character(made.value);
      }
    }
    if (fault_) return;
    if (at_ >= text_.size()) return fail("the value of " + made.name + " doesn't end");
    move_to(at_ + 1);
    made.end = at_;
    for (const auto& other : of.attributes)
      if (other.name == made.name) return fail(made.name + " is there twice in one element");
    of.attributes.push_back(std::move(made));
  }

  void element(XmlElement& made, std::size_t depth) {
    made.line = line_;
    made.begin = at_;
    move_to(at_ + 1);
    if (text_.substr(at_).starts_with("!") || text_.substr(at_).starts_with("?"))
      return fail("only elements and comments are expected, no DOCTYPE, CDATA or processing instruction");
    if (depth > most_deep) return fail("elements are too deep within one another");
    made.name = read_name();
    while (!fault_) {
      const auto before = at_;
      skip_blanks();
      if (at_ >= text_.size()) return fail("<" + made.name + " doesn't end");
      if (text_[at_] == '>' || text_.substr(at_).starts_with("/>")) break;
      if (at_ == before) return fail("a blank is expected before an attribute of " + made.name);
      attribute(made);
    }
    if (fault_) return;
    made.tag_end = at_;
    made.closes_itself = text_[at_] == '/';
    move_to(at_ + (made.closes_itself ? 2 : 1));
    if (made.closes_itself)
      made.text_end = made.end = at_;
    else
      within(made, depth);
  }

  void within(XmlElement& made, std::size_t depth) {
    std::string text;
    while (!fault_) {
      if (at_ >= text_.size()) {
        fault_ = XmlFault{made.line, "<" + made.name + "> has no </" + made.name + ">"};
      } else if (text_[at_] == '&') {
        entity(text);
      } else if (text_[at_] != '<') {
        character(text);
      } else if (text_.substr(at_).starts_with("<!--")) {
        skip_between();
      } else if (text_.substr(at_).starts_with("</")) {
        made.text_end = at_;
        move_to(at_ + 2);
        if (const auto name = read_name(); !fault_ && name != made.name)
          return fail(fmt::format("</{}> stands where </{}> is expected", name, made.name));
        skip_blanks();
        if (!fault_ && (at_ >= text_.size() || text_[at_] != '>')) return fail("a > is missing");
        move_to(std::min(at_ + 1, text_.size()));
        made.end = at_;
        made.text = trim(text, xml_blanks);
        if (!made.text.empty() && !made.children.empty())
          fault_ = XmlFault{made.line, made.name + " has both text and elements"};
        return;
      } else {
        made.children.emplace_back();
        element(made.children.back(), depth + 1);
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1;
  std::optional<XmlFault> fault_;
};

}  // namespace

std::variant<std::vector<XmlElement>, XmlFault> read_xml(std::string_view text, bool whole) {
  return PieceReader{text}.read(whole);
}

}  // namespace roamdesk::provisioning
