#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"
#include "common/net/socket_address.hpp"

namespace roamdesk::media {

// A non-blocking UDP socket bound to `local`, marked with `dscp`; -1 and the reason where that isn't possible.
int open_udp(const Endpoint& local, int dscp, std::string& why);
// Marks one that is open, of either family; -1 is none.
void mark_udp(int fd, int dscp);
// Takes the next ICMP error of a socket: where the packet was meant to go that couldn't arrive. nullopt: no more.
std::optional<Endpoint> take_unreachable(int fd);
// Sends one datagram; what the kernel has no room for, or may not send, is dropped.
void send_now(int fd, std::span<const std::uint8_t> bytes, const net::SocketAddress& to);
// Closes what open_udp opened, if it did, and forgets it.
void close_udp(int& fd);

}  // namespace roamdesk::media
