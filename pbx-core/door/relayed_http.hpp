#pragma once
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/tunnel/frames.hpp"
#include "pbx-core/door/door_handler.hpp"

namespace roamdesk::door {

// The provisioning requests that one SBC relays: answers go back in pieces, as fast as the tunnel's bulk queue takes
// them.
class RelayedHttp : public std::enable_shared_from_this<RelayedHttp> {
 public:
  static constexpr std::size_t most_open = 256;  // requests at once; more are answered 503
  using Send = std::function<bool(tunnel::Frame)>;
  using Ask = std::function<void(HttpRequest, HttpReply)>;
  RelayedHttp(boost::asio::io_context& io, SiteId site, Send send, Ask ask);

  void handle(tunnel::HttpRequest request);
  void handle(const tunnel::HttpCancel& cancel);
  // The connection is gone, and with it all that was asked over it.
  void clear();

 private:
  void answer(std::uint32_t id, HttpAnswer given, std::vector<tunnel::HttpHeader> headers = {});
  void pump();
  boost::asio::steady_timer timer_;
  SiteId site_;
  Send send_;
  Ask ask_;
  std::uint64_t connection_ = 0;  // answers to requests of an earlier one are dropped
  std::set<std::uint32_t> open_;
  std::deque<std::pair<std::uint32_t, tunnel::Frame>> waiting_;
};

}  // namespace roamdesk::door
