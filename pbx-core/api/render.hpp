#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "pbx-core/api/domain.hpp"
#include "pbx-core/api/events.hpp"
#include "pbx-core/api/jobs.hpp"
#include "pbx-core/store/store.hpp"

// Views as the JSON of contract §3. Secrets and hashes have no way out here.
namespace roamdesk::api {

boost::json::object to_json(const ExtensionView& extension);
boost::json::object to_json(const PhoneView& phone);
boost::json::object to_json(const DeskView& desk);
boost::json::object to_json(const SbcView& sbc);
boost::json::object to_json(const EmergencyPlace& place);
boost::json::object to_json(const CallView& call);
boost::json::object to_json(const ModelView& model);
boost::json::object to_json(const DrawnKeys& keys);
boost::json::object to_json(const Job& job);
boost::json::object to_json(const store::AuditPage& page);
// render_statistics.cpp
boost::json::object to_json(const Numbers& now);
boost::json::object to_json(const Statistics& statistics);

template <class View>
boost::json::array to_json(const std::vector<View>& views) {
  boost::json::array array;
  array.reserve(views.size());
  for (const View& view : views) array.push_back(to_json(view));
  return array;
}

struct RenderedEvent {
  std::string name;  // "phone.discovered"
  boost::json::object data;
};
RenderedEvent to_json(const Event& event);

}  // namespace roamdesk::api
