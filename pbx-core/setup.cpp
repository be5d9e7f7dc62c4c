#include "pbx-core/setup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "common/config/types.hpp"
#include "pbx-core/api/control.hpp"

namespace roamdesk::core {
namespace {

// By its full name where the resolver knows one.
std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || !config::is_host(name.data())) return "localhost";
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME;
  addrinfo* found = nullptr;
  std::string full;
  if (::getaddrinfo(name.data(), nullptr, &hints, &found) == 0 && found && found->ai_canonname)
    full = found->ai_canonname;
  if (found) ::freeaddrinfo(found);
  return config::is_host(full) && full != "localhost" ? full : name.data();
}

void write_first_file(const std::filesystem::path& path, const std::string& text) {
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  const bool written =
      fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0) ::close(fd);
  if (!written) throw std::runtime_error(path.string() + ": " + std::strerror(why));
}

bool runs(const std::filesystem::path& state_dir, std::chrono::seconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  for (;;) {
    if (api::control(state_dir / "control.sock", {"ping", {}})) return true;  // not known to it; any answer will do
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{250});
  }
}

}  // namespace

std::string first_file(const std::string& domain) {
  return fmt::format(
      "# Every key, with its default: /usr/share/doc/roamdesk-common/docs/contract.md. What is changed here is taken "
      "up by\n"
      "# `systemctl restart pbx-core`; `pbx-core check --config FILE` says what is wrong with it.\n"
      "sip:\n"
      "  domain: {}   # under which phones register, and the console's name\n"
      "backup:\n"
      "  directory: /var/lib/pbx-core-backups   # one every night; a copy elsewhere is yours to make\n",
      domain);
}

std::string firewall_lines(const Config& config) {
  std::string text;
  const auto line = [&](const std::optional<Endpoint>& at, const char* protocol, const char* what) {
    if (at && !at->address.is_loopback()) text += fmt::format("  {:<4} {:<12} {}\n", protocol, at->port, what);
  };
  for (const Endpoint& at : config.tunnel) line(at, "tcp", "SBCs: signalling"), line(at, "udp", "SBCs: media");
  line(config.http.tls, "tcp", "console and API over HTTPS");
  line(config.http.listen, "tcp", "provisioning of phones beside the core");
  line(config.sip.udp, "udp", "SIP of phones beside the core, and of trunks");
  line(config.sip.tcp, "tcp", "the same over TCP");
  line(config.sip.tls, "tcp", "the same over TLS");
  text += fmt::format("  {:<4} {:<12} {}\n", "udp", fmt::format("{}-{}", config.rtp.ports.first, config.rtp.ports.last),
                      "their media");
  line(config.ntp, "udp", "their clock");
  return text;
}

int setup_command(const SetUp& what) {
  if (!std::filesystem::exists(what.config)) {
    if (!what.domain.empty() && !config::is_host(what.domain))
      throw std::runtime_error("the domain " + what.domain + " is none; a name like pbx.example.com is expected");
    write_first_file(what.config, first_file(what.domain.empty() ? machine_name() : what.domain));
  }
  if (what.write_only) return 0;
  const Config config = load_config(what.config);
  const bool running = runs(config.state_dir, std::chrono::seconds{15});
  if (running)
    fmt::print("Roamdesk runs as {} ({}).\n", config.sip.domain, what.config.string());
  else
    fmt::print("Roamdesk doesn't run. `journalctl -u pbx-core` says why; the file is {}.\n", what.config.string());
  if (config.http.tls)
    fmt::print("\nConsole: https://{}:{}   (its certificate is of {} until you name one: docs/core.md)\n",
               config.sip.domain, config.http.tls->port, (config.state_dir / "authority.pem").string());
  const auto password = config.state_dir / "initial-admin-password";
  std::error_code unreadable;
  if (std::filesystem::exists(password, unreadable))
    fmt::print("Log in as `admin`; the first password, readable by root only: cat {}\n", password.string());
  else
    fmt::print("A lost password: pbx-core user reset-password NAME --config {}\n", what.config.string());
  fmt::print("\nThe firewall has to let in:\n{}", firewall_lines(config));
  return running ? 0 : 1;
}

}  // namespace roamdesk::core
