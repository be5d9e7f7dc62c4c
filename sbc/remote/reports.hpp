#pragma once
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "common/base/token_bucket.hpp"
#include "common/tunnel/frames_operation.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::sbc {

// The log or a diagnosis for the core, in pieces with a pause between them: 8 KiB in 100 ms hold up no call, and wait
// behind all signalling. One at a time, six a minute, 256 KiB. Signalling thread.
class Reports {
 public:
  static constexpr std::size_t most_bytes = 256 * 1024;
  static constexpr net::Rate rate{6.0 / 60, 6};

  // `make`: the text of what was asked for. `send`: false where the tunnel has no room.
  Reports(boost::asio::io_context& io, std::function<std::string(const tunnel::ReportOrder&)> make,
          std::function<bool(tunnel::ReportPart)> send, Duration pause = std::chrono::milliseconds{100})
      : make_(std::move(make)), send_(std::move(send)), pause_(pause), timer_(io) {}

  void handle(const tunnel::ReportOrder& order, TimePoint now);
  // What is left of it is for nobody.
  void handle_disconnected();

 private:
  void send_piece();

  std::function<std::string(const tunnel::ReportOrder&)> make_;
  std::function<bool(tunnel::ReportPart)> send_;
  Duration pause_;
  net::TokenBucket bucket_;
  boost::asio::steady_timer timer_;
  std::string order_, left_;  // of the one that is on its way; "" where none is
};

}  // namespace roamdesk::sbc
