#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "common/media_orders/orders.hpp"
#include "common/tunnel/frames.hpp"

namespace roamdesk::door {

// The core's own engine is told `order`. A stream of an SBC's site is a trunk stream there: its packets come by the
// tunnel.
struct ToEngine {
  media::Order order;
};
struct ToSbc {
  SiteId site;
  tunnel::Frame frame;
};
// What nobody but the router can know of a stream.
struct ToSignalling {
  media::Event event;
};
using MediaEffect = std::variant<ToEngine, ToSbc, ToSignalling>;
using MediaEffects = std::vector<MediaEffect>;

// Which media plane is told what. Pure.
//
// A stream of the core's own networks is the engine's alone. A stream of an SBC is opened at both: at the SBC towards
// the phone, in the engine as a trunk. Two connected streams of one SBC are bridged there ("at home") as long as
// nothing is played to, heard on or recorded of either; everything else meets in the engine. The rule is looked at
// again after each order, so that a prompt into a bridged call brings its packets to the core and back home afterwards.
class MediaRouter {
 public:
  MediaEffects handle(const media::Order& order);
  // The prompt ended, by itself or by a digit: a bridge may go home.
  MediaEffects handle_play_ended(const media::PlayEnded& ended);
  // Likewise.
  MediaEffects handle_recording_ended(const media::RecordingEnded& ended);
  // The SBC lost its state (it restarted, or its session expired): everything that it should have, told again; but no
  // keys, as the counters of their packets are lost with it (SealLost).
  MediaEffects handle_site_fresh(const SiteId& site);

  std::optional<SiteId> site_of(media::StreamId stream) const;
  bool bridged_at_home(media::StreamId stream) const;
  std::size_t streams(const SiteId& site) const;

 private:
  struct Stream {
    SiteId site;
    Endpoint local;
    std::optional<media::SetRemote> remote;
    std::optional<media::StreamId> peer;
    std::optional<media::PlayId> playing;
    std::optional<media::RecordingId> recording;
    bool collecting = false;
    bool at_home = false;  // the SBC was told to bridge it
  };
  Stream* find(media::StreamId id);
  bool is_remote(const Stream& stream) const { return stream.site != local_site(); }
  void detach(media::StreamId id, MediaEffects& effects);
  void settle(media::StreamId id, MediaEffects& effects);

  std::map<media::StreamId, Stream> streams_;
};

}  // namespace roamdesk::door
