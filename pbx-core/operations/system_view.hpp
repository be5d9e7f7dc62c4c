#pragma once
#include <boost/json/object.hpp>
#include <functional>

#include "pbx-core/config.hpp"
#include "pbx-core/platform/https_certificate.hpp"

namespace roamdesk::core {

// What runs here, for GET /system: the version, where it listens, and the certificate of HTTPS as its file is now. No
// secrets. What is given back may be called on any thread.
std::function<boost::json::object()> system_view(const Config& config, const HttpsCertificate& https);

}  // namespace roamdesk::core
