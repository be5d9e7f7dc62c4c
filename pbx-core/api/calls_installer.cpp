#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {

void show_installer(Service& service, const CallPtr& call) {
  const Installer installer = service.options().installer ? service.options().installer() : Installer{};
  boost::json::value authority = nullptr;
  if (!installer.authority.empty()) authority = installer.authority;
  call->answer(200, boost::json::object{{"available", installer.available}, {"authority", authority}});
}

}  // namespace roamdesk::api
