#pragma once
#include <boost/asio/ip/tcp.hpp>

#include "common/base/endpoint.hpp"

namespace roamdesk::http {

// 0.0.0.0:0 for an address that isn't IPv4.
inline Endpoint endpoint_of(const boost::asio::ip::tcp::endpoint& e) {
  if (!e.address().is_v4()) return {};
  return Endpoint{IpAddress{e.address().to_v4().to_uint()}, e.port()};
}

}  // namespace roamdesk::http
