#pragma once
#include "exchange/model/directory.hpp"
#include "exchange/routing/dial_codes.hpp"
#include "pbx-core/api/reader.hpp"

// What trunks, outbound rules, inbound numbers and upstream accounts may be; pure.
namespace roamdesk::api {

// By itself. Each refuses the first member that can't be, in the words of what would be right.
void check_record(Reader& reader, const Trunk& trunk);
void check_record(Reader& reader, const OutboundRule& rule);
void check_record(Reader& reader, const InboundNumber& number);
void check_record(Reader& reader, const UpstreamAccount& account);

// Beside what there is: what can't be, in one sentence; nullopt where nothing is wrong. `codes` are
// routing::codes_anywhere().
Fault clash(const Trunk& trunk, const Directory& directory, const routing::Codes& codes);
Fault clash(const OutboundRule& rule, const Directory& directory, const routing::Codes& codes);
Fault clash(const InboundNumber& number, const Directory& directory, const routing::Codes& codes);
Fault clash(const UpstreamAccount& account, const Directory& directory, const routing::Codes& codes);

// Its extension isn't there, or its trunk isn't one at which accounts can be.
Fault no_place_for(const UpstreamAccount& account, const Directory& directory);
// That another extension has this very account: two that register as one would take each other's calls.
Fault taken_by(const UpstreamAccount& account, const std::string& other);

// Why it can't be deleted.
Fault still_used(const Trunk& trunk, const Directory& directory, const Settings& settings);
inline Fault still_used(const OutboundRule&, const Directory&, const Settings&) { return std::nullopt; }
inline Fault still_used(const InboundNumber&, const Directory&, const Settings&) { return std::nullopt; }
inline Fault still_used(const UpstreamAccount&, const Directory&, const Settings&) { return std::nullopt; }

// What goes with it when it is deleted, beside itself: what locations are known by at that trunk. Another one of its
// name is another provider.
Changes goes_with(const Trunk& trunk, const Directory& directory);
template <class Record>
Changes goes_with(const Record&, const Directory&) {
  return {};
}

Fault check_e164(std::string_view text);
Fault check_country(std::string_view name);

}  // namespace roamdesk::api
