#pragma once
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "common/base/places.hpp"
#include "common/http/message.hpp"
#include "common/tunnel/frames.hpp"

namespace roamdesk::sbc {

// GET /provision/… and nothing else (contract §4): asked of the core, answered to the phone. On the signalling thread;
// `Respond` may be called from any.
class ProvisioningRelay {
 public:
  struct Limits {
    // Requests at once, all phones together; half of them are for phones that have fetched a file before.
    std::size_t waiting = 64;
    std::size_t waiting_per_peer = 4;
    std::size_t target = 2048;    // characters
    std::size_t body = 4u << 20;  // bytes of an answer
    std::size_t body_in_all = 32u << 20;
    std::chrono::seconds patience{30};
  };
  // False: the core is away.
  using Send = std::function<bool(tunnel::Frame)>;
  ProvisioningRelay(boost::asio::io_context& io, Limits limits, Send send);

  void handle(http::Request request, http::Respond respond);
  void handle(tunnel::HttpHead head);
  void handle(tunnel::HttpBody body);
  void handle(const tunnel::HttpCancel& cancel);
  // The tunnel's connection is gone, and with it all that was asked.
  void handle_disconnected();

  std::uint64_t relayed() const { return relayed_; }
  std::uint64_t refused() const { return refused_; }

 private:
  struct Waiting {
    http::Respond respond;
    http::Response response;
    IpAddress peer;
    Places::Id place;
    bool has_head = false;
    bool knows_token = true;  // where it is given a file
    std::chrono::steady_clock::time_point until{};
  };
  void finish(std::uint32_t id, unsigned status);
  void watch();
  boost::asio::steady_timer timer_;
  Limits limits_;
  Send send_;
  Places places_{{.in_all = limits_.waiting,
                  .reserved = limits_.waiting / 2,
                  .per_address = limits_.waiting_per_peer,
                  .per_known_address = limits_.waiting_per_peer}};
  std::map<std::uint32_t, Waiting> waiting_;
  std::size_t held_ = 0;  // bytes of answers that aren't complete
  std::uint32_t last_ = 0;
  std::uint64_t relayed_ = 0, refused_ = 0;
  bool watching_ = false;
};

}  // namespace roamdesk::sbc
