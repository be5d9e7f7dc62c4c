#include "pbx-core/api/firmware_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/http/content.hpp"
#include "common/phones/firmware.hpp"
#include "exchange/firmware/offer.hpp"
#include "exchange/firmware/waves.hpp"
#include "exchange/firmware/window.hpp"

namespace roamdesk::api {
namespace {

constexpr std::size_t most_models = 100;
constexpr const char* time_expected = "is not a time of day; expected one like \"20:00\"";

const ModelView* model_of(const std::vector<ModelView>& models, phones::Vendor vendor, const std::string& name) {
  const auto found = std::find_if(models.begin(), models.end(), [&](const ModelView& model) {
    return model.vendor == vendor && model.model == name;
  });
  return found == models.end() ? nullptr : &*found;
}

void check_models(Reader& reader, const NewFirmware& made, const std::vector<ModelView>& models) {
  if (made.file.models.empty()) reader.refuse("models", Fault{"is empty; expected the models that take it"});
  for (const auto& name : made.file.models) {
    const ModelView* known = model_of(models, made.file.vendor, name);
    if (!known || name == "generic") {
      reader.refuse("models", Fault{fmt::format("names {}, which is no model of {}; GET /models lists them", name,
                                                phones::display_name(made.file.vendor))});
      continue;
    }
    phones::Model model;
    model.vendor = known->vendor;
    model.name = known->model;
    if (!known->firmware.empty()) model.known_good_firmware = known->firmware.front();
    if (const auto mismatch = phones::firmware_mismatch(model, made.file.version))
      reader.refuse("version", Fault{"is another hardware's: " + *mismatch});
  }
}

}  // namespace

void check_record(Reader& reader, const FirmwarePin& pin) {
  if (!firmware::read_pin_key(pin.model))
    reader.refuse("model", Fault{"is not a model; expected vendor and model, like \"yealink:T46U\""});
  if (!phones::is_firmware_version(pin.version))
    reader.refuse("version", Fault{"is not a version; expected what phones say of themselves, like \"108.86.0.90\""});
  if (!firmware::time_of_day(pin.from)) reader.refuse("from", Fault{time_expected});
  if (!firmware::time_of_day(pin.until)) reader.refuse("until", Fault{time_expected});
}

Fault clash(const FirmwarePin& pin, const Directory& directory, const routing::Codes&) {
  const auto model = firmware::read_pin_key(pin.model);
  const auto files =
      model ? firmware::files_of(directory, model->vendor, model->model, pin.version) : std::vector<FirmwareFile>{};
  const bool has_main = std::any_of(files.begin(), files.end(), [](const FirmwareFile& file) {
    return phones::is_main_firmware(file.vendor, file.name);
  });
  if (has_main) return std::nullopt;
  return fmt::format("There is no firmware {} for {}; put its file in first", pin.version, pin.model);
}

Fault still_used(const FirmwareFile& file, const Directory& directory) {
  for (const auto& name : file.models) {
    const auto key = firmware::pin_key(file.vendor, name);
    const auto pin = directory.all<FirmwarePin>().find(key);
    if (pin != directory.all<FirmwarePin>().end() && pin->second.version == file.version)
      return fmt::format("{} is pinned for {}; delete that pin first", file.version, key);
  }
  return std::nullopt;
}

NewFirmware read_firmware(Reader& reader, const std::vector<ModelView>& models) {
  NewFirmware made;
  const auto vendor = reader.required("vendor", "yealink");
  made.file.vendor = phones::parse_vendor(vendor);
  made.file.name = reader.required("name", "T46U-108.86.0.90.rom");
  made.file.version = reader.required("version", "108.86.0.90");
  made.file.models = reader.texts("models", most_models).value_or(std::vector<std::string>{});
  made.file.bytes = reader.integer("bytes").value_or(0);
  made.sha256 = reader.text("sha256").value_or("");
  if (reader.problem()) return made;
  if (!phones::is_supported(made.file.vendor)) {
    reader.refuse("vendor", Fault{"is no vendor whose phones are configured; GET /models lists them"});
    return made;
  }
  if (!phones::is_firmware_name(made.file.vendor, made.file.name))
    reader.refuse(
        "name", Fault{fmt::format("is not a name of firmware of {}; expected 5 to 100 letters, digits, \".\", "
                                  "\"-\" and \"_\", and an ending of {}",
                                  phones::display_name(made.file.vendor), phones::firmware_endings(made.file.vendor))});
  if (!phones::is_firmware_version(made.file.version))
    reader.refuse("version", Fault{"is not a version; expected what phones say of themselves, like \"108.86.0.90\""});
  if (!made.sha256.empty() && !http::is_sha256(made.sha256))
    reader.refuse("sha256", Fault{"is not a SHA-256; expected 64 hexadecimal characters in lower case"});
  check_models(reader, made, models);
  return made;
}

std::string sentence(const FirmwarePin& pin, const FirmwareState& state) {
  if (state.phones == 0) return "There are no phones of this model.";
  if (state.done == state.phones) return fmt::format("All {} phones have {}.", state.phones, pin.version);
  std::string text = fmt::format("{} of {} phones have {}.", state.done, state.phones, pin.version);
  if (pin.paused) text += " Paused: no further turn begins.";
  if (state.stopped)
    text += fmt::format(" Stopped: {} took {} turns and {} not the firmware; see them, then try again.",
                        state.failed.size() == 1 ? "a phone" : fmt::format("{} phones", state.failed.size()),
                        firmware::most_tries, state.failed.size() == 1 ? "has" : "have");
  const auto add = [&text](std::size_t count, std::string_view why) {
    if (count > 0) text += fmt::format(" {} {}.", count, why);
  };
  add(state.running, state.running == 1 ? "is in its turn" : "are in their turns");
  add(state.outside_window, "wait for the window");
  add(state.in_call, "wait for the end of a call");
  add(state.in_use, "wait for the end of a person's day");
  add(state.offline, "aren't there");
  return text;
}

}  // namespace roamdesk::api
