#pragma once
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace roamdesk::core {

// Figures of each line and each trunk. What is deleted goes from them.
class LineMetrics {
 public:
  explicit LineMetrics(prometheus::Registry& registry);

  struct Line {
    std::string sbc;
    bool up = false;
    double rtt_s = 0, jitter_s = 0, loss = 0;  // seconds; 0..1. 0 where it is down
  };
  struct Trunk {
    std::string name;
    bool up = false;
    std::size_t calls = 0;
  };
  void update(const std::vector<Line>& lines, const std::vector<Trunk>& trunks);

 private:
  using Gauge = prometheus::Gauge;
  using Family = prometheus::Family<Gauge>;
  using Values = std::map<std::string, double>;
  // One figure of all of a kind, by their names.
  struct Figures {
    Family& family;
    const char* label;
    std::map<std::string, Gauge*> gauges{};
    void set(const Values& values);
  };
  Figures up_, rtt_, jitter_, loss_, trunk_up_, trunk_calls_;
};

}  // namespace roamdesk::core
