#pragma once
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "common/base/endpoint.hpp"

// Addresses as Asio has them.
namespace roamdesk::net {

inline boost::asio::ip::address to_asio(IpAddress address) {
  if (address.is_v4()) return boost::asio::ip::address_v4{address.v4()};
  return boost::asio::ip::address_v6{address.bytes()};
}
inline IpAddress from_asio(const boost::asio::ip::address& address) {
  return address.is_v4() ? IpAddress{address.to_v4().to_uint()} : IpAddress::from_bytes(address.to_v6().to_bytes());
}
template <class Protocol>
Endpoint from_asio(const boost::asio::ip::basic_endpoint<Protocol>& endpoint) {
  return {from_asio(endpoint.address()), endpoint.port()};
}
inline boost::asio::ip::tcp::endpoint to_tcp(const Endpoint& endpoint) {
  return {to_asio(endpoint.address), endpoint.port};
}

// Opens, binds and listens. "::" takes IPv4 as well; where this machine has no IPv6, it is 0.0.0.0.
boost::system::error_code listen(boost::asio::ip::tcp::acceptor& acceptor, Endpoint address, int backlog);

}  // namespace roamdesk::net
