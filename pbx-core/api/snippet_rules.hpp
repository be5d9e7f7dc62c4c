#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "exchange/model/directory.hpp"
#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/api/reader.hpp"

// What lines of an administrator's own may be; pure. As outside_rules.hpp has it.
namespace roamdesk::api {

// Whose files they are for: "yealink:T46U", or "yealink" for all models.
struct SnippetPlace {
  phones::Vendor vendor = phones::Vendor::unknown;
  std::string model;  // "" for all
};
// nullopt for what names no vendor whose phones are configured.
std::optional<SnippetPlace> snippet_place(std::string_view key);

void check_record(Reader& reader, const Snippet& snippet);
inline Fault clash(const Snippet&, const Directory&, const routing::Codes&) { return std::nullopt; }
inline Fault still_used(const Snippet&, const Directory&, const Settings&) { return std::nullopt; }

// What is wrong with the text by the vendor's grammar, with its line; nullopt if nothing is.
std::optional<Problem> problem_with(const Snippet& snippet);

}  // namespace roamdesk::api
