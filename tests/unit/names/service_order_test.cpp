#include "common/names/service_order.hpp"

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <map>

#include "zone.hpp"

namespace roamdesk::names {
namespace {

std::vector<std::string> order(std::vector<ServiceRecord> records, const Chance& chance) {
  std::vector<std::string> targets;
  for (const ServiceRecord& record : in_order(std::move(records), chance)) targets.push_back(record.target);
  return targets;
}

// How often each is the first, if all that chance can say is said once.
std::map<std::string, unsigned> firsts(const std::vector<ServiceRecord>& records) {
  std::map<std::string, unsigned> counted;
  std::uint32_t sum = 0;
  for (const ServiceRecord& record : records) sum += record.weight;
  for (std::uint32_t drawn = 0; drawn <= sum; ++drawn)
    ++counted[order(records, [drawn](std::uint32_t most) { return std::min(drawn, most); }).front()];
  return counted;
}

TEST(ServiceOrder, PriorityComesBeforeWeight) {
  const std::vector<ServiceRecord> records{server(2, 1000, 5060, "second"), server(1, 0, 5060, "first"),
                                           server(3, 1, 5060, "third")};
  for (const std::uint32_t drawn : {0U, 1U, 1000U})
    EXPECT_THAT(order(records, [drawn](std::uint32_t most) { return std::min(drawn, most); }),
                testing::ElementsAre("first", "second", "third"));
}

TEST(ServiceOrder, WeightsShareTheFirstPlace) {
  const auto counted =
      firsts({server(1, 60, 5060, "large"), server(1, 30, 5060, "middle"), server(1, 10, 5060, "small")});
  EXPECT_EQ(counted.at("large"), 61U);  // 0 counts for the first
  EXPECT_EQ(counted.at("middle"), 30U);
  EXPECT_EQ(counted.at("small"), 10U);
}

TEST(ServiceOrder, WeightZeroHasASmallChanceBesideOthers) {
  const auto counted = firsts({server(1, 99, 5060, "heavy"), server(1, 0, 5060, "none")});
  EXPECT_EQ(counted.at("none"), 1U);
  EXPECT_EQ(counted.at("heavy"), 99U);
  // Without others there is nothing to weigh.
  EXPECT_THAT(order({server(1, 0, 5060, "a"), server(1, 0, 5060, "b")}, [](std::uint32_t most) { return most; }),
              testing::ElementsAre("a", "b"));
}

TEST(ServiceOrder, AllComeOnceInOrderOfPriority) {
  rc::check([](const std::vector<std::pair<std::uint8_t, std::uint16_t>>& made, std::uint32_t drawn) {
    std::vector<ServiceRecord> records;
    std::uint16_t port = 0;
    for (const auto& [priority, weight] : made) records.push_back(server(priority % 4, weight, ++port, "s"));
    const auto sorted = in_order(records, [drawn](std::uint32_t most) { return most == 0 ? 0 : drawn % most; });
    RC_ASSERT(std::is_sorted(sorted.begin(), sorted.end(),
                             [](const auto& a, const auto& b) { return a.priority < b.priority; }));
    RC_ASSERT(std::is_permutation(sorted.begin(), sorted.end(), records.begin(), records.end()));
  });
}

}  // namespace
}  // namespace roamdesk::names
