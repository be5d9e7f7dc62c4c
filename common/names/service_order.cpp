#include "common/names/service_order.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace roamdesk::names {

std::vector<ServiceRecord> in_order(std::vector<ServiceRecord> records, const Chance& chance) {
  // Those of weight 0 stand first among their likes, which gives them a very small chance (RFC 2782, "Weight").
  std::stable_sort(records.begin(), records.end(), [](const ServiceRecord& a, const ServiceRecord& b) {
    return std::pair{a.priority, a.weight != 0} < std::pair{b.priority, b.weight != 0};
  });
  for (auto next = records.begin(); next != records.end(); ++next) {
    const auto last =
        std::find_if(next, records.end(), [&](const ServiceRecord& other) { return other.priority != next->priority; });
    std::uint32_t sum = 0;
    for (auto it = next; it != last; ++it) sum += it->weight;
    const std::uint32_t drawn = chance(sum);
    auto chosen = next;
    for (std::uint32_t running = chosen->weight; running < drawn && std::next(chosen) != last;)
      running += (++chosen)->weight;
    std::rotate(next, chosen, std::next(chosen));
  }
  return records;
}

}  // namespace roamdesk::names
