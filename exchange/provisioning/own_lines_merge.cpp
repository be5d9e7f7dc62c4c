#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>

#include "common/base/text.hpp"
#include "common/base/utf8.hpp"
#include "common/phones/vendor_facts.hpp"
#include "exchange/provisioning/own_identity.hpp"
#include "exchange/provisioning/own_lines.hpp"
#include "exchange/provisioning/xml_pieces.hpp"

namespace roamdesk::provisioning {

namespace {

using phones::LinesForm;
using phones::OwnForm;

// Which of several elements of a name it is.
bool tells_apart(std::string_view attribute) { return attribute == "idx" || attribute == "index"; }

std::string which(const OwnLine& line) {
  for (const auto& [name, value] : line.attributes)
    if (tells_apart(name)) return value;
  return "";
}

}  // namespace

std::string name_of(const OwnForm& form, const OwnLine& line) {
  // Elements of any other name are parameters themselves and stand beside them, whatever their attributes say.
  if (form.named_by->empty() || line.name != "item") return line.name;
  for (const auto& [name, value] : line.attributes)
    if (name == *form.named_by) return value;
  return "";
}

std::string identity_of(const OwnForm& form, const OwnLine& line) { return name_of(form, line) + " " + which(line); }

std::string told_name(const OwnForm& form, const OwnLine& line, const std::string& path) {
  const std::string one = which(line);
  return path + name_of(form, line) + (one.empty() ? "" : " " + one);
}

namespace {

OwnLines united(const OwnForm& form, const OwnLines& first, const OwnLines& second) {
  OwnLines all = first;
  for (const auto& line : second) {
    // As merge() and read_own_lines() tell them apart: none is in a file twice.
    const std::string wanted = lowered(identity_of(form, line));
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const OwnLine& other) { return lowered(identity_of(form, other)) == wanted; });
    if (found == all.end())
      all.push_back(line);
    else if (!found->within.empty() && !line.within.empty())
      found->within = united(form, found->within, line.within);
    else
      *found = line;
  }
  return all;
}

}  // namespace

OwnLines unite(phones::Vendor vendor, const OwnLines& first, const OwnLines& second) {
  return united(phones::grammar_of(vendor).own, first, second);
}

namespace {

// A place of the file with what stands there instead.
struct Edit {
  std::size_t begin, end;
  std::string text;
  bool own = true;  // false: nothing of the administrator's is in it
};

OwnFault no_place(const OwnLine& line) {
  return {line.line, fmt::format("line {}: {} doesn't go into the file: there it is {}", line.line, line.name,
                                 line.within.empty() ? "a group of others" : "a value")};
}

void write_element(std::string& to, const OwnLine& line, const std::string& indent) {
  to += indent + "<" + line.name;
  for (const auto& [name, value] : line.attributes) to += " " + name + "=\"" + escape_xml(value) + "\"";
  to += ">";
  if (line.within.empty()) {
    to += escape_xml(line.value);
  } else {
    to += "\n";
    for (const auto& inner : line.within) write_element(to, inner, indent + " ");
    to += indent;
  }
  to += "</" + line.name + ">\n";
}

class Merger {
 public:
  Merger(const OwnForm& form, const std::string& file) : form_(form), file_(file) {}

  std::variant<Merged, OwnFault> lines(const OwnLines& own) {
    // Whole lines of the same name go.
    for (std::size_t begin = 0; begin < file_.size();) {
      const auto end = std::min(file_.find('\n', begin), file_.size() - 1) + 1;
      const std::string_view line = std::string_view{file_}.substr(begin, end - begin);
      const auto name = trim(line.substr(0, std::min(line.find('='), line.size())));
      if (!line.starts_with('#') && line.find('=') != std::string_view::npos &&
          std::any_of(own.begin(), own.end(), [&](const auto& o) { return equal_ignoring_case(o.name, name); }))
        edits_.push_back({begin, end, "", false});
      begin = end;
    }
    std::string behind = file_.ends_with('\n') ? "" : "\n";
    for (const auto& o : own) behind += fmt::format("{} = {}\n", o.name, o.value);
    edits_.push_back({file_.size(), file_.size(), std::move(behind)});
    return done();
  }

  std::variant<Merged, OwnFault> xml(const OwnLines& own) {
    const auto read = read_xml(file_, true);
    if (const auto* fault = std::get_if<XmlFault>(&read))
      return OwnFault{0,
                      fmt::format("the file that the template makes isn't XML: line {}: {}", fault->line, fault->what)};
    const XmlElement& root = std::get<std::vector<XmlElement>>(read).front();
    if (*form_.form == LinesForm::attributes) {
      attributes(root, own);
      return done();
    }
    const XmlElement* into = &root;
    if (!form_.into->empty()) {
      const auto found = std::find_if(root.children.begin(), root.children.end(),
                                      [&](const auto& child) { return child.name == *form_.into; });
      if (found == root.children.end()) return OwnFault{0, "the file that the template makes has no place for them"};
      into = &*found;
    }
    elements(*into, own);
    if (fault_) return *fault_;
    return done();
  }

