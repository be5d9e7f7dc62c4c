#pragma once
#include <cstdint>
#include <memory>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::net {

// Tells the time to phones (contract §2, lan.ntp). Each address may ask 20 times at once and twice a second after that;
// more is dropped silently. One thread.
class SntpServer {
 public:
  explicit SntpServer(boost::asio::io_context& io);
  ~SntpServer();
  Result<Endpoint> open(Endpoint listen);
  std::uint64_t answered() const;
  std::uint64_t dropped() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace roamdesk::net
