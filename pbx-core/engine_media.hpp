#pragma once
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <utility>
#include <variant>

#include "common/asio/turn.hpp"
#include "common/log/log.hpp"
#include "common/media/engines.hpp"
#include "common/media_orders/plane.hpp"
#include "common/tunnel/link/media_links.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/door/door.hpp"
#include "pbx-core/platform/cores.hpp"

namespace roamdesk::core {

// Where nothing is set: one for each core, but signalling wants something too where there are many.
inline std::size_t media_threads(const Config& config) {
  constexpr std::size_t most_by_itself = 8;
  return config.media_threads.value_or(std::min(cores_allowed(), most_by_itself));
}

// The core's engines as the door's media plane. The packets of an SBC's streams come and go by the tunnel, to the peer
// that the door names.
class EngineMedia final : public media::Plane {
 public:
  EngineMedia(media::Engines& engines, boost::asio::io_context& io) : engines_(engines), io_(io) {
    log::info("media.loop", {{"loop", engines.loops().text()}, {"threads", engines.threads()}});
  }
  // Before the first order.
  void attach(const door::Door& door) { door_ = &door; }
  void order(const media::Order& order) override {
    std::optional<tunnel::link::MediaPeer> trunk;
    if (const auto* open = std::get_if<media::OpenStream>(&order)) trunk = door_->media_peer(open->site);
    engines_.put(order, trunk);
    // Once for all that this turn of the signalling thread orders.
    if (std::exchange(waking_, true)) return;
    const auto wake = [this] {
      waking_ = false;
      engines_.wake();
    };
    if (!Turn::put_off(wake)) boost::asio::post(io_, wake);
  }

 private:
  media::Engines& engines_;
  boost::asio::io_context& io_;
  bool waking_ = false;
  const door::Door* door_ = nullptr;
};

}  // namespace roamdesk::core
