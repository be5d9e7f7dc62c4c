#include <gtest/gtest.h>

#include <random>

#include "common/tunnel/session.hpp"

// Two sessions in simulated time over a line that delays, splits, stalls and breaks: what TCP does to a byte stream.
namespace roamdesk::tunnel {
namespace {

using namespace std::chrono_literals;

template <class Id>
Id id_of(std::uint32_t number) {
  std::array<std::uint8_t, 16> bytes{};
  for (int i = 0; i < 4; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number >> (8 * i));
  return Id{bytes};
}

struct End {
  Session session;
  std::deque<std::pair<TimePoint, crypto::Bytes>> wire;  // towards the other end
  std::vector<Frame> frames;
  std::vector<Established> established;
  std::vector<Keys> keys;
  std::vector<Ended> ended;
  int expired = 0;

  void drain() {
    while (auto event = session.poll_event()) {
      if (auto* e = std::get_if<Established>(&*event)) established.push_back(*e);
      if (auto* k = std::get_if<Keys>(&*event)) keys.push_back(*k);
      if (auto* r = std::get_if<Received>(&*event)) frames.push_back(std::move(r->frame));
      if (auto* e = std::get_if<Ended>(&*event)) ended.push_back(*e);
      if (std::holds_alternative<Expired>(*event)) ++expired;
    }
  }
};

class SessionSim : public testing::Test {
 protected:
  static Session::Self self(std::string name, std::uint32_t instance) {
    Session::Self self;
    self.name = std::move(name);
    self.software = "sim";
    self.instance = id_of<InstanceId>(instance);
    return self;
  }
  static End make_core(std::uint32_t instance = 1000) {
    return End{Session{Side::core, self("branch-1", instance)}, {}, {}, {}, {}, {}, 0};
  }
  static End make_sbc(std::uint32_t instance = 1) {
    return End{Session{Side::sbc, self("branch-1", instance)}, {}, {}, {}, {}, {}, 0};
  }

  void connect() {
    ++connections;
    MediaSecret secret;
    secret.fill(static_cast<std::uint8_t>(connections));
    sbc.wire.clear();
    core.wire.clear();
    core.session.handle_connected(secret, {id_of<TunnelSessionId>(5000 + connections), 7000 + connections, 1}, now);
    sbc.session.handle_connected(secret, {}, now);
    up = true;
  }
  // What is under way is lost, as with a broken connection.
  void cut() {
    sbc.wire.clear();
    core.wire.clear();
    sbc.session.handle_closed(now);
    core.session.handle_closed(now);
    up = false;
  }
  void flush(End& from) {
    while (true) {
      const auto view = from.session.transmit(now);
      if (view.empty()) return;
      // Written in pieces, as a full socket would take them.
      const auto count = std::min<std::size_t>(view.size(), 1 + random() % 700);
      crypto::Bytes piece{view.begin(), view.begin() + static_cast<std::ptrdiff_t>(count)};
      from.session.consumed(count);
      auto at = now + delay + std::chrono::milliseconds{random() % 5};
      if (!from.wire.empty()) at = std::max(at, from.wire.back().first);
      from.wire.emplace_back(at, std::move(piece));
    }
  }
  void arrive(End& from, End& to) {
    while (!from.wire.empty() && from.wire.front().first <= now) {
      const auto piece = std::move(from.wire.front().second);
      from.wire.pop_front();
      if (!stalled) to.session.handle_bytes(piece, now);
    }
  }
  void pass(Duration time) {
    for (const auto end = now + time; now < end;) {
      now += 1ms;
      for (auto* e : {&sbc, &core}) {
        if (const auto at = e->session.deadline(); at && *at <= now) e->session.handle_timeout(now);
      }
      arrive(sbc, core);
      arrive(core, sbc);
      flush(sbc);
      flush(core);
      sbc.drain();
      core.drain();
      ASSERT_TRUE(sbc.session.consistent() && core.session.consistent());
    }
  }
  static Sip sip(int number) { return Sip{FlowNumber{2}, "message " + std::to_string(number)}; }

