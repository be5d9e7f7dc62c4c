#pragma once
#include <string>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"

struct sockaddr_in;

namespace roamdesk::media {

// A non-blocking UDP socket bound to `local`, marked with `dscp`; -1 and the reason where that isn't possible.
int open_udp(const Endpoint& local, int dscp, std::string& why);
// Closes what open_udp opened, if it did, and forgets it.
void close_udp(int& fd);
sockaddr_in to_sockaddr(const Endpoint& endpoint);
Endpoint from_sockaddr(const sockaddr_in& address);

}  // namespace roamdesk::media
