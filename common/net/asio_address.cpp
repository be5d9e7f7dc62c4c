#include "common/net/asio_address.hpp"

#include "common/net/socket_address.hpp"

namespace roamdesk::net {

using boost::asio::ip::tcp;

boost::system::error_code listen(tcp::acceptor& acceptor, Endpoint address, int backlog) {
  boost::system::error_code error;
  acceptor.open(to_tcp(address).protocol(), error);
  if (error == boost::asio::error::address_family_not_supported && address.address.is_unspecified()) {
    address.address = {};
    acceptor.open(tcp::v4(), error);
  }
  if (error) return error;
  set_dual_stack(acceptor.native_handle(), address.address);
  acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
  if (!error) acceptor.bind(to_tcp(address), error);
  if (!error) acceptor.listen(backlog, error);
  return error;
}

}  // namespace roamdesk::net
