#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/words.hpp"
#include "pbx-core/api/routes.hpp"

// Users who are bound to sites: the one gate in front of all calls, and what each call is to it (docs/api.md, "Bound to
// sites").
namespace roamdesk::api {

// Whose is what a call is about.
enum class Reach : std::uint8_t {
  self,     // the caller's own account, or nobody's: as for everybody
  company,  // the whole company's: read where a reader may, else refused
  sites,    // a site's: what is at the caller's is there, the rest isn't
};

// "local" and SBCs' names; never empty for a user who is bound.
using Sites = std::vector<std::string>;
bool at(const Sites& sites, std::string_view site);

// What there is at the caller's sites when the call comes.
struct AtSites {
  Principal who;
  std::set<std::string, std::less<>> desks;  // "HD0001"
  std::set<std::string, std::less<>> macs;   // of desks and phones
  std::set<std::string, std::less<>> calls;  // in which a phone there takes part
  Numbers numbers;                           // of these sites alone; of extensions all
};

struct SiteRule {
  std::string_view call;  // "GET /phones"
  Reach reach;
  // Why the caller may not have what the call names; nullopt: it is at the caller's sites. On the domain's thread;
  // null: the call names nothing.
  std::optional<Problem> (*refuse)(const Domain& domain, const Call& call) = nullptr;
  // Takes out of the answer what is at other sites; false: nothing is left to show (404). Null: there is nothing of
  // them in it.
  bool (*cut)(boost::json::value& answer, const AtSites& here) = nullptr;
};
// nullptr: undeclared, and refused to all who are bound.
const SiteRule* site_rule(const Route& route);
const std::vector<SiteRule>& site_rules();

// Does `then` where the caller may; the answer is cut then. Who isn't bound to sites passes.
void within_sites(Service& service, const CallPtr& call, const Route& route, std::function<void()> then);

// Who is told of an event.
struct Audience {
  enum class Who : std::uint8_t { everybody, not_bound, at_sites, user } who = Who::everybody;
  Sites sites{};
  std::string user{};
};
bool hears(const Audience& audience, const Principal& who);
Audience audience_of(const Event& event);
// Of "changed": `site` is where its subject is, "" for the whole company.
Audience audience_of_change(std::string_view action, const std::string& site);
// The event as one who is bound sees it.
boost::json::object cut_event(std::string_view name, boost::json::object data, const Principal& who);
// The record without what it says of the other party's site.
CallRecord cut_record(CallRecord record, const Principal& who);
std::vector<DeskView> desks_at(std::vector<DeskView> all, const Principal& who);

}  // namespace roamdesk::api

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 3> words<api::Reach> = {"self", "company", "sites"};
}  // namespace roamdesk
