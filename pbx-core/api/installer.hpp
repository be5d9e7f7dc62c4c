#pragma once
#include <string>
#include <vector>

namespace roamdesk::api {

// What the line that installs a branch needs to know of this core.
struct Installer {
  bool available = false;  // packages are served below /packages/
  // PEM; by which HTTPS is to be believed here. Empty: the administrator's own certificate, by an authority of the
  // system.
  std::string authority;
  // What branches can be updated to, the newest for each Debian and architecture: "0.2.0~deb12 amd64".
  std::vector<std::string> versions{};
};

}  // namespace roamdesk::api
