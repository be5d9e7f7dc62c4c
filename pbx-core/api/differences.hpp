#pragma once
#include <boost/json/object.hpp>
#include <vector>

#include "exchange/model/changes.hpp"
#include "exchange/model/directory.hpp"
#include "exchange/model/settings.hpp"

// What a change makes other than it was, for the audit. Pure.
namespace roamdesk::api {

// Member by member; of an object within, "options.language". A text longer than 200 bytes is cut; 50 members at most.
std::vector<FieldChange> differences(const boost::json::object& before, const boost::json::object& after);

// Of the records that are there and are put anew; where there are several, each member's name has its record's key
// before it: "abroad: position". No secrets.
std::vector<FieldChange> differences(const Changes& changes, const Directory& directory, const Settings& settings);

}  // namespace roamdesk::api
