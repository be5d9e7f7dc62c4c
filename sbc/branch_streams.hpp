#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/media_orders/orders.hpp"
#include "common/tunnel/frames.hpp"
#include "sbc/config.hpp"

namespace roamdesk::sbc {

// The core's stream frames as orders for the media plane, and the plane's reports as frames. Pure. An order for an
// address or port that isn't this branch's is refused here, from any sender.
class BranchStreams {
 public:
  static constexpr std::size_t most = 4096;
  explicit BranchStreams(std::vector<LanConfig> lans) : lans_(std::move(lans)) {}

  struct Outcome {
    std::optional<media::Order> order;
    std::optional<tunnel::Frame> answer;  // StreamFailed
  };
  // Only frames that name streams; anything else gives nothing.
  Outcome handle(const tunnel::Frame& frame);
  std::optional<tunnel::Frame> report(const media::Event& event);
  // A session without the old one's state: closes all.
  std::vector<media::Order> clear();
  std::size_t size() const { return open_.size(); }

 private:
  bool is_ours(const Endpoint& local) const;
  std::vector<LanConfig> lans_;
  std::map<std::uint32_t, Endpoint> open_;
};

}  // namespace roamdesk::sbc
