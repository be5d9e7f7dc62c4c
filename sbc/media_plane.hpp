#pragma once
#include "common/media_orders/orders.hpp"

namespace roamdesk::sbc {

// What app.cpp tells the branch's media plane (media::Engine behind it). A stream that isn't connected exchanges its
// packets with the core, under the same id.
class MediaPlane {
 public:
  virtual ~MediaPlane() = default;
  virtual void order(const media::Order& order) = 0;
};

}  // namespace roamdesk::sbc
