#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/phones/clock.hpp"
#include "common/phones/file_name.hpp"
#include "common/phones/model.hpp"
#include "common/phones/own_form.hpp"
#include "common/phones/words.hpp"

namespace roamdesk::phones {

// Where a phone fetches its configuration.
struct ConfigUrl {
  std::string directory;          // "http://192.168.1.5:5000/provision/TOKEN/"
  std::string pnp;                // what plug-and-play hands out: the directory, or the whole file's URL
  std::string_view dialect = "";  // the model's
};
// "192.168.1.5:5000/provision/TOKEN": without scheme and last slash.
std::string without_scheme(std::string_view directory);

// How a model's file spells what differs between the vendor's models: the word of the model list ("" for the usual way)
// and the section that the template shows for it.
struct Dialect {
  std::string_view word;
  const char* section;
  // A second section, shown with it; nullptr for none.
  const char* also = nullptr;
  // Where the file keeps keys apart by place: the element of those of a model whose data name none. "" elsewhere.
  std::string_view key_element = "";
  // nullptr: the grammar's.
  const Languages* languages = nullptr;
  const Codecs* codecs = nullptr;
  std::string (*zone_name)(const Zone&) = nullptr;
  std::span<const CodecName> without{};  // codecs that it has no word for
};
inline constexpr std::span<const Dialect> no_dialects;

// The parameters of one key, where they are numbers.
struct KeyNumbers {
  unsigned mode, account, label, value;
  unsigned pickup = 0;  // what is dialled while its lamp rings; 0 where a key has none of its own
};
// Those of an account that are cleared; 0 for one that isn't known.
struct AccountNumbers {
  unsigned active, label, user, auth_user, password, name, voicemail, server, proxy;
};
// How the parameters of phones that know them by number alone are numbered.
struct Numbering {
  // `account` counts from 1; of the first one the template has them.
  Required<AccountNumbers (*)(std::size_t account)> account;
  // `index` counts from 0 over all keys of the model.
  Required<KeyNumbers (*)(const Model& model, std::size_t index)> key;
  // Of expansion modules, each counted from 1; nullptr where no model has one.
  Required<KeyNumbers (*)(std::size_t module, std::size_t key)> module_key;
  // nullopt for a codec that the model hasn't.
  Required<std::optional<unsigned> (*)(const Model& model, CodecName codec)> codec;
};

// How a vendor's phones are given firmware. What their configuration says of it is in their template; the files lie in
// the folder of their own file.
struct FirmwareForm {
  // Of the names of its files, in lower case; the first one is of the file that the configuration names.
  Required<std::span<const std::string_view>> endings;
  // A small file of ours that names the firmware, asked for by a name that is FileKind::firmware_note; nullptr where a
  // phone needs none.
  Required<std::string (*)(std::string_view url, std::string_view version)> note;
  // It looks for firmware as it boots, so that it is told to.
  Required<bool> at_boot;
  // How long it may take until it has asked and is back: more than its longest time between two looks.
  Required<unsigned> minutes;
};

// How a vendor's phones read their configuration, and by which names they ask for it (docs/reference/provisioning.md
// §4, §5). The parameters' own names are in config/templates/<vendor>.tpl.
struct Grammar {
  Word content_type;
  // A clean text made fit for a value's place: `escape_xml`, or what the vendor's lines need.
  Required<std::string (*)(std::string_view)> escape;
  // How an empty value is said; "" where the vendor needs no word for it.
  Required<std::string_view> empty;
  // Characters that would be grammar in a key's label, and are left out of it.
  Required<std::string_view> not_in_labels;

  Transports transports;
  Languages languages;
  Codecs codecs;
  Required<std::string (*)(const Zone&)> zone;
  // The zone by the vendor's own name for it; nullptr where its phones have none.
  Required<std::string (*)(const Zone&)> zone_name;
  // The usual one first.
  Required<std::span<const Dialect>> dialects;
  // nullptr where all parameters have names.
  Required<const Numbering*> numbering;

  // What a phone asks for, in lower case and of at most 128 characters.
  Required<FileName (*)(std::string_view)> resolve;
  // The name under which a phone of this model asks for its own file.
  Required<std::string (*)(std::string_view model, const Mac&)> own_file;
  // A file that does nothing but to name the phone's own one, and its firmware ("" for none); nullptr where a phone
  // asks for that by itself.
  Required<std::string (*)(const Mac&, std::string_view firmware)> index_file;
  FirmwareForm firmware;
  OwnForm own;
  // Whether its files can tell a phone to trust an authority that isn't built in. Without that it isn't given HTTPS.
  Required<bool> takes_authority;
  // A whole file that sets nothing.
  Word nothing;
  // A whole file that sets nothing but where to fetch from (DHCP option 66).
  Required<std::string (*)(const ConfigUrl&)> redirect;
};

inline constexpr std::string_view xml_head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

}  // namespace roamdesk::phones
