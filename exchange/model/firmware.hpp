#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/phones/vendor.hpp"
#include "exchange/model/describe.hpp"

namespace roamdesk {

// A file of firmware that an administrator has put in. Its bytes lie on the core's disk, under the key.
struct FirmwareFile {
  std::string sha256{};  // of its bytes, 64 hexadecimal characters; the key
  std::string name{};    // as phones ask for it: "T46U-108.86.0.90.rom"
  phones::Vendor vendor = phones::Vendor::unknown;
  std::string version{};  // as their User-Agent says it: "108.86.0.90"
  // Of config/models.
  std::vector<std::string> models{};
  std::int64_t bytes = 0;
  WallTime added{};
  friend bool operator==(const FirmwareFile&, const FirmwareFile&) = default;
};

template <>
inline constexpr Table table<FirmwareFile>{"firmware_files", "sha256", "sha256"};
template <>
inline constexpr auto key_of<FirmwareFile> = &FirmwareFile::sha256;

template <class V, Is<FirmwareFile> R>
void fields(V& v, R& f) {
  v("sha256", f.sha256), v("name", f.name), v("vendor", f.vendor), v("version", f.version), v("models", f.models);
  v("bytes", f.bytes), v("added", f.added);
}

// Which firmware a model's phones are to have, and when they may get it.
struct FirmwarePin {
  std::string model{};    // "yealink:T46U"; the key
  std::string version{};  // of files that name this model
  // Times of day where the phone stands. A phone's turn begins within; the same twice: at any time.
  std::string from{"20:00"}, until{"05:00"};
  // Also desks whose person has logged in within the last 12 hours.
  bool also_in_use = false;
  // No further turn begins.
  bool paused = false;
  friend bool operator==(const FirmwarePin&, const FirmwarePin&) = default;
};

template <>
inline constexpr Table table<FirmwarePin>{"firmware_pins", "model", "model"};
template <>
inline constexpr auto key_of<FirmwarePin> = &FirmwarePin::model;

template <class V, Is<FirmwarePin> R>
void fields(V& v, R& p) {
  v("model", p.model), v("version", p.version), v(Field("window_from").shown_as("from"), p.from);
  v(Field("window_until").shown_as("until"), p.until), v("also_in_use", p.also_in_use), v("paused", p.paused);
}

// A phone's turns at a version. It goes when the phone has taken it.
struct FirmwareTurn {
  std::string mac{};  // the key
  std::string version{};
  unsigned tries = 0;               // turns that began
  std::optional<WallTime> began{};  // of the turn that it is in
  std::optional<WallTime> ended{};  // of the last one that came to nothing
  bool fetched = false;             // in this turn it has asked for the file
  friend bool operator==(const FirmwareTurn&, const FirmwareTurn&) = default;
};

template <>
inline constexpr Table table<FirmwareTurn>{"firmware_turns", "mac", "mac"};
template <>
inline constexpr auto key_of<FirmwareTurn> = &FirmwareTurn::mac;

template <class V, Is<FirmwareTurn> R>
void fields(V& v, R& t) {
  v("mac", t.mac), v("version", t.version), v("tries", t.tries), v("began", t.began), v("ended", t.ended);
  v("fetched", t.fetched);
}

}  // namespace roamdesk
