#pragma once
#include <filesystem>
#include <string>

namespace roamdesk::sbc {

// What this machine says of itself, for a diagnosis, in lines: its kernel, system, uptime, load, memory, disk; its
// addresses, routes and name servers. Reads small files only, 16 KiB of each at most.
std::string machine_facts(const std::filesystem::path& state_dir);

// A line of /proc/net/route as "eth0 0.0.0.0/0 via 192.168.1.1"; "" where it is none. Pure.
std::string route_text(const std::string& line);

}  // namespace roamdesk::sbc
