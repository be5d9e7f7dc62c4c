#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "pbx-core/api/reader.hpp"
#include "pbx-core/api/service.hpp"
#include "pbx-core/api/versions.hpp"

// Changes of several records at once. If-Match (RFC 9110 §13.1.1) names the version of one; here each record's stands
// in the body, as the list has it.
namespace roamdesk::api {

struct SeenRow {
  std::string key;      // of the record: "101"
  std::string version;  // that the caller has seen
};

// An object with one version for each of `keys`; no rows where the body has no such member, or (then there is a
// problem) where it is anything else.
std::vector<SeenRow> read_seen(Reader& reader, std::string_view name, const std::vector<std::string>& keys);

// The change is made only if every row is still as it was seen when it is the change's turn; else it is refused with
// 412, and `changed` of the problem names those that aren't. What has gone is refused as such, by the change.
void only_as_seen(const CallPtr& call, VersionOf version, std::vector<SeenRow> rows);

}  // namespace roamdesk::api
