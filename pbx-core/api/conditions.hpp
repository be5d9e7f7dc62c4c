#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "pbx-core/api/routes.hpp"

// Conditional requests (RFC 9110 §13): a GET of one record says its version in ETag; a change that names it in If-Match
// is made only if the record is still that one, and refused with 412 else.
namespace roamdesk::api {

// Calls the route's handler, or refuses.
void with_condition(Service& service, const CallPtr& call, const Route& route);

// The tags of an If-Match. Weak ones are left out: they match nothing (§13.1.1). `*` is among them as it is.
std::vector<std::string> tags_in(std::string_view field);
bool matches(const std::vector<std::string>& tags, const std::string& version);

// For what the domain doesn't keep: whether the request may change what has this version; else it has been refused.
bool may_change(const CallPtr& call, const std::string& version);

}  // namespace roamdesk::api
