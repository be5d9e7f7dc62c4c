#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/phones/model.hpp"

namespace roamdesk::provisioning {

enum class FileKind : std::uint8_t {
  unknown,
  device_config,  // the phone's own; `mac` is set
  device_probe,   // another form of it that we don't have (Grandstream's binary cfg<mac>): 404, quickly
  common,         // of a model or vendor: a valid file that says nothing
  boot,           // Yealink's .boot: 404 makes the phone ask for its configuration
  firmware,       // 404: firmware is the administrator's business
  other,          // language packs, phone books, …: 404
};

struct FileName {
  FileKind kind = FileKind::unknown;
  std::optional<Mac> mac;
  friend bool operator==(const FileName&, const FileName&) = default;
};

// What a vendor's phone asks for (reference §4). `name` is the last part of the path, decoded; any case of the MAC.
FileName resolve(phones::Vendor vendor, std::string_view name);
// Where nothing but the name is known: the vendor whose own form it is; unknown for "<mac>.cfg", which has two.
phones::Vendor vendor_by_name(std::string_view name);

// The name under which the phone asks for its own file: "001565112233.cfg".
std::string config_file_name(const phones::Model& model, const Mac& mac);

}  // namespace roamdesk::provisioning