 private:
  static OwnLine as_line(const XmlElement& e) {
    OwnLine line{e.name, "", {}, {}, 0};
    for (const auto& a : e.attributes) line.attributes.emplace_back(a.name, a.value);
    return line;
  }

  // Line ends and blanks before `at`, so that what is put in stands on lines of its own.
  std::size_t line_begin(std::size_t at) const {
    while (at > 0 && (file_[at - 1] == ' ' || file_[at - 1] == '\t')) --at;
    return at;
  }

  void attributes(const XmlElement& root, const OwnLines& own) {
    for (const auto& there : root.attributes)
      if (std::any_of(own.begin(), own.end(), [&](const auto& o) { return equal_ignoring_case(o.name, there.name); })) {
        std::size_t begin = line_begin(there.begin);
        const bool whole_line = begin > 0 && file_[begin - 1] == '\n' && file_[there.end] == '\n';
        edits_.push_back({begin, whole_line ? there.end + 1 : there.end, "", false});
      }
    std::string behind;
    for (const auto& o : own) behind += fmt::format(" {}=\"{}\"\n", o.name, escape_xml(o.value));
    const bool on_new_line = root.tag_end > 0 && file_[root.tag_end - 1] == '\n';
    edits_.push_back({root.tag_end, root.tag_end, (on_new_line ? "" : "\n") + behind});
  }

  void elements(const XmlElement& into, const OwnLines& own) {
    OwnLines behind;
    for (const auto& line : own) {
      const std::string wanted = lowered(identity_of(form_, line));
      std::vector<const XmlElement*> there;
      for (const auto& child : into.children)
        if (lowered(identity_of(form_, as_line(child))) == wanted) there.push_back(&child);
      if (there.empty()) {
        behind.push_back(line);
      } else if (line.within.empty() != there.front()->children.empty() ||
                 (!line.within.empty() && there.front()->closes_itself)) {
        if (!fault_) fault_ = no_place(line);
      } else if (!line.within.empty()) {
        elements(*there.front(), line.within);
      } else {
        for (const auto* child : there) {
          std::string text;
          if (child == there.front()) {
            write_element(text, line, "");
            text.pop_back();
          }
          edits_.push_back({child->begin, child->end, text, child == there.front()});
        }
      }
    }
    if (behind.empty()) return;
    if (into.closes_itself) {
      std::string text = ">\n";
      for (const auto& line : behind) write_element(text, line, " ");
      edits_.push_back({into.tag_end, into.end, text + "</" + into.name + ">"});
      return;
    }
    const std::size_t at = line_begin(into.text_end);
    const std::string indent = file_.substr(at, into.text_end - at) + " ";
    std::string text = at > 0 && file_[at - 1] == '\n' ? "" : "\n";
    for (const auto& line : behind) write_element(text, line, indent);
    edits_.push_back({at, at, std::move(text)});
  }

  std::variant<Merged, OwnFault> done() {
    std::stable_sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
    Merged merged;
    std::size_t from = 0, line = 1;
    const auto add = [&](std::string_view text, bool own) {
      std::size_t first = line;
      line += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
      merged.text += text;
      if (!own) return;
      if (text.starts_with('\n') || text.starts_with(">\n")) ++first;
      const std::size_t last = text.ends_with('\n') ? line - 1 : line;
      for (; first <= last; ++first)
        if (merged.own.empty() || merged.own.back() < first) merged.own.push_back(first);
    };
    for (const auto& edit : edits_) {
      assert(edit.begin >= from);
      add(std::string_view{file_}.substr(from, edit.begin - from), false);
      if (!edit.text.empty()) add(edit.text, edit.own);
      from = edit.end;
    }
    add(std::string_view{file_}.substr(from), false);
    return merged;
  }

  const OwnForm& form_;
  const std::string& file_;
  std::vector<Edit> edits_;
  std::optional<OwnFault> fault_;
};

}  // namespace

std::variant<Merged, OwnFault> merge(phones::Vendor vendor, const std::string& file, const OwnLines& lines) {
  if (lines.empty()) return Merged{file, {}};
  const auto& form = phones::grammar_of(vendor).own;
  Merger merger{form, file};
  return *form.form == LinesForm::key_values ? merger.lines(lines) : merger.xml(lines);
}

}  // namespace roamdesk::provisioning
