#include "common/base/packed_text.hpp"

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <cstring>

namespace roamdesk {
namespace {

using Size = std::uint32_t;
constexpr std::size_t longest_piece = 127;  // bytes
constexpr unsigned hex_piece = 0x80;
constexpr std::string_view digits = "0123456789abcdef";
// A shorter run saves nothing.
constexpr std::size_t shortest_run = 8;

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
unsigned value_of_hex_digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

// Packed, as it is made: nearly always short, and copied into its block at once.
using Packed = boost::container::small_vector<char, 256>;

// How many digits, an even number, the text begins with; 0 where it isn't worth it.
std::size_t run_of(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_hex_digit);
  const auto length = static_cast<std::size_t>(end - text.begin()) / 2 * 2;
  return length < shortest_run ? 0 : std::min(length, 2 * longest_piece);
}

Packed pack(std::string_view text) {
  Packed packed;
  std::size_t head = 0;  // of the piece of plain text that goes on
  bool plain = false;
  while (!text.empty()) {
    if (const auto run = run_of(text)) {
      packed.push_back(static_cast<char>(hex_piece | run / 2));
      for (std::size_t i = 0; i < run; i += 2)
        packed.push_back(static_cast<char>(value_of_hex_digit(text[i]) << 4U | value_of_hex_digit(text[i + 1])));
      text.remove_prefix(run);
      plain = false;
      continue;
    }
    if (!plain || packed.size() - head > longest_piece) {
      head = packed.size();
      packed.push_back(0);
      plain = true;
    }
    packed.push_back(text.front());
    ++packed[head];
    text.remove_prefix(1);
  }
  return packed;
}

struct Piece {
  bool hex = false;
  std::string_view bytes;
  std::size_t length() const { return hex ? 2 * bytes.size() : bytes.size(); }
  // Writes length() characters.
  char* unpack(char* to) const {
    if (!hex) return std::copy(bytes.begin(), bytes.end(), to);
    for (const char byte : bytes) {
      const auto both = static_cast<unsigned char>(byte);
      *to++ = digits[both >> 4U];
      *to++ = digits[both & 15U];
    }
    return to;
  }
};

Piece take_piece(std::string_view& packed) {
  const auto head = static_cast<unsigned char>(packed.front());
  const Piece piece{(head & hex_piece) != 0, packed.substr(1, head & longest_piece)};
  packed.remove_prefix(1 + piece.bytes.size());
  return piece;
}

}  // namespace

PackedText::PackedText(std::string_view text) {
  const Packed packed = pack(text);
  keep({packed.data(), packed.size()});
}
PackedText::PackedText(const PackedText& other) { keep(other.packed()); }
PackedText& PackedText::operator=(const PackedText& other) {
  if (this != &other) keep(other.packed());
  return *this;
}

void PackedText::keep(std::string_view packed) {
  if (packed == this->packed()) return;
  if (packed.empty()) return block_.reset();
  const auto size = static_cast<Size>(packed.size());
  block_ = std::make_unique_for_overwrite<char[]>(sizeof size + size);
  std::memcpy(block_.get(), &size, sizeof size);
  std::memcpy(block_.get() + sizeof size, packed.data(), size);
}

std::string_view PackedText::packed() const {
  if (!block_) return {};
  Size size = 0;
  std::memcpy(&size, block_.get(), sizeof size);
  return {block_.get() + sizeof size, size};
}

// Takes nothing of memory.
bool PackedText::is(std::string_view text) const {
  std::array<char, 2 * longest_piece> characters;
  for (auto rest = packed(); !rest.empty();) {
    const Piece piece = take_piece(rest);
    piece.unpack(characters.data());
    if (!text.starts_with({characters.data(), piece.length()})) return false;
    text.remove_prefix(piece.length());
  }
  return text.empty();
}

std::string PackedText::str() const {
  std::size_t length = 0;
  for (auto rest = packed(); !rest.empty();) length += take_piece(rest).length();
  std::string text(length, '\0');
  char* to = text.data();
  for (auto rest = packed(); !rest.empty();) to = take_piece(rest).unpack(to);
  return text;
}

}  // namespace roamdesk
