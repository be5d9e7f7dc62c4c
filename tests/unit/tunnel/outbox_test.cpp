#include "common/tunnel/outbox.hpp"

#include <gtest/gtest.h>

#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel {
namespace {

using namespace std::chrono_literals;
const TimePoint t0{1h};

Sip sip(std::string text) { return Sip{FlowNumber{2}, std::move(text)}; }
HttpBody bulk(std::size_t size = 10) { return HttpBody{HttpId{1}, false, std::string(size, 'x')}; }

std::optional<Frame> take(Outbox& outbox, TimePoint now = t0) {
  const auto view = outbox.front(now);
  if (view.empty()) return std::nullopt;
  auto frame = parse_frame(view.subspan(4));
  outbox.consumed(view.size());
  return *frame;
}

TEST(Outbox, SendsClassesInTheirOrder) {
  Outbox outbox{{}};
  outbox.hold(false);
  outbox.push(bulk(), t0);
  outbox.push(Media{{1}}, t0);
  outbox.push(sip("a"), t0);
  outbox.push(Ping{}, t0);
  EXPECT_EQ(take(outbox), Frame{Ping{}});
  EXPECT_EQ(take(outbox), Frame{sip("a")});
  EXPECT_EQ(take(outbox), Frame{Media{{1}}});
  EXPECT_EQ(take(outbox), Frame{bulk()});
  EXPECT_EQ(take(outbox), std::nullopt);
}

TEST(Outbox, LetsSignallingPassADownloadBetweenFramesOnly) {
  Outbox outbox{{}};
  outbox.hold(false);
  outbox.push(bulk(1000), t0);
  outbox.push(bulk(1000), t0);
  outbox.consumed(outbox.front(t0).size() / 2);
  outbox.push(sip("urgent"), t0);
  outbox.consumed(outbox.front(t0).size());  // the rest of the frame that was begun
  EXPECT_EQ(take(outbox), Frame{sip("urgent")});
  EXPECT_EQ(take(outbox), Frame{bulk(1000)});
}

TEST(Outbox, PushesBackOnBulk) {
  Outbox outbox{{.bulk_bytes = 1000}};
  outbox.hold(false);
  EXPECT_TRUE(outbox.push(bulk(999), t0));
  EXPECT_FALSE(outbox.push(bulk(1), t0));
  EXPECT_TRUE(outbox.push(sip("still"), t0));
  take(outbox);
  take(outbox);
  EXPECT_TRUE(outbox.has_room(FrameClass::bulk));
}

TEST(Outbox, DropsMediaThatIsOlderThan60Milliseconds) {
  Outbox outbox{{}};
  outbox.hold(false);
  outbox.push(Media{{1}}, t0);
  outbox.push(Media{{2}}, t0 + 30ms);
  EXPECT_EQ(take(outbox, t0 + 61ms), (Frame{Media{{2}}}));
  EXPECT_EQ(outbox.media_dropped(), 1U);
}

TEST(Outbox, DropsTheOldestMediaWhenItIsFull) {
  Outbox outbox{{.media_bytes = 100}};
  outbox.hold(false);
  for (std::uint8_t i = 0; i < 20; ++i) EXPECT_TRUE(outbox.push(Media{crypto::Bytes(10, i)}, t0));
  EXPECT_TRUE(outbox.consistent());
  EXPECT_EQ(take(outbox), (Frame{Media{crypto::Bytes(10, 15)}}));  // 17 bytes a frame: five are left
}

TEST(Outbox, KeepsSignallingUntilItIsAcknowledged) {
  Outbox outbox{{}};
  outbox.hold(false);
  for (const auto* text : {"a", "b", "c"}) outbox.push(sip(text), t0);
  take(outbox);
  take(outbox);
  EXPECT_TRUE(outbox.acknowledged(1));
  outbox.disconnected();
  outbox.hold(false);
  EXPECT_EQ(take(outbox), Frame{sip("b")});
  EXPECT_EQ(take(outbox), Frame{sip("c")});
  EXPECT_EQ(take(outbox), std::nullopt);
}

TEST(Outbox, RefusesImpossibleAcknowledgements) {
  Outbox outbox{{}};
  outbox.push(sip("a"), t0);
  EXPECT_FALSE(outbox.acknowledged(2));
  EXPECT_TRUE(outbox.acknowledged(1));
  EXPECT_FALSE(outbox.acknowledged(0));
}

TEST(Outbox, LosesTheRestWithTheConnection) {
  Outbox outbox{{}};
  outbox.hold(false);
  outbox.push(bulk(), t0);
  outbox.push(Ping{}, t0);
  outbox.push(Media{{1}}, t0);
  outbox.disconnected();
  outbox.hold(false);
  EXPECT_EQ(take(outbox), std::nullopt);
  EXPECT_TRUE(outbox.consistent());
}

}  // namespace
}  // namespace roamdesk::tunnel
