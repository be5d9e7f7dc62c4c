#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/base/words.hpp"
#include "common/phones/mac.hpp"
#include "exchange/firmware/window.hpp"
#include "exchange/model/firmware.hpp"

namespace roamdesk::firmware {

// A phone of the pinned model, as it is now.
struct Seen {
  Mac mac;
  bool has_version = false;  // its User-Agent says the pinned one
  bool registered = false;   // and is reached
  WindowState window{};      // where it stands
  bool in_call = false;
  bool in_use = false;                 // a desk whose person has logged in within the last 12 hours
  std::optional<FirmwareTurn> turn{};  // of the pinned version; nullopt: it has had none
};

enum class Wave : std::uint8_t { one, tenth, rest, done };

// How far a model's phones are.
struct Progress {
  Wave wave = Wave::one;
  std::size_t phones = 0;
  std::size_t done = 0;     // registered, and say the version
  std::size_t running = 0;  // in their turn
  std::vector<Mac> failed;  // had all their turns
  // Why a phone whose wave it is has no turn: of each the first reason that holds.
  std::size_t offline = 0, outside_window = 0, in_call = 0, in_use = 0;
  // No further turn begins until somebody has looked: phones didn't take it.
  bool stopped = false;
};

// What is to be done. A phone is in one of the lists at most.
struct Decision {
  std::vector<Mac> begin;      // its turn begins: one try more; it is told to fetch
  std::vector<Mac> taken;      // it has come back with the version
  std::vector<Mac> missed;     // its turn is over, and it hasn't
  std::vector<Mac> withdrawn;  // its turn is over since its window is, and it hadn't asked for the file: no try
  Progress progress;
};

inline constexpr unsigned most_tries = 3;
// Phones of one model in their turns at once.
inline constexpr std::size_t most_running = 20;
// Between two turns of a phone.
inline constexpr std::chrono::minutes between_turns{30};

// One phone, ten per cent, the rest: the next wave when those of the one before are back, registered with the new
// version. README.md has the table. Without a state of its own: which wave it is follows from the phones, so that it is
// the same after a restart. `turn_length`: how long a vendor's phone may take.
Decision decide(const FirmwarePin& pin, std::span<const Seen> phones, std::chrono::minutes turn_length, WallTime now);

}  // namespace roamdesk::firmware

namespace roamdesk {
template <>
inline constexpr std::array<std::string_view, 4> words<firmware::Wave> = {"one", "tenth", "rest", "done"};
}  // namespace roamdesk
