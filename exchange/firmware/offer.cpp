#include "exchange/firmware/offer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/phones/firmware.hpp"

namespace roamdesk::firmware {

std::string pin_key(phones::Vendor vendor, std::string_view model) {
  return fmt::format("{}:{}", phones::to_string(vendor), model);
}

std::optional<PinnedModel> read_pin_key(std::string_view key) {
  const auto colon = key.find(':');
  if (colon == std::string_view::npos || colon + 1 == key.size()) return std::nullopt;
  const auto vendor = phones::parse_vendor(key.substr(0, colon));
  if (!phones::is_supported(vendor)) return std::nullopt;
  return PinnedModel{vendor, std::string{key.substr(colon + 1)}};
}

std::vector<FirmwareFile> files_of(const Directory& directory, phones::Vendor vendor, std::string_view model,
                                   std::string_view version) {
  std::vector<FirmwareFile> found;
  for (const auto& [sha256, file] : directory.all<FirmwareFile>())
    if (file.vendor == vendor && file.version == version &&
        std::find(file.models.begin(), file.models.end(), model) != file.models.end())
      found.push_back(file);
  return found;
}

std::optional<Offer> offer_of(const Directory& directory, const phones::Model& model, const Mac& mac) {
  const auto& turns = directory.all<FirmwareTurn>();
  const auto turn = turns.find(mac.text());
  if (turn == turns.end() || !turn->second.began) return std::nullopt;
  const auto& pins = directory.all<FirmwarePin>();
  const auto pin = pins.find(pin_key(model.vendor, model.name));
  if (pin == pins.end() || pin->second.version != turn->second.version) return std::nullopt;
  Offer offer{pin->second.version, {}, files_of(directory, model.vendor, model.name, pin->second.version)};
  for (const auto& file : offer.files)
    if (phones::is_main_firmware(file.vendor, file.name)) offer.main = file.name;
  if (offer.main.empty()) return std::nullopt;
  return offer;
}

}  // namespace roamdesk::firmware
