#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "sbc/remote/wishes.hpp"

namespace roamdesk::sbc {

// The settings that are in force: those of sbc.yaml, and over them what the console wishes, which is kept in state_dir
// and so outlives a restart and an absent core. Signalling thread.
class KeptSettings {
 public:
  // Of sbc.yaml, and then in force.
  struct Values {
    log::Settings log;
    std::uint8_t sip_dscp = 0, rtp_dscp = 46;
    friend bool operator==(const Values&, const Values&) = default;
  };
  // `apply` puts values into force; called by begin() and whenever they are others. May be empty.
  KeptSettings(std::filesystem::path kept, Values own, std::function<void(const Values&)> apply)
      : kept_(std::move(kept)), own_(own), apply_(std::move(apply)) {}

  // Reads what is kept. What can't be read counts as nothing: the branch works by its own file.
  void begin();
  // sbc.yaml was read again.
  void use(const Values& own);
  // In force before the answer. What can't be is refused whole; where it can't be kept, it holds until the restart, and
  // the answer says so.
  tunnel::SettingsNews handle(const tunnel::SettingsOrder& order);

  Values values() const;
  // For `sbc status`: "debug (the console; sbc.yaml says info)", "info".
  std::string log_level_text() const;
  std::string sip_dscp_text() const;
  std::string rtp_dscp_text() const;

 private:
  std::filesystem::path kept_;
  Values own_;
  std::function<void(const Values&)> apply_;
  Wishes wishes_;
};

}  // namespace roamdesk::sbc
