#pragma once
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/tunnel/frames.hpp"
#include "pbx-core/door/contents.hpp"
#include "pbx-core/door/door_handler.hpp"

namespace roamdesk::door {

// The provisioning requests that one SBC relays: answers go back in pieces, as fast as the tunnel's bulk queue takes
// them.
class RelayedHttp : public std::enable_shared_from_this<RelayedHttp> {
 public:
  static constexpr std::size_t most_open = 256;  // requests at once; more are answered 503
  using Send = std::function<bool(tunnel::Frame)>;
  using Ask = std::function<void(HttpRequest, HttpReply)>;
  // Contents that go over the line at once, each once.
  static constexpr std::size_t most_contents = 4;
  RelayedHttp(boost::asio::io_context& io, SiteId site, Send send, Ask ask, const Contents& contents);

  void handle(tunnel::HttpRequest request);
  void handle(const tunnel::HttpCancel& cancel);
  // The connection is gone, and with it all that was asked over it.
  void clear();

 private:
  // A content on its way.
  struct Transfer {
    std::uint32_t id;
    std::shared_ptr<http::FileSource> source;
    std::uint64_t sent = 0;
  };
  void answer(std::uint32_t id, HttpAnswer given, std::vector<tunnel::HttpHeader> headers = {});
  // The SBC keeps contents by their hash, and asks for those that it hasn't: none but what was named to it.
  void name_content(std::uint32_t id, HttpAnswer given);
  void send_content(std::uint32_t id, std::string_view sha256);
  void next_piece();
  void pump();
  boost::asio::steady_timer timer_;
  SiteId site_;
  Send send_;
  Ask ask_;
  std::uint64_t connection_ = 0;  // answers to requests of an earlier one are dropped
  const Contents& contents_;
  std::set<std::uint32_t> open_, keeps_contents_;  // requests; of an SBC that can keep contents
  std::map<std::string, Content, std::less<>> named_;
  std::deque<Transfer> transfers_;
  std::deque<std::pair<std::uint32_t, tunnel::Frame>> waiting_;
};

}  // namespace roamdesk::door
