#include "common/media/engines.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <mutex>

#include "common/tunnel/link/media_links.hpp"

namespace roamdesk::media {
namespace {

// Pairs of sockets: an eighth of the descriptors that the process may have, so that three quarters are left.
std::size_t most_kept() {
  constexpr std::size_t most = 2048;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  return std::min<std::size_t>(limit.rlim_cur / 8, most);
}

}  // namespace

Engines::Engines(const Engine::Settings& settings, const PromptLibrary& prompts,
                 const std::vector<tunnel::link::MediaLink*>& links, const Engine::Report& report)
    : spread_(links.size(), most_kept()) {
  auto each = settings;
  if (links.size() > 1) each.crossing = std::make_shared<Crossing>(links.size());
  for (auto* link : links) {
    each.thread = engines_.size();
    engines_.push_back(std::make_unique<Engine>(each, prompts, link, report));
  }
}

void Engines::post(const Order& order, std::optional<tunnel::link::MediaPeer> trunk) {
  put(order, trunk);
  wake();
}

void Engines::wake() {
  for (const auto& engine : engines_) engine->wake();
}

void Engines::put(const Order& order, std::optional<tunnel::link::MediaPeer> trunk) {
  std::optional<std::size_t> thread;
  if (trunk) thread = tunnel::link::thread_of(trunk->value(), engines_.size());
  for (auto& step : spread_.handle(order, thread)) {
    auto& engine = *engines_[step.thread];
    if (const auto* join = std::get_if<Join>(&step.what))
      engine.put(*join);
    else if (const auto* keep = std::get_if<Keep>(&step.what))
      engine.put(*keep);
    else
      engine.put(std::move(std::get<Order>(step.what)), trunk);
  }
}

void Engines::look(const std::vector<StreamId>& streams, Engine::Looked done) {
  struct Gathered {
    std::mutex mutex;
    std::size_t missing = 0;
    std::vector<StreamQuality> seen;
    Engine::Looked done;
  };
  const auto all = std::make_shared<Gathered>();
  all->missing = engines_.size();
  all->done = std::move(done);
  for (const auto& engine : engines_)
    engine->look(streams, [all](std::vector<StreamQuality> seen) {
      const std::lock_guard lock{all->mutex};
      all->seen.insert(all->seen.end(), seen.begin(), seen.end());
      if (--all->missing == 0) all->done(std::move(all->seen));
    });
}

std::vector<Engine::Counts> Engines::counts() const {
  std::vector<Engine::Counts> all;
  for (const auto& engine : engines_) all.push_back(engine->counts());
  return all;
}

}  // namespace roamdesk::media
