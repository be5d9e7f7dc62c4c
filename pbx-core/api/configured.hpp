#pragma once
#include <boost/json/object.hpp>

#include "exchange/model/fields.hpp"
#include "pbx-core/api/setting_fields.hpp"
#include "pbx-core/api/shown.hpp"

// What an administrator sets of a record, without what only happens to it (who is logged in, which firmware it has):
// its version is made of this, and the audit tells what has changed of it. No secrets.
namespace roamdesk::api {

template <class Record>
boost::json::object configured(const Record& record) {
  return shown(record);
}
template <>
boost::json::object configured(const HotDesk& desk);
template <>
boost::json::object configured(const Phone& phone);
template <>
inline boost::json::object configured(const Settings& settings) {
  return to_json(settings);
}

}  // namespace roamdesk::api
