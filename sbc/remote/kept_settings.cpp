#include "sbc/remote/kept_settings.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "sbc/remote/whole_file.hpp"

namespace roamdesk::sbc {
namespace {

std::string text_of(const auto& own, const auto& wished) {
  return wished ? fmt::format("{} (the console; sbc.yaml says {})", *wished, own) : fmt::format("{}", own);
}

}  // namespace

void KeptSettings::begin() {
  std::ifstream in{kept_};
  std::string text;
  for (char c = 0; text.size() < 512 && in.get(c);) text += c;
  if (auto wishes = parse_wishes(text))
    wishes_ = *wishes;
  else
    log::warning("settings.kept_unusable", {{"file", kept_.string()}});
  if (apply_) apply_(values());
}

void KeptSettings::use(const Values& own) {
  own_ = own;
  if (apply_) apply_(values());
}

tunnel::SettingsNews KeptSettings::handle(const tunnel::SettingsOrder& order) {
  tunnel::SettingsNews news;
  const auto wishes = wishes_of(order);
  if (!wishes) {
    news.why = "no such log level, or a DSCP above 63; nothing was changed";
  } else if (*wishes != wishes_) {
    const auto before = values();
    wishes_ = *wishes;
    if (!write_whole(kept_, to_text(wishes_)))
      news.why = "it holds until the SBC restarts: its state directory can't be written";
    if (apply_ && values() != before) apply_(values());
    log::info("settings.from_core",
              {{"log_level", log_level_text()}, {"sip_dscp", sip_dscp_text()}, {"rtp_dscp", rtp_dscp_text()}});
  }
  const auto used = values();
  news.log_level = static_cast<std::uint8_t>(used.log.level);
  news.sip_dscp = used.sip_dscp;
  news.rtp_dscp = used.rtp_dscp;
  return news;
}

KeptSettings::Values KeptSettings::values() const {
  Values used = own_;
  used.log.level = wishes_.log_level.value_or(own_.log.level);
  used.sip_dscp = wishes_.sip_dscp.value_or(own_.sip_dscp);
  used.rtp_dscp = wishes_.rtp_dscp.value_or(own_.rtp_dscp);
  return used;
}

std::string KeptSettings::log_level_text() const {
  const auto own = level_word(own_.log.level);
  return text_of(own, wishes_.log_level ? std::optional{level_word(*wishes_.log_level)} : std::nullopt);
}
std::string KeptSettings::sip_dscp_text() const { return text_of(own_.sip_dscp, wishes_.sip_dscp); }
std::string KeptSettings::rtp_dscp_text() const { return text_of(own_.rtp_dscp, wishes_.rtp_dscp); }

}  // namespace roamdesk::sbc
