#pragma once
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "common/base/places.hpp"
#include "common/http/downloads.hpp"
#include "common/http/message.hpp"
#include "common/tunnel/frames.hpp"
#include "sbc/lan/content_cache.hpp"

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
  // `contents`: where phones' firmware is kept; "" for nowhere, and then it isn't served.
  ProvisioningRelay(boost::asio::io_context& io, Limits limits, Send send, std::filesystem::path contents = {});

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
    bool head = false;
    std::optional<std::string> range;  // the request's
    struct Content {
      std::string sha256;
      std::uint64_t bytes = 0;
    };
    std::optional<Content> content;  // what the core names in place of a body
    std::chrono::steady_clock::time_point until{};
  };
  void finish(std::uint32_t id, unsigned status);
  // In place of the body that the core has named by its hash.
  http::Response long_answer(const Waiting& waiting);
  std::shared_ptr<http::BodySource> source_of(const Waiting::Content& content);
  // False: it is no content that comes.
  bool take_piece(const tunnel::HttpBody& body);
  void give_up_content(std::uint32_t id);
  void watch();
  boost::asio::steady_timer timer_;
  Limits limits_;
  Send send_;
  Places places_{{.in_all = limits_.waiting,
                  .reserved = limits_.waiting / 2,
                  .per_address = limits_.waiting_per_peer,
                  .per_known_address = limits_.waiting_per_peer}};
  std::map<std::uint32_t, Waiting> waiting_;
  // Contents that come from the core.
  struct Coming {
    std::string sha256;
    std::chrono::steady_clock::time_point heard{};
  };
  std::map<std::uint32_t, Coming> coming_;
  std::optional<ContentCache> contents_;
  http::Downloads downloads_;
  std::size_t held_ = 0;  // bytes of answers that aren't complete
  std::uint32_t last_ = 0;
  std::uint64_t relayed_ = 0, refused_ = 0;
  bool watching_ = false;
};

}  // namespace roamdesk::sbc
