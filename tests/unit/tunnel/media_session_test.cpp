#include "common/tunnel/media_session.hpp"

#include <gtest/gtest.h>

#include "common/tunnel/media_packets.hpp"

namespace roamdesk::tunnel {
namespace {

using namespace std::chrono_literals;
const TimePoint t0{1h};
constexpr std::uint32_t id = 0x01020304;

MediaSecret secret(std::uint8_t byte) {
  MediaSecret s;
  s.fill(byte);
  return s;
}

class MediaSessionTest : public testing::TestWithParam<crypto::Cipher> {
 protected:
  MediaSession sbc{Side::sbc, id, GetParam()}, core{Side::core, id, GetParam()};
  void install(std::uint16_t epoch, TimePoint now = t0) {
    const auto keys = derive_keys(secret(static_cast<std::uint8_t>(epoch)), id, epoch);
    core.install(epoch, keys, now);
    sbc.install(epoch, keys, now);
  }
  static crypto::Bytes seal(MediaSession& from, std::string_view text) {
    crypto::Bytes buffer(text.size() + media_overhead);
    std::copy(text.begin(), text.end(), buffer.begin() + media_header);
    buffer.resize(from.seal(buffer, text.size()));
    return buffer;
  }
  static Result<std::string, OpenError> open(MediaSession& to, crypto::Bytes datagram, TimePoint now = t0) {
    const auto run = to.open(datagram, now);
    if (!run) return run.error();
    return std::string{crypto::as_text(*run)};
  }
};
INSTANTIATE_TEST_SUITE_P(Ciphers, MediaSessionTest,
                         testing::Values(crypto::Cipher::aes_128_gcm, crypto::Cipher::chacha20_poly1305));

TEST_P(MediaSessionTest, OpensWhatTheOtherEndSealed) {
  install(0);
  EXPECT_EQ(*open(core, seal(sbc, "from the branch")), "from the branch");
  EXPECT_EQ(*open(sbc, seal(core, "from the core")), "from the core");
}

TEST_P(MediaSessionTest, RefusesItsOwn) {
  install(0);
  EXPECT_EQ(open(sbc, seal(sbc, "reflected")).error(), OpenError::unauthentic);
}

TEST_P(MediaSessionTest, RefusesEveryChangedByte) {
  install(0);
  const auto datagram = seal(sbc, "text");
  for (std::size_t i = 0; i < datagram.size(); ++i) {
    auto changed = datagram;
    changed[i] ^= 0x40;
    EXPECT_FALSE(open(core, changed)) << "byte " << i;
  }
  for (std::size_t size = 0; size < datagram.size(); ++size) {
    EXPECT_FALSE(open(core, crypto::Bytes(datagram.begin(), datagram.begin() + static_cast<std::ptrdiff_t>(size))));
  }
  EXPECT_TRUE(open(core, datagram)) << "no forgery spoilt the real one";
}

TEST_P(MediaSessionTest, RefusesReplaysAndTakesReordering) {
  install(0);
  std::vector<crypto::Bytes> datagrams;
  for (int i = 0; i < 3000; ++i) datagrams.push_back(seal(sbc, "x"));
  EXPECT_TRUE(open(core, datagrams[2500]));
  EXPECT_TRUE(open(core, datagrams[453]));  // 2047 behind
  EXPECT_EQ(open(core, datagrams[453]).error(), OpenError::replayed);
  EXPECT_EQ(open(core, datagrams[2500]).error(), OpenError::replayed);
  EXPECT_TRUE(open(core, datagrams[2999]));
}

TEST_P(MediaSessionTest, RefusesWhatIsTooOldToTell) {
  install(0);
  const auto first = seal(sbc, "x");
  for (std::uint64_t i = 0; i < ReplayWindow::size; ++i) seal(sbc, "x");
  EXPECT_TRUE(open(core, seal(sbc, "x")));
  EXPECT_EQ(open(core, first).error(), OpenError::replayed);
}

TEST_P(MediaSessionTest, TheCoreSendsInTheOldEpochUntilTheNewOneIsProven) {
  install(0);
  open(core, seal(sbc, "proves 0"));
  install(1);
  EXPECT_EQ(sbc.sending_epoch(), 1);
  EXPECT_EQ(core.sending_epoch(), 0);
  EXPECT_TRUE(open(sbc, seal(core, "in the old one")));
  EXPECT_TRUE(open(core, seal(sbc, "proves 1")));
  EXPECT_EQ(core.sending_epoch(), 1);
}

TEST_P(MediaSessionTest, TheOldEpochLivesThreeSecondsAfterTheProof) {
  install(0);
  const auto early = seal(sbc, "straggler"), late = seal(sbc, "too late");
  install(1);
  ASSERT_TRUE(open(core, seal(sbc, "proves 1")));
  EXPECT_TRUE(open(core, early, t0 + 2900ms));
  EXPECT_EQ(open(core, late, t0 + 3s).error(), OpenError::unknown_epoch);
  core.handle_timeout(t0 + 3s);
  EXPECT_EQ(core.epochs(), 1U);
}

TEST_P(MediaSessionTest, TheOldEpochLivesSixtySecondsAtMost) {
  install(0);
  const auto late = seal(sbc, "late");
  install(1);
  EXPECT_EQ(open(core, late, t0 + 60s).error(), OpenError::unknown_epoch);
  core.handle_timeout(t0 + 60s);
  EXPECT_EQ(core.epochs(), 1U);
  EXPECT_EQ(core.sending_epoch(), 1);
}

TEST_P(MediaSessionTest, NeverUsesANonceTwiceByInstallingAgain) {
  install(0);
  const auto first = seal(sbc, "text");
  install(0);
  EXPECT_NE(seal(sbc, "text"), first);
}

TEST_P(MediaSessionTest, AsksForAnEpochInTimeAndThenStops) {
  MediaSession::Limits limits;
  limits.want_epoch_at = 10;
  limits.refuse_at = 20;
  MediaSession tired{Side::sbc, id, GetParam(), limits};
  EXPECT_TRUE(seal(tired, "no key yet").empty());
  tired.install(0, derive_keys(secret(0), id, 0), t0);
  for (int i = 0; i < 10; ++i) seal(tired, "x");
  EXPECT_FALSE(tired.poll_wants_epoch());
  seal(tired, "x");
  EXPECT_TRUE(tired.poll_wants_epoch());
  seal(tired, "x");
  EXPECT_FALSE(tired.poll_wants_epoch()) << "once";
  for (int i = 12; i < 20; ++i) EXPECT_FALSE(seal(tired, "x").empty());
  EXPECT_TRUE(seal(tired, "x").empty());
  tired.install(1, derive_keys(secret(1), id, 1), t0);
  EXPECT_FALSE(seal(tired, "x").empty());
}

TEST_P(MediaSessionTest, MeasuresLoss) {
  install(0);
  for (int i = 0; i < 100; ++i) {
    const auto datagram = seal(sbc, "x");
    if (i % 10 != 5) open(core, datagram);
  }
  EXPECT_NEAR(*core.take_loss(), 0.1, 0.001);
  EXPECT_EQ(core.take_loss(), std::nullopt);
}

TEST(DeriveKeys, DifferByEpochDirectionSessionAndSecret) {
  const auto keys = derive_keys(secret(1), 5, 6);
  EXPECT_EQ(keys, derive_keys(secret(1), 5, 6));
  EXPECT_NE(keys.from_sbc, keys.from_core);
  EXPECT_NE(keys.from_sbc, derive_keys(secret(1), 5, 7).from_sbc);
  EXPECT_NE(keys.from_sbc, derive_keys(secret(1), 6, 6).from_sbc);
  EXPECT_NE(keys.from_sbc, derive_keys(secret(2), 5, 6).from_sbc);
}

TEST(ReplayWindow, SeesEachCounterOnce) {
  // Against a plain set, over jumps of every kind.
  ReplayWindow window;
  std::vector<bool> seen(200000, false);
  std::uint64_t highest = 0, state = 12345;
  for (int i = 0; i < 100000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto r = state >> 33;
    const std::uint64_t counter = std::min<std::uint64_t>(
        199999, (r % 50 == 0 ? highest + r % 9000 : highest - std::min<std::uint64_t>(highest, r % 5000)) + r % 2);
    if (seen.size() - highest < 10000) break;
    const bool fresh = window.is_fresh(counter);
    const bool in_window = counter + ReplayWindow::size > highest;
    EXPECT_EQ(fresh, in_window && !seen[counter]) << counter << " of " << highest;
    if (fresh) {
      window.record(counter);
      seen[counter] = true;
      highest = std::max(highest, counter);
    }
  }
  EXPECT_GT(highest, 100000U);
}

TEST(PacketReader, WalksARun) {
  crypto::Bytes run(100);
  auto size = write_packet(run, 7, false, crypto::as_bytes("rtp"));
  size += write_packet(std::span{run}.subspan(size), 8, true, crypto::as_bytes("rtcp!"));
  PacketReader reader{std::span{run}.first(size)};
  const auto first = reader.next(), second = reader.next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->stream, 7U);
  EXPECT_FALSE(first->rtcp);
  EXPECT_EQ(crypto::as_text(first->bytes), "rtp");
  EXPECT_TRUE(second->rtcp);
  EXPECT_EQ(crypto::as_text(second->bytes), "rtcp!");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.malformed());
}

TEST(PacketReader, StopsAtWhatIsMalformed) {
  for (const auto& run : {crypto::Bytes{0, 0, 0}, crypto::Bytes{0, 0, 0, 1, 0, 0}, crypto::Bytes{0, 0, 0, 1, 0, 2, 9},
                          crypto::Bytes{0, 0, 0, 1, 0x7f, 0xff, 9}}) {
    PacketReader reader{run};
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.malformed());
  }
}

}  // namespace
}  // namespace roamdesk::tunnel
