#include <string>

#include "pbx-core/operations/metrics.hpp"

namespace roamdesk::core {
namespace {

prometheus::Family<prometheus::Gauge>& media_family(prometheus::Registry& registry, const char* name,
                                                    const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

}  // namespace

MediaMetrics::MediaMetrics(prometheus::Registry& registry)
    : io_uring_(
          media_family(registry, "roamdesk_media_io_uring", "1 where the media threads have io_uring, 0 where epoll")
              .Add({})),
      packets_(
          media_family(registry, "roamdesk_media_packets", "RTP and RTCP packets that each media thread has heard")),
      turns_(media_family(registry, "roamdesk_media_turns", "Turns of each media thread that found packets")),
      crossed_(media_family(registry, "roamdesk_media_crossed",
                            "Packets that came to each media thread from another one: calls with a leg on both")),
      lost_crossing_(media_family(registry, "roamdesk_media_lost_crossing",
                                  "Packets for another media thread that had no room for them, by who dropped them")) {
  update({media::Engine::Counts{}});
}

void MediaMetrics::update(const std::vector<media::Engine::Counts>& threads) {
  io_uring_.Set(!threads.empty() && threads.front().io_uring ? 1 : 0);
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const prometheus::Labels which{{"thread", std::to_string(i)}};
    packets_.Add(which).Set(static_cast<double>(threads[i].packets));
    turns_.Add(which).Set(static_cast<double>(threads[i].turns));
    crossed_.Add(which).Set(static_cast<double>(threads[i].crossed));
    lost_crossing_.Add(which).Set(static_cast<double>(threads[i].lost_crossing));
  }
}

}  // namespace roamdesk::core
