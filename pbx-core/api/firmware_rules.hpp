#pragma once
#include "exchange/model/directory.hpp"
#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/api/domain.hpp"
#include "pbx-core/api/reader.hpp"

// What firmware and its pins may be; pure. As outside_rules.hpp has it.
namespace roamdesk::api {

void check_record(Reader& reader, const FirmwarePin& pin);
// There are no files of this version for the model, or not the one that its configuration names.
Fault clash(const FirmwarePin& pin, const Directory& directory, const routing::Codes& codes);
inline Fault still_used(const FirmwarePin&, const Directory&, const Settings&) { return std::nullopt; }
// The files of a pin don't go before it.
Fault still_used(const FirmwareFile& file, const Directory& directory);

// An upload as it is announced.
struct NewFirmware {
  FirmwareFile file;
  std::string sha256;  // what it has to come to; "" where the caller doesn't say
};
// Reads and checks it: name, vendor, models and version, all together.
NewFirmware read_firmware(Reader& reader, const std::vector<ModelView>& models);

// How far the model's phones are, in words.
std::string sentence(const FirmwarePin& pin, const FirmwareState& state);

}  // namespace roamdesk::api
