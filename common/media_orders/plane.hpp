#pragma once
#include "common/media_orders/orders.hpp"

namespace roamdesk::media {

// Carries out orders, in their order: an engine, or what passes them on to one. What it has to report comes back as
// media::Event by another way.
class Plane {
 public:
  virtual ~Plane() = default;
  virtual void order(const Order& order) = 0;
};

}  // namespace roamdesk::media
