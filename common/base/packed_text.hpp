#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace roamdesk {

// A text that thousands of records have, each another one, and that is hardly ever read: a hash, a random name. A
// pointer to one block of memory in which hexadecimal digits take half a byte each. No secret: it isn't overwritten.
class PackedText {
 public:
  PackedText() = default;
  PackedText(const char* text) : PackedText(std::string_view{text}) {}
  PackedText(const std::string& text) : PackedText(std::string_view{text}) {}
  PackedText(std::string_view text);
  PackedText(const PackedText& other);
  PackedText(PackedText&&) noexcept = default;
  PackedText& operator=(const PackedText& other);
  PackedText& operator=(PackedText&&) noexcept = default;
  ~PackedText() = default;

  std::string str() const;
  bool empty() const { return !block_; }
  friend bool operator==(const PackedText& a, const PackedText& b) { return a.packed() == b.packed(); }
  friend bool operator==(const PackedText& a, std::string_view b) { return a.is(b); }
  friend bool operator==(const PackedText& a, const std::string& b) { return a.is(b); }
  friend bool operator==(const PackedText& a, const char* b) { return a.is(b); }

 private:
  // One text has one packed form.
  std::string_view packed() const;
  bool is(std::string_view text) const;
  void keep(std::string_view packed);

  // The size in bytes (32 bits), then pieces: a byte that says how long one is, and of which kind, and the piece.
  std::unique_ptr<char[]> block_;
};

}  // namespace roamdesk
