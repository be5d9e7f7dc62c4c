#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>

#include "common/base/time.hpp"

namespace roamdesk::calls::sim {

// What the wire may do to a message. Fixed by its seed.
struct Weather {
  std::uint32_t seed = 1;
  double loss = 0, duplication = 0;
  std::chrono::milliseconds least{5}, most{5};  // delay; a spread reorders
};

// Messages on their way, in simulated time.
class Network {
 public:
  explicit Network(Weather weather = {}) : weather_(weather), random_(weather.seed) {}

  void send(std::function<void()> deliver, TimePoint now, bool reliable) {
    std::uniform_real_distribution<double> chance(0, 1);
    std::uniform_int_distribution<std::int64_t> delay(weather_.least.count(), weather_.most.count());
    if (reliable) return queue(std::move(deliver), now + weather_.least);
    if (chance(random_) < weather_.loss) return;
    if (chance(random_) < weather_.duplication) queue(deliver, now + std::chrono::milliseconds{delay(random_)});
    queue(std::move(deliver), now + std::chrono::milliseconds{delay(random_)});
  }
  std::optional<TimePoint> deadline() const {
    return flying_.empty() ? std::nullopt : std::optional{flying_.begin()->first};
  }
  // The next message that has arrived, or nothing.
  std::function<void()> pop(TimePoint now) {
    if (flying_.empty() || flying_.begin()->first > now) return {};
    auto deliver = std::move(flying_.begin()->second);
    flying_.erase(flying_.begin());
    return deliver;
  }

 private:
  void queue(std::function<void()> deliver, TimePoint at) { flying_.emplace(at, std::move(deliver)); }

  Weather weather_;
  std::mt19937 random_;
  std::multimap<TimePoint, std::function<void()>> flying_;
};

}  // namespace roamdesk::calls::sim
