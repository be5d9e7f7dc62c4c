#include "sbc/remote/machine_facts.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include <array>
#include <bit>
#include <fstream>
#include <functional>
#include <sstream>
#include <system_error>

namespace roamdesk::sbc {
namespace {

void lines_of(const char* path, const std::function<void(const std::string&)>& take) {
  std::ifstream in{path};
  std::size_t read = 0;
  for (std::string line; read < 16 * 1024 && std::getline(in, line); read += line.size() + 1) take(line);
}

std::string addresses() {
  std::string text;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return text;
  for (const ifaddrs* one = all; one && text.size() < 16 * 1024; one = one->ifa_next) {
    if (!one->ifa_addr || (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6)) continue;
    std::array<char, NI_MAXHOST> name{};
    const socklen_t size = one->ifa_addr->sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    if (::getnameinfo(one->ifa_addr, size, name.data(), name.size(), nullptr, 0, NI_NUMERICHOST) == 0)
      text += fmt::format("address: {} {}\n", one->ifa_name, name.data());
  }
  ::freeifaddrs(all);
  return text;
}

std::string quad(std::uint32_t network_order) {
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, &network_order, text.data(), text.size());
  return text.data();
}

}  // namespace

std::string route_text(const std::string& line) {
  std::istringstream in{line};
  std::string device, rest;
  std::uint32_t to = 0, via = 0, mask = 0;
  unsigned flags = 0, ignored = 0;
  in >> device >> std::hex >> to >> via >> flags >> std::dec >> ignored >> ignored >> ignored >> std::hex >> mask;
  if (!in) return {};
  return fmt::format("{} {}/{}{}", device, quad(to), std::popcount(mask), via == 0 ? "" : " via " + quad(via));
}

std::string machine_facts(const std::filesystem::path& state_dir) {
  std::string text;
  utsname system{};
  if (::uname(&system) == 0) text += fmt::format("kernel: {} {} {}\n", system.sysname, system.release, system.machine);
  lines_of("/etc/os-release", [&](const std::string& line) {
    if (line.starts_with("PRETTY_NAME=")) text += "system: " + line.substr(12) + '\n';
  });
  lines_of("/proc/uptime",
           [&](const std::string& line) { text += "uptime_s: " + line.substr(0, line.find(' ')) + '\n'; });
  lines_of("/proc/loadavg", [&](const std::string& line) { text += "load: " + line + '\n'; });
  lines_of("/proc/meminfo", [&](const std::string& line) {
    if (line.starts_with("MemTotal") || line.starts_with("MemAvailable")) text += line + '\n';
  });
  std::error_code error;
  const auto disk = std::filesystem::space(state_dir, error);
  if (!error) text += fmt::format("disk: {} MiB of {} MiB free\n", disk.available >> 20, disk.capacity >> 20);
  text += addresses();
  lines_of("/proc/net/route", [&](const std::string& line) {
    if (const auto route = route_text(line); !route.empty()) text += "route: " + route + '\n';
  });
  lines_of("/etc/resolv.conf", [&](const std::string& line) {
    if (line.starts_with("nameserver") || line.starts_with("search")) text += "dns: " + line + '\n';
  });
  return text;
}

}  // namespace roamdesk::sbc
