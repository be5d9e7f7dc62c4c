#pragma once
#include <optional>

#include "common/media_orders/orders.hpp"
#include "common/tunnel/link/media_link.hpp"

namespace roamdesk::sites {

// The core's media plane as the door tells it; app.cpp implements it over media::Engine, tests write down what they
// get. What the plane reports comes back by Door::handle_engine_event.
class MediaPort {
 public:
  virtual ~MediaPort() = default;
  // `trunk`: the stream's packets come from and go to this peer of the tunnel (OpenStream only); none: from and to the
  // socket at `local`.
  virtual void order(const media::Order& order, std::optional<tunnel::link::MediaPeer> trunk) = 0;
};

}  // namespace roamdesk::sites
