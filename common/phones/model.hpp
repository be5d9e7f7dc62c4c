#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/words.hpp"
#include "common/phones/vendor.hpp"

namespace roamdesk::phones {

// Keys that have a place of their own on the phone and in its file.
struct KeyGroup {
  // What the file calls the place. More than one where not all of the model's firmware agrees on the name.
  std::vector<std::string> elements;
  std::vector<std::string> single;  // the same, of files that know no place, but an element for each key
  std::size_t pages = 1;
  std::size_t keys = 0;    // of a page, for a person's keys
  std::size_t spare = 0;   // behind them on each page: cleared and not used, since not each such phone shows them
  bool counts_on = false;  // the file numbers the keys on from page to page, rather than anew
  friend bool operator==(const KeyGroup&, const KeyGroup&) = default;
};

// Functions of the phone's own that a programmable key of it can have, by the vendor's own words for them.
enum class KeyFunction : std::uint8_t { dnd, hold, transfer, forward, voicemail };
}  // namespace roamdesk::phones

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 5> words<phones::KeyFunction> = {"dnd", "hold", "transfer", "forward",
                                                                               "voicemail"};
}  // namespace roamdesk

namespace roamdesk::phones {

// What we know of a phone model. Data (config/models), not code.
struct Model {
  Vendor vendor = Vendor::unknown;
  std::string name;                  // "T46U"; "generic" for all else that a vendor makes
  std::vector<std::string> aliases;  // other spellings in User-Agents: "SIP-T46U"
  std::size_t lines = 1;             // accounts
  std::size_t keys = 0;              // programmable keys; 0: none
  std::size_t line_keys = 0;         // of the others the first ones, which alone can be lines; 0: all of them
  bool screen_lamps = true;          // false: the keys that aren't physical ones have none, and dial
  std::size_t physical_keys = 0;     // of `keys` the last ones, where they go by names of their own (Grandstream)
  // Of expansion modules, beyond `keys`. Of each module; where `modules` is 0, of all of them, in a count that goes on
  // from `keys`. A person's keys that the phone has no place for go on there if they are used, else they are cleared.
  std::size_t module_keys = 0, modules = 0;
  bool module_keys_used = false;
  // Behind `module_keys` of each module, or of all: cleared and not used, since not each such module has them.
  std::size_t module_spare = 0;
  std::size_t module_size = 0;  // where `modules` is 0: how many of `module_keys` one module has; 0: all
  // Where public texts don't agree on the number of the first one, counted from 0: cleared from there on as well.
  std::size_t module_keys_or_from = 0;
  std::string known_good_firmware;  // the lowest; "" where nothing is known
  std::string current_firmware;     // the newest that public texts name; "" where none does
  std::vector<std::string> limits;  // what it can't do, a sentence each
  // Calls need a key of type line among the programmable ones.
  bool needs_line_key = false;
  // It can't take a new configuration without a reboot.
  bool reboots_to_resync = false;
  // What PnP gives it: a directory with a trailing '/', else the whole file's URL.
  bool wants_directory_url = true;
  bool sha256 = false;  // RFC 8760 digests
  bool tcp = true, tls = true;
  bool https = true;  // it fetches over HTTPS, where its vendor's phones can be told of an authority at all
  // How the model's file spells what differs between its vendor's models: "" for the usual way (Grammar::dialects).
  std::string dialect;
  std::size_t keys_per_page = 0;  // of keys beside a screen that shows them a page at a time; 0: one page
  std::size_t key_rows = 0;       // of a page's keys, which fill the columns from the left; 0: not known
  // In the order in which a person's keys fill them; empty where all keys are of one kind. Then `keys` is their sum.
  std::vector<KeyGroup> groups;
  std::vector<KeyFunction> key_functions;  // none where no public text has the vendor's word, or nothing ends it
  std::size_t soft_keys = 0;  // below the screen, which a user can program; they are set back to the phone's own
  friend bool operator==(const Model&, const Model&) = default;
};

// Where one of a model's keys is, each counted from 1; nullopt where the model's data don't say.
struct KeyPlace {
  std::optional<std::size_t> page, row, column;
  friend bool operator==(const KeyPlace&, const KeyPlace&) = default;
};
// `index` counts from 0 over all pages; physical keys are the page behind them.
KeyPlace place_of_key(const Model& model, std::size_t index);

// -1, 0, 1 by numbers between dots ("86.9" < "86.10", "86" == "86.0"); what isn't a number compares as text.
// Both at most 64 characters; longer ones compare by what is within.
int compare_versions(std::string_view a, std::string_view b);

// False only where both are known and `firmware` is older. A group that names the hardware doesn't count (Yealink's
// first).
bool firmware_ok(const Model& model, std::string_view firmware);

// All models there are. Values; built once by the loader of the files.
class ModelList {
 public:
  ModelList() = default;
  explicit ModelList(std::vector<Model> models) : models_(std::move(models)) {}
  // By name or alias, any case, with or without the vendor's "SIP-"; else the vendor's generic one. For a vendor
  // without models: a model with one line and no keys.
  Model find(Vendor vendor, std::string_view name) const;
  // The same, but no generic one.
  const Model* exact(Vendor vendor, std::string_view name) const;
  const std::vector<Model>& all() const { return models_; }

 private:
  std::vector<Model> models_;
};

}  // namespace roamdesk::phones
