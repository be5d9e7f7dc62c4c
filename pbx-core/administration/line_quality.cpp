#include "pbx-core/administration/line_quality.hpp"

#include <algorithm>

namespace roamdesk::administration {

double estimated_mos(double rtt_ms, double jitter_ms, double loss) {
  // One way: half the line's round trip, a jitter buffer of twice the jitter, and 25 ms in phones (20 ms a packet).
  const double delay = rtt_ms / 2 + 2 * jitter_ms + 25;
  double r = 93.2 - 0.024 * delay - (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  // G.113 Appendix I: G.711 with concealment has Ie 0 and Bpl 25.1; losses taken as random.
  const double percent = 100 * std::clamp(loss, 0.0, 1.0);
  r -= 95 * percent / (percent + 25.1);
  if (r <= 0) return 1;
  return 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r);
}

}  // namespace roamdesk::administration
