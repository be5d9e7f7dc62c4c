#pragma once
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "common/base/token_bucket.hpp"
#include "common/tunnel/frames_operation.hpp"
#include "pbx-core/door/sbc_port.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::door {

// What one SBC was asked for and owes an answer to: a report, a restart, one of each at a time. What it says without
// having been asked, of another order, or too much of, counts for nothing. Signalling thread.
class Asked : public std::enable_shared_from_this<Asked> {
 public:
  static constexpr std::size_t most_bytes = 256 * 1024;
  static constexpr auto patience = std::chrono::seconds{15};  // between two pieces, and for a restart's answer
  static constexpr net::Rate rate{6.0 / 60, 6};               // reports

  explicit Asked(boost::asio::io_context& io, Duration patience_for = patience)
      : patience_(patience_for), report_timer_(io), restart_timer_(io) {}

  // Whether it is to be sent; else `done` was called with why not.
  bool begin_report(const std::string& order, SbcPort::Reported done, TimePoint now);
  bool begin_restart(const std::string& order, SbcPort::Restarted done);
  void handle(const tunnel::ReportPart& part);
  void handle(const tunnel::RestartNews& news);
  // The connection is gone: nothing of it comes any more.
  void clear();

 private:
  struct Report {
    std::string order, bytes;
    SbcPort::Reported done;
  };
  struct Restart {
    std::string order;
    SbcPort::Restarted done;
  };
  void end_report(bool whole, std::string why);
  void end_restart(std::string why);
  void wait_for_piece();

  Duration patience_;
  net::TokenBucket bucket_;
  std::optional<Report> report_;
  std::optional<Restart> restart_;
  boost::asio::steady_timer report_timer_, restart_timer_;
};

}  // namespace roamdesk::door
