#include "common/media/crossing.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <thread>
#include <vector>

// The ring and the bells, by one thread and by two.
namespace roamdesk::media {
namespace {

PacketRing::Entry entry(std::uint32_t number, std::span<const std::uint8_t> bytes) {
  return {StreamId{number}, StreamId{number + 1}, number % 3 == 0, number % 5 == 0, bytes};
}

// Of every length that a packet has, so that the ring's end falls anywhere.
std::span<const std::uint8_t> bytes_of(std::uint32_t number) {
  static const auto all = [] {
    std::array<std::uint8_t, 1500> made;
    std::iota(made.begin(), made.end(), std::uint8_t{0});
    return made;
  }();
  return std::span{all}.first(number * 7919 % 1501);
}

void expect_whole(const PacketRing::Entry& got, std::uint32_t number) {
  const auto wanted = entry(number, bytes_of(number));
  EXPECT_EQ(got.from, wanted.from);
  EXPECT_EQ(got.to, wanted.to);
  EXPECT_EQ(got.rtcp, wanted.rtcp);
  EXPECT_EQ(got.image, wanted.image);
  EXPECT_TRUE(std::equal(got.bytes.begin(), got.bytes.end(), wanted.bytes.begin(), wanted.bytes.end())) << number;
}

TEST(PacketRing, GivesPacketsInTheirOrderAndWhole) {
  PacketRing ring;
  std::uint32_t put = 0, taken = 0;
  while (taken < 5000) {
    for (int i = 0; i < 37; ++i, ++put) ASSERT_TRUE(ring.put(entry(put, bytes_of(put))));
    ring.take([&](const auto& got) { expect_whole(got, taken++); });
  }
  EXPECT_EQ(taken, put);
}

TEST(PacketRing, DropsWhatFindsNoRoomAndGoesOn) {
  PacketRing ring;
  const std::vector<std::uint8_t> packet(172);
  std::uint32_t put = 0, taken = 0;
  while (ring.put(entry(put, packet))) ++put;
  EXPECT_GT(put, 1000u);
  EXPECT_FALSE(ring.put(entry(put, packet)));
  ring.take([&](const auto&) { ++taken; });
  EXPECT_EQ(taken, put);
  EXPECT_TRUE(ring.put(entry(put, packet)));
}

// Both at once; worth TSan's time.
TEST(Crossing, WakesWhoSleepsAndLosesNothingThatWasPut) {
  constexpr std::uint32_t packets = 20'000;
  Crossing crossing{2};
  std::thread writer{[&] {
    for (std::uint32_t i = 0; i < packets; ++i) {
      while (!crossing.put(0, 1, entry(i, bytes_of(i)))) crossing.flush(0);
      if (i % 11 == 0) crossing.flush(0);
    }
    crossing.flush(0);
  }};
  std::uint32_t taken = 0;
  while (taken < packets) {
    pollfd bell{crossing.descriptor(1), POLLIN, 0};
    if (poll(&bell, 1, 5000) != 1) break;
    crossing.take(1, [&](std::size_t from, const auto& got) {
      EXPECT_EQ(from, 0u);
      expect_whole(got, taken++);
    });
  }
  EXPECT_EQ(taken, packets) << "nobody rang";
  writer.join();
}

TEST(Crossing, RingsOnceForABatchAndForNobodyElse) {
  Crossing crossing{3};
  const auto rings = [&](std::size_t thread) {
    pollfd bell{crossing.descriptor(thread), POLLIN, 0};
    return poll(&bell, 1, 0) == 1;
  };
  for (std::uint32_t i = 0; i < 3; ++i) ASSERT_TRUE(crossing.put(0, 2, entry(i, bytes_of(i))));
  EXPECT_FALSE(rings(2)) << "before the turn's end";
  crossing.flush(0);
  EXPECT_TRUE(rings(2));
  EXPECT_FALSE(rings(1));
  int taken = 0;
  crossing.take(2, [&](std::size_t, const auto&) { ++taken; });
  EXPECT_EQ(taken, 3);
  crossing.flush(0);
  EXPECT_FALSE(rings(2)) << "nothing was put since";
}

}  // namespace
}  // namespace roamdesk::media
