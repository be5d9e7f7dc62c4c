#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "common/tunnel/media_packets.hpp"
#include "common/tunnel/media_path.hpp"
#include "common/tunnel/media_session.hpp"

// The sealed media path of an SBC and a core in simulated time, over a network that loses, delays, duplicates and
// reorders, with a NAT that gives the SBC another address now and then, and an attacker who relays all that is heard
// from another address.
namespace roamdesk::tunnel {
namespace {

using namespace std::chrono_literals;
const Endpoint core_at{IpAddress{0x0a000001}, 5090}, thief{IpAddress{0x0c000001}, 666};
constexpr std::uint32_t id = 77;

struct MediaEnd {
  MediaSession media;
  MediaPath path;
  std::multiset<std::uint32_t> heard;  // numbers of packets
};

class MediaSim : public testing::Test {
 protected:
  struct Flying {
    crypto::Bytes bytes;
    Endpoint from, to;
  };
  static MediaSecret secret(std::uint16_t epoch) {
    MediaSecret s;
    s.fill(static_cast<std::uint8_t>(epoch + 1));
    return s;
  }
  void rekey(std::uint16_t epoch) {
    const auto keys = derive_keys(secret(epoch), id, epoch);
    core.media.install(epoch, keys, now);
    sbc.media.install(epoch, keys, now + 0ms);
  }
  void start() {
    rekey(0);
    sbc.path.set_peer(core_at, now);
  }
  bool chance(double share) { return std::uniform_real_distribution<>{}(random) < share; }

  crypto::Bytes sealed(MediaEnd& from, std::uint32_t stream, std::span<const std::uint8_t> bytes) {
    crypto::Bytes buffer(media_overhead + packet_header + bytes.size());
    const auto text = write_packet(std::span{buffer}.subspan(media_header), stream, false, bytes);
    buffer.resize(from.media.seal(buffer, text));
    return buffer;
  }
  void fly(crypto::Bytes bytes, Endpoint from, Endpoint to) {
    if (bytes.empty() || !passes) return;
    if (relaying && to == core_at && chance(0.3)) flying.emplace(now + 1ms, Flying{bytes, thief, core_at});
    for (int copies = chance(duplication) ? 2 : 1; copies > 0; --copies) {
      if (!chance(loss)) flying.emplace(now + 20ms + std::chrono::milliseconds{random() % 15}, Flying{bytes, from, to});
    }
  }
  // Sends one numbered packet each way, by UDP where it is alive, else reliably (the stream).
  void talk() {
    std::array<std::uint8_t, 4> number;
    store(number.data(), ++sent);
    say(sbc, core, number);
    say(core, sbc, number);
  }
  void say(MediaEnd& from, MediaEnd& to, std::span<const std::uint8_t> number) {
    auto datagram = sealed(from, 11, number);
    if (!from.path.alive()) {
      ++by_stream;
      receive(to, std::move(datagram), std::nullopt);
    } else if (&from == &sbc) {
      fly(std::move(datagram), outside, core_at);
    } else {
      fly(std::move(datagram), core_at, *core.path.peer());
    }
  }
  void receive(MediaEnd& to, crypto::Bytes bytes, std::optional<Endpoint> from) {
    if (from && !to.path.accepts(*from)) return;
    const auto run = to.media.open(bytes, now);
    if (!run) return;
    if (from) to.path.handle_authentic(*from, now);
    PacketReader reader{*run};
    while (const auto packet = reader.next()) {
      if (packet->stream == 0) {
        if (from) to.path.handle_record(packet->bytes, *from, now);
      } else {
        to.heard.insert(load<std::uint32_t>(packet->bytes.data()));
      }
    }
    EXPECT_FALSE(reader.malformed());
  }
  void pass(Duration time, bool talking = true) {
    for (const auto end = now + time; now < end;) {
      now += 1ms;
      while (!flying.empty() && flying.begin()->first <= now) {
        const auto datagram = flying.extract(flying.begin()).mapped();
        if (datagram.to == core_at)
          receive(core, datagram.bytes, datagram.from);
        else if (datagram.to == outside)
          receive(sbc, datagram.bytes, datagram.from);
        else if (datagram.to == thief)
          ++to_thief;
      }
      for (auto* e : {&sbc, &core}) {
        e->media.handle_timeout(now);
        e->path.handle_timeout(now);
        while (const auto record = e->path.poll_record()) {
          fly(sealed(*e, 0, record->view()), e == &sbc ? outside : core_at, record->to);
        }
      }
      if (talking && ++ticks % 20 == 0) talk();
      ASSERT_NE(core.path.peer(), thief);
    }
  }
  static bool none_twice(const MediaEnd& end) {
    return std::adjacent_find(end.heard.begin(), end.heard.end()) == end.heard.end();
  }

