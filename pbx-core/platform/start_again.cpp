#include "pbx-core/platform/start_again.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace roamdesk::core {

int start_again(char** argv) {
  ::close_range(3, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // By its name, so that it is called as before; an upgrade may have put another file there, or none yet.
  std::error_code fault;
  const auto name = std::filesystem::read_symlink("/proc/self/exe", fault);
  if (!fault && std::filesystem::exists(name, fault)) ::execv(name.c_str(), argv);
  ::execv("/proc/self/exe", argv);
  std::perror("pbx-core can't start again");
  return 1;
}

}  // namespace roamdesk::core