  std::mt19937 random{42};
  End sbc = make_sbc(), core = make_core();
  TimePoint now{1h};
  Duration delay = 20ms;
  std::uint32_t connections = 0;
  bool up = false, stalled = false;
};

TEST_F(SessionSim, GreetsAndAgreesOnKeys) {
  connect();
  pass(200ms);
  ASSERT_EQ(sbc.established.size(), 1U);
  ASSERT_EQ(core.established.size(), 1U);
  EXPECT_FALSE(sbc.established[0].welcome.resumed);
  EXPECT_EQ(core.established[0].hello.name, "branch-1");
  ASSERT_EQ(sbc.keys.size(), 1U);
  EXPECT_EQ(sbc.keys[0].keys, core.keys[0].keys);
  EXPECT_TRUE(sbc.keys[0].first);
  EXPECT_GE(sbc.session.rtt(), 40ms);
  EXPECT_LE(sbc.session.rtt(), 60ms);
}

TEST_F(SessionSim, DeliversEveryReliableFrameOnceAndInOrderThroughManyBreaks) {
  connect();
  pass(200ms);
  int sent = 0;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < 20; ++i, ++sent) {
      ASSERT_TRUE(sbc.session.send(sip(sent), now));
      ASSERT_TRUE(core.session.send(sip(sent), now));
      if (up) sbc.session.send(HttpRequest{HttpId{1}, {}, {}, "GET", "/", {}}, now);
      pass(std::chrono::milliseconds{random() % 4});
    }
    if (random() % 2 == 0) {
      cut();
      pass(std::chrono::milliseconds{random() % 200});
      connect();
    }
  }
  pass(1s);
  EXPECT_GT(connections, 30U);
  std::vector<Frame> expected, from_core, from_sbc;
  for (int i = 0; i < sent; ++i) expected.push_back(sip(i));
  for (auto& frame : core.frames) {
    if (std::holds_alternative<Sip>(frame)) from_sbc.push_back(frame);
  }
  for (auto& frame : sbc.frames) {
    if (std::holds_alternative<Sip>(frame)) from_core.push_back(frame);
  }
  EXPECT_EQ(from_sbc, expected);
  EXPECT_EQ(from_core, expected);
  EXPECT_TRUE(sbc.established.back().welcome.resumed);
}

TEST_F(SessionSim, EveryConnectionHasFreshKeys) {
  connect();
  pass(200ms);
  cut();
  connect();
  pass(200ms);
  ASSERT_EQ(sbc.keys.size(), 2U);
  EXPECT_EQ(sbc.keys[1].epoch, 1);
  EXPECT_FALSE(sbc.keys[1].first);
  EXPECT_EQ(sbc.keys[1].media_session, sbc.keys[0].media_session);
  EXPECT_NE(sbc.keys[1].keys, sbc.keys[0].keys);
  EXPECT_EQ(sbc.keys[1].keys, core.keys[1].keys);
}

TEST_F(SessionSim, ARestartedCoreBeginsAnew) {
  connect();
  pass(200ms);
  sbc.session.send(sip(1), now);
  cut();
  core = make_core(2000);
  connect();
  pass(200ms);
  EXPECT_FALSE(sbc.established.back().welcome.resumed);
  EXPECT_TRUE(sbc.keys.back().first);
  EXPECT_TRUE(core.frames.empty()) << "what was meant for the old core";
  sbc.session.send(sip(2), now);
  pass(200ms);
  EXPECT_EQ(core.frames, std::vector<Frame>{sip(2)});
}

TEST_F(SessionSim, ARestartedSbcBeginsAnew) {
  connect();
  pass(200ms);
  core.session.send(sip(1), now);
  cut();
  sbc = make_sbc(2);
  connect();
  pass(200ms);
  EXPECT_FALSE(core.established.back().welcome.resumed);
  EXPECT_TRUE(sbc.frames.empty());
}

TEST_F(SessionSim, ASessionWaitsTwoMinutes) {
  connect();
  pass(200ms);
  cut();
  pass(119s);
  EXPECT_EQ(core.expired, 0);
  EXPECT_TRUE(core.session.send(sip(1), now));
  pass(2s);
  EXPECT_EQ(core.expired, 1);
  EXPECT_FALSE(core.session.send(sip(1), now));
  connect();
  pass(200ms);
  EXPECT_FALSE(sbc.established.back().welcome.resumed);
}

TEST_F(SessionSim, NoticesADeadPeerWithinFifteenSeconds) {
  connect();
  pass(1s);
  stalled = true;
  pass(16s);
  ASSERT_EQ(sbc.ended.size(), 1U);
  EXPECT_EQ(sbc.ended[0].reason, Reason::silent);
  ASSERT_EQ(core.ended.size(), 1U);
}

// TLS stood, and then what was sent was lost, as where a line comes back for a moment: the next connection isn't waited
// for as long as a dead peer is noticed.
TEST_F(SessionSim, AGreetingThatIsNotAnsweredIsGivenUpSoonAndTheNextOnePasses) {
  stalled = true;
  connect();
  pass(3900ms);
  EXPECT_TRUE(sbc.ended.empty());
  pass(200ms);
  for (auto* end : {&sbc, &core}) {
    ASSERT_EQ(end->ended.size(), 1U);
    EXPECT_EQ(end->ended[0].reason, Reason::silent);
  }
  stalled = false;
  cut();
  connect();
  pass(200ms);
  EXPECT_EQ(sbc.established.size(), 1U);
  EXPECT_EQ(sbc.ended.size(), 1U);
}

