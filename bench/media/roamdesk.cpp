#include <semaphore>
#include <stdexcept>
#include <thread>
#include <vector>

#include "bench/media/bench.hpp"
#include "common/media/engine.hpp"

// The same job by the two programs' own media planes and the tunnel's media path.
namespace roamdesk::bench {

using tunnel::link::MediaLink;
using tunnel::link::MediaPeer;

void run_roamdesk(const Job& job, const std::function<void()>& ready) {
  MediaLink core_link{tunnel::Side::core, {.listen = {{job.core, 0}}}}, branch_link{tunnel::Side::sbc, {}};
  const media::PromptLibrary prompts;
  std::binary_semaphore settled{0};
  const auto report = [&](const std::vector<media::Event>& events) {
    for (const auto& event : events) {
      if (const auto* failed = std::get_if<media::StreamFailed>(&event)) throw std::runtime_error(failed->why);
      if (std::holds_alternative<media::PlayEnded>(event)) settled.release();
    }
  };
  media::Engine core{{}, prompts, &core_link, report}, branch{{.home = MediaPeer{}}, prompts, &branch_link, report};
  const auto keys = tunnel::derive_keys({1}, 1, 1);
  core_link.post_session(MediaPeer{0}, {.id = 1});
  core_link.post_keys(MediaPeer{0}, 1, keys);
  branch_link.post_session(MediaPeer{0}, {.id = 1, .remote = core_link.local_endpoint()});
  branch_link.post_keys(MediaPeer{0}, 1, keys);

  for (int i = 0; i < job.streams; ++i) {
    const media::StreamId near{static_cast<std::uint32_t>(2 * i + 1)}, far{static_cast<std::uint32_t>(2 * i + 2)};
    const auto port = static_cast<std::uint16_t>(Job::first_port + 2 * i);
    const media::SetRemote caller{.stream = near, .rtp = {job.caller, 4000}, .signalling = job.caller};
    branch.post(media::OpenStream{near, local_site(), {job.branch, port}});
    branch.post(caller);
    core.post(media::OpenStream{near, SiteId{"branch"}, {job.branch, port}}, MediaPeer{0});
    core.post(caller);
    core.post(media::OpenStream{far, local_site(), {job.core, port}});
    core.post(media::SetRemote{.stream = far, .rtp = job.listener, .signalling = job.listener.address});
    core.post(media::Connect{near, far});
  }
  // A prompt that isn't there ends when everything before it was carried out.
  for (auto* engine : {&core, &branch}) {
    engine->post(media::Play{media::StreamId{1}, {"none"}});
    settled.acquire();
  }
  while (!(core_link.stats(MediaPeer{0}).udp && branch_link.stats(MediaPeer{0}).udp))
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ready();
}

}  // namespace roamdesk::bench
