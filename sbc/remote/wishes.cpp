#include "sbc/remote/wishes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace roamdesk::sbc {
namespace {

constexpr std::array<std::string_view, 4> level_words = {"debug", "info", "warning", "error"};

bool read_dscp(std::uint8_t value, std::optional<std::uint8_t>& out) {
  if (value != tunnel::as_its_file) out = value;
  return value <= 63 || value == tunnel::as_its_file;
}

std::optional<std::uint8_t> parse_dscp(std::string_view text) {
  unsigned value = 64;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > 63) return std::nullopt;
  return static_cast<std::uint8_t>(value);
}

}  // namespace

std::string_view level_word(log::Level level) { return level_words.at(static_cast<std::size_t>(level)); }

std::optional<Wishes> wishes_of(const tunnel::SettingsOrder& order) {
  Wishes wishes;
  if (order.log_level != tunnel::as_its_file) {
    if (order.log_level >= level_words.size()) return std::nullopt;
    wishes.log_level = static_cast<log::Level>(order.log_level);
  }
  if (!read_dscp(order.sip_dscp, wishes.sip_dscp) || !read_dscp(order.rtp_dscp, wishes.rtp_dscp)) return std::nullopt;
  return wishes;
}

std::string to_text(const Wishes& wishes) {
  std::string text;
  if (wishes.log_level) text += fmt::format("log_level {}\n", level_word(*wishes.log_level));
  if (wishes.sip_dscp) text += fmt::format("sip_dscp {}\n", *wishes.sip_dscp);
  if (wishes.rtp_dscp) text += fmt::format("rtp_dscp {}\n", *wishes.rtp_dscp);
  return text;
}

std::optional<Wishes> parse_wishes(std::string_view text) {
  Wishes wishes;
  while (!text.empty()) {
    const auto end = text.find('\n'), blank = text.find(' ');
    if (end == std::string_view::npos || blank > end) return std::nullopt;
    const auto name = text.substr(0, blank), value = text.substr(blank + 1, end - blank - 1);
    text.remove_prefix(end + 1);
    if (name == "log_level") {
      const auto known = std::find(level_words.begin(), level_words.end(), value);
      if (known == level_words.end()) return std::nullopt;
      wishes.log_level = static_cast<log::Level>(known - level_words.begin());
    } else if (name == "sip_dscp" || name == "rtp_dscp") {
      const auto dscp = parse_dscp(value);
      if (!dscp) return std::nullopt;
      (name == "sip_dscp" ? wishes.sip_dscp : wishes.rtp_dscp) = dscp;
    } else {
      return std::nullopt;
    }
  }
  return wishes;
}

}  // namespace roamdesk::sbc
