#include "common/net/sntp_server.hpp"

#include "common/asio/wall_clock.hpp"
#include "common/base/rate_limit.hpp"
#include "common/net/sntp.hpp"
#include "common/net/udp_socket.hpp"

namespace roamdesk::net {

class SntpServer::Impl {
 public:
  explicit Impl(boost::asio::io_context& io) : socket_(io, [this](const Datagram& datagram) { handle(datagram); }) {}
  Result<Endpoint> open(Endpoint listen) { return socket_.open(listen); }

  std::uint64_t answered_ = 0, dropped_ = 0;

 private:
  void handle(const Datagram& datagram) {
    const TimePoint now = std::chrono::steady_clock::now();
    if (now - clock_read_ >= std::chrono::seconds{10} || clock_read_ == TimePoint{}) {
      clock_ = kernel_clock_state();
      clock_read_ = now;
    }
    const auto wall = wall_now();
    const std::span<const std::uint8_t> bytes{reinterpret_cast<const std::uint8_t*>(datagram.bytes.data()),
                                              datagram.bytes.size()};
    const auto answer = limit_.allow(datagram.peer.address, now) ? answer_sntp(bytes, wall, clock_) : std::nullopt;
    if (!answer) {
      ++dropped_;
      return;
    }
    ++answered_;
    socket_.send(datagram.local, datagram.peer, {reinterpret_cast<const char*>(answer->data()), answer->size()});
  }

  RateLimit limit_{{.per_second = 2, .burst = 20, .sources = 4096}};
  ClockState clock_;
  TimePoint clock_read_{};
  UdpSocket socket_;
};

SntpServer::SntpServer(boost::asio::io_context& io) : impl_(std::make_unique<Impl>(io)) {}
SntpServer::~SntpServer() = default;
Result<Endpoint> SntpServer::open(Endpoint listen) { return impl_->open(listen); }
std::uint64_t SntpServer::answered() const { return impl_->answered_; }
std::uint64_t SntpServer::dropped() const { return impl_->dropped_; }

}  // namespace roamdesk::net
