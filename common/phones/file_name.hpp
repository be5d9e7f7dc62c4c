#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/phones/mac.hpp"

namespace roamdesk::phones {

enum class FileKind : std::uint8_t {
  unknown,
  device_config,  // the phone's own; `mac` is set
  device_probe,   // another form of it that we don't have (Grandstream's binary cfg<mac>, Poly's <mac>-phone.cfg): 404
  common,         // of a model or vendor: a valid file that says nothing
  index,          // names the phone's own one (Poly's <mac>.cfg); `mac` is set
  first_contact,  // of a model, the only name that an unconfigured phone has (Cisco): who it is, its User-Agent says
  boot,           // Yealink's and Fanvil's .boot: 404 makes the phone ask for its configuration
  firmware,       // 404, unless it is this phone's turn to have it
  firmware_note,  // names its firmware (Snom, Fanvil): likewise
  other,          // language packs, phone books, …: 404
};

struct FileName {
  FileKind kind = FileKind::unknown;
  std::optional<Mac> mac;
  friend bool operator==(const FileName&, const FileName&) = default;
};

// The MAC of "<mac><ending>"; nullopt for every other name.
std::optional<Mac> mac_before(std::string_view name, std::string_view ending);

}  // namespace roamdesk::phones