TEST_F(SessionSim, AnIdleLineStaysUp) {
  connect();
  pass(60s);
  EXPECT_TRUE(sbc.ended.empty());
  EXPECT_TRUE(core.ended.empty());
  EXPECT_EQ(sbc.session.state(), Session::State::established);
}

TEST_F(SessionSim, RekeysByTheClockAndOnDemand) {
  SessionSettings settings;
  settings.rekey_after = 30s;
  core = End{Session{Side::core, self("branch-1", 1000), settings}, {}, {}, {}, {}, {}, 0};
  connect();
  pass(31s);
  ASSERT_EQ(core.keys.size(), 2U);
  EXPECT_EQ(sbc.keys.back().epoch, 1);
  EXPECT_EQ(sbc.keys.back().keys, core.keys.back().keys);
  sbc.session.want_epoch(now);
  sbc.session.want_epoch(now);
  pass(200ms);
  EXPECT_EQ(sbc.keys.size(), 2U) << "not within ten seconds of the last one";
  pass(10s);
  sbc.session.want_epoch(now);
  sbc.session.want_epoch(now);
  pass(200ms);
  EXPECT_EQ(sbc.keys.size(), 3U);
  EXPECT_EQ(core.keys.size(), 3U);
}

TEST_F(SessionSim, RefusesANameThatIsntTheCertificates) {
  sbc = End{Session{Side::sbc, self("branch-2", 1)}, {}, {}, {}, {}, {}, 0};
  connect();
  pass(200ms);
  ASSERT_EQ(sbc.ended.size(), 1U);
  EXPECT_EQ(sbc.ended[0].reason, Reason::wrong_name);
  EXPECT_TRUE(sbc.ended[0].by_peer);
  EXPECT_TRUE(core.established.empty());
}

TEST_F(SessionSim, RefusesFramesOutOfPlace) {
  const auto feed = [&](const Frame& frame) {
    connect();
    pass(200ms);
    crypto::Bytes bytes;
    append_frame(frame, bytes);
    core.ended.clear();
    core.session.handle_bytes(bytes, now);
    core.drain();
    return core.ended.size() == 1 && core.ended[0].reason == Reason::protocol_error;
  };
  EXPECT_TRUE(feed(StreamOpen{1, {}})) << "the core's to send";
  EXPECT_TRUE(feed(UpdateOrder{})) << "the core's too";
  EXPECT_TRUE(feed(Hello{})) << "greeting twice";
  EXPECT_TRUE(feed(Enrol{})) << "enrolled already";
  EXPECT_TRUE(feed(Ack{99})) << "never sent";
  EXPECT_FALSE(feed(Ping{}));
}

TEST_F(SessionSim, RefusesBytesThatArentFrames) {
  connect();
  pass(200ms);
  core.session.handle_bytes(crypto::as_bytes("GET / HTTP/1.1\r\n"), now);
  core.drain();
  ASSERT_EQ(core.ended.size(), 1U);
  EXPECT_EQ(core.ended[0].reason, Reason::protocol_error);
}

TEST_F(SessionSim, EndsASessionWhoseSignallingQueueRunsOver) {
  connect();
  pass(200ms);
  cut();
  const Sip big{FlowNumber{2}, std::string(60000, 'x')};
  int taken = 0;
  while (core.session.send(big, now)) ++taken;
  EXPECT_GT(taken, 50);
  core.drain();
  EXPECT_EQ(core.expired, 1) << "a hole can't be mended";
  connect();
  pass(200ms);
  EXPECT_FALSE(sbc.established.back().welcome.resumed);
}

TEST_F(SessionSim, ADownloadDoesntDelayACall) {
  connect();
  pass(200ms);
  int chunks = 0;
  while (core.session.send(HttpBody{HttpId{1}, false, std::string(max_http_body, 'x')}, now)) ++chunks;
  EXPECT_GT(chunks, 10);
  core.session.send(sip(1), now);
  // One frame at a time is what a slow line takes; the call is the very next.
  const auto view = core.session.transmit(now);
  ASSERT_GT(view.size(), 4U);
  EXPECT_EQ(*parse_frame(view.subspan(4)), Frame{sip(1)});
}

}  // namespace
}  // namespace roamdesk::tunnel
