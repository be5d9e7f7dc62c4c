#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/tunnel/link/connection.hpp"

namespace roamdesk::tunnel::link {

struct CoreAddress {
  std::string host;  // a name or an address; IPv6 without brackets
  std::uint16_t port = 5090;
};
// "name:port", "name", "192.0.2.1:5090" or "[2001:db8::1]:5090"; throws std::runtime_error for anything else.
CoreAddress parse_core(std::string_view text);
std::string to_string(const CoreAddress& core);

// The addresses of `core`, asked for each time; empty, with `why` set, if there are none.
boost::asio::awaitable<std::vector<boost::asio::ip::tcp::endpoint>> resolve(CoreAddress core, std::string& why);

// TCP and TLS to one address within `timeout`; null, with `why` set, where it fails.
boost::asio::awaitable<std::shared_ptr<Connection>> dial(boost::asio::ip::tcp::endpoint endpoint,
                                                         boost::asio::ssl::context& context, Duration timeout,
                                                         std::string& why);

}  // namespace roamdesk::tunnel::link
