#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "common/media/engine.hpp"
#include "common/media/spread.hpp"
#include "common/tunnel/link/media_link.hpp"

namespace roamdesk::media {

// The media plane of a program whose streams are spread over several media threads, each an Engine of its own: its
// loop, its sockets, its end of the tunnel with the SBCs that it has. One thread posts.
class Engines {
 public:
  // A thread for each of `links` (MediaLinks), which outlive it, as `prompts` does. Throws as Engine does. Sockets of
  // streams that have ended are kept for those to come, as many as the process may well have open.
  Engines(const Engine::Settings& settings, const PromptLibrary& prompts,
          const std::vector<tunnel::link::MediaLink*>& links, const Engine::Report& report);

  // As those of Engine.
  void post(const Order& order, std::optional<tunnel::link::MediaPeer> trunk = std::nullopt);
  void put(const Order& order, std::optional<tunnel::link::MediaPeer> trunk = std::nullopt);
  void wake();

  // As Engine's, of all threads together: `done` is called once, on one of them.
  void look(const std::vector<StreamId>& streams, Engine::Looked done);

  // They are the same in each.
  const Engine::Loops& loops() const { return engines_[0]->loops(); }
  // Of each thread. Any thread.
  std::vector<Engine::Counts> counts() const;
  std::size_t threads() const { return engines_.size(); }

 private:
  std::vector<std::unique_ptr<Engine>> engines_;
  Spread spread_;
};

}  // namespace roamdesk::media
