#pragma once
#include <filesystem>
#include <optional>

#include "common/base/package.hpp"
#include "common/base/time.hpp"
#include "common/base/token_bucket.hpp"
#include "common/tunnel/frames_update.hpp"

namespace roamdesk::sbc {

// What the core asks of this SBC's package, handed to sbc-update, and how that stands. Signalling thread; it reads a
// small file once a second while an order is open.
class Updater {
 public:
  struct Settings {
    std::filesystem::path request;     // written here, in state_dir
    std::filesystem::path result;      // written by sbc-update
    std::optional<Package> package{};  // nullopt: nothing can be updated
  };
  // sbc-update begins within a second where it is there.
  static constexpr auto patience = std::chrono::seconds{60};
  static constexpr net::Rate rate{6.0 / 3600, 6};

  explicit Updater(Settings settings) : settings_(std::move(settings)) {}

  // What to tell the core at once.
  tunnel::UpdateNews handle(const tunnel::UpdateOrder& order, TimePoint now);
  // Every second: what has changed of the order that the core has asked about in this connection.
  std::optional<tunnel::UpdateNews> look(TimePoint now);
  // What comes next is said where it is asked for.
  void handle_disconnected() { asked_.reset(); }

 private:
  tunnel::UpdateNews begin(const tunnel::UpdateOrder& order, TimePoint now);
  // Of the order that was asked about, as it stands now.
  std::optional<tunnel::UpdateNews> standing(TimePoint now);
  std::optional<tunnel::UpdateNews> result() const;
  bool waits() const;

  Settings settings_;
  net::TokenBucket bucket_;
  std::optional<tunnel::UpdateNews> asked_;  // as told last
  std::string written_;                      // the order of the request that was written last
  TimePoint written_at_{};
};

}  // namespace roamdesk::sbc
