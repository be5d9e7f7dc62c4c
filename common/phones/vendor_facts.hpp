#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "common/phones/agent_words.hpp"
#include "common/phones/grammar.hpp"
#include "common/phones/model.hpp"
#include "common/phones/vendor.hpp"
#include "common/phones/words.hpp"

// All that the code knows of a vendor: one object in a file of its own, vendors/<vendor>.cpp. vendors.cpp is their
// list.
namespace roamdesk::phones {

// The first three bytes of a MAC, as six hexadecimal digits in lower case.
class Oui {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): it is read like a text, in a table of texts
  consteval Oui(const char* digits) {
    const std::string_view text{digits};
    if (text.size() != 6) throw "an OUI has six digits";
    for (const char c : text) {
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) throw "an OUI's digits are 0..9 and a..f";
      value_ = value_ * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
  }
  constexpr std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 0;
};

// How a User-Agent of the vendor is known and read.
struct AgentForm {
  Word mark;
  Required<MarkPlace> place;
  // From the word with the mark on; it needn't set the vendor. nullopt for what has the mark and isn't the vendor's.
  Required<std::optional<UserAgent> (*)(AgentWords)> read;
};

// Event values of the NOTIFY that makes a phone fetch its configuration (docs/reference/provisioning.md §6).
struct Resync {
  Word fetch;   // without a reboot, as far as the vendor's phones can
  Word reboot;  // with one
};
inline constexpr Resync bare_check_sync{.fetch = "check-sync", .reboot = "check-sync;reboot=true"};

struct VendorFacts {
  Required<Vendor> vendor;
  Word name;     // "yealink": in records, API and file names
  Word display;  // "Yealink"
  // docs/reference/provisioning.md §8: the IEEE's list, then what others' code has and that list hasn't.
  Required<std::span<const Oui>> ouis;
  // nullptr: not known.
  Required<const AgentForm*> user_agent;
  // Models in a plug-and-play Event that name no model: "OEM".
  Required<std::span<const std::string_view>> no_models;
  // What stands before the model in a plug-and-play Event: "snom" of "snom370"; "" for nothing.
  Required<std::string_view> event_model_prefix;
  // What may stand before a model's name: "sip" of "SIP-T46U". In lower case and without hyphens, the longest first.
  Required<std::span<const std::string_view>> model_prefixes;
  // Whether the first group of a firmware's version is the hardware's number, which says nothing of its age.
  Required<bool> firmware_names_hardware;
  Resync resync;
  // nullptr: its phones are recognised and shown, but not configured.
  Required<const Grammar*> grammar;
};
inline constexpr std::span<const std::string_view> no_words;

// In the enum's order.
std::span<const VendorFacts* const> all_vendors();
// nullptr for unknown.
const VendorFacts* facts_of(Vendor vendor);
// The vendor must be a supported one.
const Grammar& grammar_of(Vendor vendor);
// Whether a phone of this model can be told to trust an authority of ours, and then fetches over HTTPS.
bool can_fetch_by_https(const Model& model);

}  // namespace roamdesk::phones
