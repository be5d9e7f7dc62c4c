#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// Just enough XML to read what phones are given, and what an administrator adds to it: elements, attributes, text,
// comments, the five entities and numeric ones. No DOCTYPE, CDATA or processing instruction, but one declaration first
// in a file.
namespace roamdesk::provisioning {

struct XmlElement {
  std::string name;
  struct Attribute {
    std::string name, value;
    std::size_t begin = 0, end = 0;  // where it stands
  };
  std::vector<Attribute> attributes;
  std::vector<XmlElement> children;
  std::string text;          // without blanks at either end; none beside children
  std::size_t line = 0;      // on which it begins, from 1
  std::size_t begin = 0;     // where it stands: from its '<' to behind its last '>'
  std::size_t end = 0;       //
  std::size_t tag_end = 0;   // of its first tag: the '>', or the '/' before it
  std::size_t text_end = 0;  // of what is within: the '<' of its last tag; as `end` where it has none
  bool closes_itself = false;
};

struct XmlFault {
  std::size_t line = 0;
  std::string what;
};

// At most `most_deep` elements within one another. `whole`: a file with one root; else elements side by side.
std::variant<std::vector<XmlElement>, XmlFault> read_xml(std::string_view text, bool whole);

inline constexpr std::size_t most_deep = 8;

}  // namespace roamdesk::provisioning
