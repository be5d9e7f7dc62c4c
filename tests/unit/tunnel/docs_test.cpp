#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "common/tunnel/frame_codec.hpp"

// docs/tunnel.md is enough to write another end of the tunnel only while its table has every frame, and no other.
namespace roamdesk::tunnel {
namespace {

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in{text};
  for (std::string part; std::getline(in, part, at);) parts.push_back(trimmed(part));
  return parts;
}

// "35 flow_standing C signalling". A row may hold several frames that differ in type and name only: "| 4, 5 | ping,
// pong | …".
std::multiset<std::string> rows_of(const std::string& page) {
  std::multiset<std::string> rows;
  std::istringstream in{page};
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| type | name | by | class | fields |")) {
      inside = true;
    } else if (inside && !line.starts_with("|")) {
      break;
    } else if (inside && !line.starts_with("|---")) {
      const auto cells = split(line, '|');
      if (cells.size() < 5) continue;
      const auto types = split(cells[1], ','), names = split(cells[2], ',');
      EXPECT_EQ(types.size(), names.size()) << line;
      for (std::size_t i = 0; i < std::min(types.size(), names.size()); ++i)
        rows.insert(types[i] + ' ' + names[i] + ' ' + cells[3] + ' ' + cells[4]);
    }
  }
  return rows;
}

std::string row_of(const FrameTrait& trait) {
  const auto sender = [&] {
    switch (trait.sender) {
      case Sender::sbc:
        return "S";
      case Sender::core:
        return "C";
      case Sender::both:
        return "both";
    }
    return "";
  }();
  const auto queue = [&] {
    switch (trait.queue) {
      case FrameClass::connection:
        return "connection";
      case FrameClass::signalling:
        return "signalling";
      case FrameClass::media:
        return "media";
      case FrameClass::bulk:
        return "bulk";
    }
    return "";
  }();
  return std::to_string(trait.type) + ' ' + std::string{trait.name} + ' ' + sender + ' ' + queue;
}

std::multiset<std::string> rows_of_frames() {
  std::multiset<std::string> rows;
  for (const auto& trait : frame_traits()) rows.insert(row_of(trait));
  return rows;
}

std::string page() {
  std::ifstream in{DOCS_DIR "/tunnel.md"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(TunnelPage, HasEveryFrameAndNoOther) {
  EXPECT_EQ(rows_of(page()), rows_of_frames()) << "docs/tunnel.md §3 differs from the frames";
}

TEST(TunnelPage, IsFoundWantingWhereARowIsWrong) {
  const auto whole = page();
  for (const auto* row : {"| 35 | flow_standing | C | signalling |", "| 9 | renew | S | connection |"}) {
    const auto at = whole.find(row);
    ASSERT_NE(at, std::string::npos) << row;
    auto without = whole;
    without.erase(at, without.find('\n', at) + 1 - at);
    EXPECT_NE(rows_of(without), rows_of_frames()) << "a frame without its row: " << row;
    auto twice = whole;
    twice.insert(at, "| 200 | ghost | C | signalling | |\n");
    EXPECT_NE(rows_of(twice), rows_of_frames()) << "a row without its frame";
    auto renumbered = whole;
    renumbered.insert(at + 2, "1");
    EXPECT_NE(rows_of(renumbered), rows_of_frames()) << "a frame under another number";
  }
}

}  // namespace
}  // namespace roamdesk::tunnel
