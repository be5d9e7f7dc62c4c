#pragma once
#include <boost/asio/ip/udp.hpp>
#include <memory>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"

// Internal to common/net: what the two UDP shells share.
namespace roamdesk::net {

// A UDP socket that tells of each datagram where it came in, and doesn't take those of groups that others on this
// machine have joined.
class DatagramSocket : public std::enable_shared_from_this<DatagramSocket> {
 public:
  explicit DatagramSocket(boost::asio::io_context& io) : socket_(io) {}
  virtual ~DatagramSocket() = default;
  DatagramSocket(const DatagramSocket&) = delete;
  DatagramSocket& operator=(const DatagramSocket&) = delete;
  void close();

 protected:
  // Opens it, unbound, for this address, which becomes 0.0.0.0 where it is :: and this machine has no IPv6.
  Result<void> prepare(IpAddress& address);
  // Bound, to where it was prepared for.
  Result<void> bind(Endpoint address);
  // read() is called whenever something has come, until close().
  void wait();
  virtual void read() = 0;
  bool is_open() const { return socket_.is_open(); }
  int fd() { return socket_.native_handle(); }
  int family() const { return family_; }
  static boost::system::error_code last_error();

  boost::asio::ip::udp::socket socket_;

 private:
  int family_ = 0;
};

}  // namespace roamdesk::net
