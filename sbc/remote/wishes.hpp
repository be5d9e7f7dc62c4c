#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/log/log.hpp"
#include "common/tunnel/frames_operation.hpp"

namespace roamdesk::sbc {

// What the console wishes in place of what stands in sbc.yaml; nullopt: as it stands there.
struct Wishes {
  std::optional<log::Level> log_level{};
  std::optional<std::uint8_t> sip_dscp{}, rtp_dscp{};  // 0..63
  friend bool operator==(const Wishes&, const Wishes&) = default;
};

// nullopt where something in it can't be.
std::optional<Wishes> wishes_of(const tunnel::SettingsOrder& order);

// As it is kept at the branch: a line for each that is set, "log_level debug", "sip_dscp 24", "rtp_dscp 46".
std::string to_text(const Wishes& wishes);
// nullopt where the text is none of that: then nothing of it holds.
std::optional<Wishes> parse_wishes(std::string_view text);

std::string_view level_word(log::Level level);

}  // namespace roamdesk::sbc
