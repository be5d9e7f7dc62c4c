#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/time.hpp"

namespace roamdesk::edge {

// INVITEs that went into the tunnel and of which nothing has come back yet. Pure. An answer takes milliseconds; where
// nothing at all has been heard from the core since the INVITE for `patience`, the line is dead though that
// hasn't been noticed yet, and the phone is to be told.
class Unanswered {
 public:
  struct Settings {
    Duration patience = std::chrono::seconds{4};
    Duration forget = std::chrono::seconds{32};  // 64*T1: its transaction is over
    std::size_t most = 256;                      // more aren't watched
  };
  Unanswered() : Unanswered(Settings{}) {}
  explicit Unanswered(Settings settings) : settings_(settings) {}

  // Repetitions of an INVITE count from the first one. Other messages: no effect, but that a CANCEL ends the watch.
  void handle_from_phone(std::uint32_t flow, std::string_view message, TimePoint now);
  // A response ends the watch over its INVITE.
  void handle_from_core(std::uint32_t flow, std::string_view message);

  struct GivenUp {
    std::uint32_t flow = 0;
    std::string invite;
  };
  // `heard`: when anything came from the core last. Each INVITE is given up once.
  std::vector<GivenUp> give_up(TimePoint heard, TimePoint now);
  std::size_t size() const { return waiting_.size(); }

 private:
  struct Waiting {
    TimePoint since;
    std::string invite;
  };
  Settings settings_;
  // By flow and what names the transaction: the top Via's branch, as it is repeated in each copy and each response.
  std::map<std::pair<std::uint32_t, std::string>, Waiting> waiting_;
};

}  // namespace roamdesk::edge
