#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/phones/model.hpp"
#include "exchange/model/directory.hpp"

namespace roamdesk::firmware {

// "yealink:T46U": how pins name a model.
std::string pin_key(phones::Vendor vendor, std::string_view model);
struct PinnedModel {
  phones::Vendor vendor = phones::Vendor::unknown;
  std::string model;
};
// nullopt for what isn't such a name.
std::optional<PinnedModel> read_pin_key(std::string_view key);

// The files of that version for the model.
std::vector<FirmwareFile> files_of(const Directory& directory, phones::Vendor vendor, std::string_view model,
                                   std::string_view version);

// What a phone may fetch now.
struct Offer {
  std::string version;
  std::string main;  // the name that its configuration says
  std::vector<FirmwareFile> files;
};
// nullopt unless it is in its turn, at the version that is pinned, whose main file is there.
std::optional<Offer> offer_of(const Directory& directory, const phones::Model& model, const Mac& mac);

}  // namespace roamdesk::firmware
