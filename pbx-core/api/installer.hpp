#pragma once
#include <string>

namespace roamdesk::api {

// What the line that installs a branch needs to know of this core.
struct Installer {
  bool available = false;  // packages are served below /packages/
  // PEM; by which HTTPS is to be believed here. Empty: the administrator's own certificate, by an authority of the
  // system.
  std::string authority;
};

}  // namespace roamdesk::api
