#pragma once
#include <map>
#include <optional>
#include <set>
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
    std::vector<media::Order> orders{};
    std::optional<tunnel::Frame> answer{};  // StreamFailed
  };
  // Only frames that name streams; anything else gives nothing.
  Outcome handle(const tunnel::Frame& frame);
  std::optional<tunnel::Frame> report(const media::Event& event);
  // A session without the old one's state: closes all.
  std::vector<media::Order> clear();
  // Likewise, with a core that goes on with the calls of the one before: its streams go on as they are, and each that
  // it opens again is in no doubt any more.
  void doubt_all();
  // Closes those that it hasn't.
  std::vector<media::Order> close_doubted();
  std::size_t size() const { return open_.size(); }

 private:
  bool is_ours(const Endpoint& local) const;
  std::vector<media::Order> make_room(const tunnel::StreamOpen& open);
  std::vector<LanConfig> lans_;
  std::map<std::uint32_t, Endpoint> open_;
  std::set<std::uint32_t> doubted_;  // of these
};

}  // namespace roamdesk::sbc
