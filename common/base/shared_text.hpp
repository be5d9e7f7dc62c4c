#pragma once
#include <boost/flyweight.hpp>
#include <compare>
#include <string>
#include <string_view>

namespace roamdesk {

// A text that many records have alike ("yealink", "local"): kept once while any record has it, a pointer for each.
// Compares as its text does. Safe between threads; a copy is cheap, to make one from a text costs a look-up under a
// lock.
class SharedText {
 public:
  SharedText() = default;
  SharedText(const char* text) : text_(text) {}
  SharedText(const std::string& text) : text_(text) {}
  SharedText(std::string_view text) : text_(std::string{text}) {}
  const std::string& str() const { return text_.get(); }
  operator const std::string&() const { return str(); }
  operator std::string_view() const { return str(); }
  bool empty() const { return str().empty(); }
  std::size_t size() const { return str().size(); }
  friend bool operator==(const SharedText& a, const SharedText& b) { return a.text_ == b.text_; }
  friend bool operator==(const SharedText& a, std::string_view b) { return a.str() == b; }
  friend bool operator==(const SharedText& a, const std::string& b) { return a.str() == b; }
  friend bool operator==(const SharedText& a, const char* b) { return a.str() == b; }
  friend std::strong_ordering operator<=>(const SharedText& a, const SharedText& b) { return a.str() <=> b.str(); }

 private:
  boost::flyweight<std::string> text_;
};

}  // namespace roamdesk
