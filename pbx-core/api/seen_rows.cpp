#include "pbx-core/api/seen_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

namespace roamdesk::api {
namespace {

Problem changed_meanwhile(const std::vector<std::string>& changed) {
  constexpr std::size_t most_told = 8;
  const std::vector<std::string> told(changed.begin(), changed.begin() + std::min(changed.size(), most_told));
  return {412,
          fmt::format("Since you read the list these have been changed: {}{}; nothing was stored. Read it again, and "
                      "send the new versions",
                      fmt::join(told, ", "),
                      changed.size() > most_told ? fmt::format(" and {} more", changed.size() - most_told) : ""),
          "versions", 0, changed};
}

}  // namespace

std::vector<SeenRow> read_seen(Reader& reader, std::string_view name, const std::vector<std::string>& keys) {
  std::vector<SeenRow> rows;
  if (reader.null(name)) return rows;
  const boost::json::object* given = reader.object(name);
  if (!given) return rows;
  std::set<std::string, std::less<>> wanted(keys.begin(), keys.end());
  for (const auto& one : *given) {
    const std::string key(one.key());
    const auto* version = one.value().if_string();
    if (!version) {
      reader.malformed(name, "has something else than a text; a version is expected, as the list has it");
      return {};
    }
    if (wanted.erase(key) == 0) {
      reader.refuse(name, Fault{"names what isn't to be changed; one version for each that is, is expected"});
      return {};
    }
    rows.push_back({key, std::string(*version)});
  }
  if (!wanted.empty()) {
    reader.refuse(
        name, Fault{fmt::format("has none for {}; one for each is expected, or no versions at all", *wanted.begin())});
    return {};
  }
  return rows;
}

void only_as_seen(const CallPtr& call, VersionOf version, std::vector<SeenRow> rows) {
  if (rows.empty()) return;
  // Written by the domain before it answers, read after that.
  const auto changed = std::make_shared<std::vector<std::string>>();
  call->still = [version, changed, rows = std::move(rows), before = call->still](const Domain& domain) {
    if (before && !before(domain)) return false;
    changed->clear();
    for (const SeenRow& row : rows)
      if (const auto is = version(domain, row.key); is && *is != row.version) changed->push_back(row.key);
    return changed->empty();
  };
  call->respond = [respond = std::move(call->respond), changed](http::Response response) {
    respond(response.status == 412 && !changed->empty() ? to_response(changed_meanwhile(*changed))
                                                        : std::move(response));
  };
}

}  // namespace roamdesk::api
