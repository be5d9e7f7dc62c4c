#include "common/tunnel/outbox.hpp"

#include <gtest/gtest.h>

#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel {
namespace {

using namespace std::chrono_literals;
const TimePoint start{1h};

Sip sip(std::string text) { return Sip{FlowNumber{2}, std::move(text)}; }
HttpBody bulk(std::size_t size = 10) { return HttpBody{HttpId{1}, false, std::string(size, 'x')}; }

std::optional<Frame> take(Outbox& outbox, TimePoint now = start) {
  const auto view = outbox.front(now);
  if (view.empty()) return std::nullopt;
  auto frame = parse_frame(view.subspan(4));
  outbox.consumed(view.size());
  return *frame;
}

TEST(Outbox, SendsClassesInTheirOrder) {
  Outbox outbox{{}};
  outbox.hold(false);
  outbox.push(bulk(), start);
  outbox.push(Media{{1}}, start);
  outbox.push(sip("a"), start);
  outbox.push(Ping{}, start);
  EXPECT_EQ(take(outbox), Frame{Ping{}});
  EXPECT_EQ(take(outbox), Frame{sip("a")});
  EXPECT_EQ(take(outbox), Frame{Media{{1}}});
  EXPECT_EQ(take(outbox), Frame{bulk()});
  EXPECT_EQ(take(outbox), std::nullopt);
}

TEST(Outbox, SendsNoRequestThatIsTooOldToBeWanted) {
  Outbox outbox{{}};
  outbox.hold(false);
  for (const auto* text :
       {"INVITE sip:a", "SUBSCRIBE sip:a", "BYE sip:a", "CANCEL sip:a", "ACK sip:a", "SIP/2.0 200 OK"})
    outbox.push(sip(text), start);
  outbox.disconnected();
  outbox.hold(false);
  const auto late = start + 9s;
  EXPECT_EQ(take(outbox, late), Frame{sip("")}) << "its caller has given up";
  EXPECT_EQ(take(outbox, late), Frame{sip("SUBSCRIBE sip:a")});
  outbox.disconnected();
  outbox.hold(false);
  const auto very_late = start + 10min;
  EXPECT_EQ(take(outbox, very_late), Frame{sip("")});
  EXPECT_EQ(take(outbox, very_late), Frame{sip("")});
  for (const auto* text : {"BYE sip:a", "CANCEL sip:a", "ACK sip:a", "SIP/2.0 200 OK"})
    EXPECT_EQ(take(outbox, very_late), Frame{sip(text)}) << "an end is never too late";
  EXPECT_TRUE(outbox.acknowledged(6)) << "each counts";
  EXPECT_TRUE(outbox.consistent());
}

TEST(Outbox, LetsSignallingPassADownloadBetweenFramesOnly) {
  Outbox outbox{{}};
  outbox.hold(false);
  outbox.push(bulk(1000), start);
  outbox.push(bulk(1000), start);
  outbox.consumed(outbox.front(start).size() / 2);
  outbox.push(sip("urgent"), start);
  outbox.consumed(outbox.front(start).size());  // the rest of the frame that was begun
  EXPECT_EQ(take(outbox), Frame{sip("urgent")});
  EXPECT_EQ(take(outbox), Frame{bulk(1000)});
}

TEST(Outbox, PushesBackOnBulk) {
  Outbox outbox{{.bulk_bytes = 1000}};
  outbox.hold(false);
  EXPECT_TRUE(outbox.push(bulk(999), start));
  EXPECT_FALSE(outbox.push(bulk(1), start));
  EXPECT_TRUE(outbox.push(sip("still"), start));
  take(outbox);
  take(outbox);
  EXPECT_TRUE(outbox.has_room(FrameClass::bulk));
}

TEST(Outbox, DropsMediaThatIsOlderThan60Milliseconds) {
  Outbox outbox{{}};
  outbox.hold(false);
  outbox.push(Media{{1}}, start);
  outbox.push(Media{{2}}, start + 30ms);
  EXPECT_EQ(take(outbox, start + 61ms), (Frame{Media{{2}}}));
  EXPECT_TRUE(outbox.front(start + 61ms).empty());
  EXPECT_EQ(outbox.media_dropped(), 1u);
}

TEST(Outbox, DropsTheOldestMediaWhenItIsFull) {
  Outbox outbox{{.media_bytes = 100}};
  outbox.hold(false);
  for (std::uint8_t i = 0; i < 20; ++i) EXPECT_TRUE(outbox.push(Media{crypto::Bytes(10, i)}, start));
  EXPECT_TRUE(outbox.consistent());
  EXPECT_EQ(take(outbox), (Frame{Media{crypto::Bytes(10, 15)}}));  // 17 bytes a frame: five are left
}

TEST(Outbox, KeepsSignallingUntilItIsAcknowledged) {
  Outbox outbox{{}};
  outbox.hold(false);
  for (const auto* text : {"a", "b", "c"}) outbox.push(sip(text), start);
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
  outbox.push(sip("a"), start);
  EXPECT_FALSE(outbox.acknowledged(2));
  EXPECT_TRUE(outbox.acknowledged(1));
  EXPECT_FALSE(outbox.acknowledged(0));
}

TEST(Outbox, LosesTheRestWithTheConnection) {
  Outbox outbox{{}};
  outbox.hold(false);
  outbox.push(bulk(), start);
  outbox.push(Ping{}, start);
  outbox.push(Media{{1}}, start);
  outbox.disconnected();
  outbox.hold(false);
  EXPECT_EQ(take(outbox), std::nullopt);
  EXPECT_TRUE(outbox.consistent());
}

}  // namespace
}  // namespace roamdesk::tunnel
