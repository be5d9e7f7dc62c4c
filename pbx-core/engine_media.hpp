#pragma once
#include <optional>
#include <variant>

#include "common/log/log.hpp"
#include "common/media/engine.hpp"
#include "common/media_orders/plane.hpp"
#include "pbx-core/door/door.hpp"

namespace roamdesk::core {

// The core's engine as the door's media plane. The packets of an SBC's streams come and go by the tunnel, to the peer
// that the door names.
class EngineMedia final : public media::Plane {
 public:
  explicit EngineMedia(media::Engine& engine) : engine_(engine) {
    log::info("media.loop", {{"loop", engine.loops().text()}});
  }
  // Before the first order.
  void attach(const door::Door& door) { door_ = &door; }
  void order(const media::Order& order) override {
    std::optional<tunnel::link::MediaPeer> trunk;
    if (const auto* open = std::get_if<media::OpenStream>(&order)) trunk = door_->media_peer(open->site);
    engine_.post(order, trunk);
  }

 private:
  media::Engine& engine_;
  const door::Door* door_ = nullptr;
};

}  // namespace roamdesk::core