  std::mt19937 random{7};
  MediaEnd sbc{MediaSession{Side::sbc, id, crypto::Cipher::aes_128_gcm}, MediaPath{Side::sbc, {}}, {}};
  MediaEnd core{MediaSession{Side::core, id, crypto::Cipher::aes_128_gcm},
                MediaPath{Side::core, std::array<std::uint8_t, 32>{9}},
                {}};
  std::multimap<TimePoint, Flying> flying;
  TimePoint now{1h};
  Endpoint outside{IpAddress{0x0b000001}, 4000};
  double loss = 0, duplication = 0;
  bool passes = true, relaying = false;
  std::uint32_t sent = 0, by_stream = 0, ticks = 0, to_thief = 0;
};

TEST_F(MediaSim, LosesOnlyWhatTheNetworkLosesAndRepeatsNothing) {
  loss = 0.05;
  duplication = 0.1;
  start();
  pass(60s);
  EXPECT_TRUE(none_twice(core));
  EXPECT_TRUE(none_twice(sbc));
  EXPECT_GT(core.heard.size(), sent * 92 / 100);
  EXPECT_GT(sbc.heard.size(), sent * 92 / 100);
  const auto measured = core.media.take_loss();
  ASSERT_TRUE(measured);
  EXPECT_NEAR(*measured, 0.05, 0.02);
  EXPECT_LT(by_stream, 20U) << "five percent of loss is no reason to leave UDP";
}

TEST_F(MediaSim, NothingIsLostWhenTheEpochChanges) {
  start();
  pass(1s);
  const auto before = sent;
  for (std::uint16_t epoch = 1; epoch <= 20; ++epoch) {
    rekey(epoch);
    pass(700ms);
  }
  pass(100ms, false);
  EXPECT_GT(sent, before + 600);
  EXPECT_EQ(core.heard.size(), sent);
  EXPECT_EQ(sbc.heard.size(), sent);
}

TEST_F(MediaSim, ANewAddressCostsLessThan200Milliseconds) {
  start();
  pass(2s);
  std::set<std::uint32_t> missing;
  for (std::uint16_t move = 1; move <= 20; ++move) {
    outside.port = static_cast<std::uint16_t>(4000 + move);
    const auto heard_before = sbc.heard.size();
    const auto sent_before = sent;
    pass(1s);
    const auto lost =
        static_cast<std::int64_t>(sent - sent_before) - static_cast<std::int64_t>(sbc.heard.size() - heard_before);
    EXPECT_LE(lost, 10) << "packets of 20 ms";
    EXPECT_EQ(core.path.peer(), outside);
  }
  EXPECT_EQ(core.path.moves(), 20U);
}

TEST_F(MediaSim, ARelayStealsNothing) {
  relaying = true;
  loss = 0.02;
  start();
  pass(1s, false);
  pass(60s);  // pass() itself asserts that the peer is never the thief
  EXPECT_GT(to_thief, 10U) << "he was challenged";
  EXPECT_EQ(core.path.peer(), outside);
  EXPECT_TRUE(none_twice(core));
  EXPECT_GT(sbc.heard.size(), sent * 95 / 100);
  outside.port = 4001;
  pass(2s);
  EXPECT_EQ(core.path.peer(), outside) << "and doesn't hinder roaming";
}

TEST_F(MediaSim, TakesTheStreamWhileUdpDoesntPassAndReturns) {
  start();
  pass(2s);
  passes = false;
  pass(3s);
  EXPECT_FALSE(sbc.path.alive());
  EXPECT_FALSE(core.path.alive());
  const auto at_fallback = by_stream;
  pass(2s);
  EXPECT_EQ(by_stream - at_fallback, 200U) << "every packet, both ways";
  passes = true;
  pass(3s);
  EXPECT_TRUE(sbc.path.alive());
  EXPECT_TRUE(core.path.alive());
  const auto at_return = by_stream;
  pass(2s);
  EXPECT_EQ(by_stream, at_return);
}

}  // namespace
}  // namespace roamdesk::tunnel
