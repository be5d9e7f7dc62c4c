#include "common/rtp/track.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "common/rtp/g711.hpp"

namespace roamdesk::media {
namespace {

using namespace std::chrono_literals;
using Audio = std::vector<std::uint8_t>;

constexpr std::uint8_t silence = 0xd5;
constexpr std::uint64_t plenty = 1'000'000;

// A track of A-law, and the packets of a phone that talks every 20 ms.
class Listener {
 public:
  explicit Listener(std::uint64_t most = plenty) : track{true, most} {}
  static std::uint8_t code_of(int number) { return static_cast<std::uint8_t>(number % 200 + 1); }
  static Audio packet(int number) { return Audio(160, code_of(number)); }
  static Audio talk(int first, int end) {
    Audio audio;
    for (int i = first; i < end; ++i) audio.insert(audio.end(), 160, code_of(i));
    return audio;
  }

  // The packet with this number, when it is due or `late` after that.
  void hear(int number, Duration late = {}, std::uint32_t ssrc = 1) {
    hear_at(start + 20ms * number + late, first + 160u * static_cast<std::uint32_t>(number), packet(number), ssrc);
  }
  void hear_at(TimePoint now, std::uint32_t timestamp, const Audio& payload, std::uint32_t ssrc = 1,
               std::uint8_t type = 8) {
    RtpView view;
    view.payload_type = type;
    view.timestamp = timestamp;
    view.ssrc = ssrc;
    view.payload = payload;
    track.received(view, now, [this](const Track::Piece& piece) {
      ++pieces;
      keep(piece);
    });
  }
  Audio whole() {
    keep(track.rest());
    return kept;
  }

  const TimePoint start{1h};
  std::uint32_t first = 0xfffff000;  // over its end soon
  Track track;
  int pieces = 0;

 private:
  void keep(const Track::Piece& piece) {
    EXPECT_LE(piece.audio.size(), Track::longest_piece);
    kept.insert(kept.end(), piece.silence, silence);
    kept.insert(kept.end(), piece.audio.begin(), piece.audio.end());
  }
  Audio kept;
};

Audio operator+(Audio a, const Audio& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(Track, KeepsWhatComesInOrder) {
  Listener listener;
  for (int i = 0; i < 500; ++i) listener.hear(i);
  EXPECT_GT(listener.pieces, 15);
  EXPECT_EQ(listener.whole(), Listener::talk(0, 500));
}

TEST(Track, OfNothingIsEmpty) { EXPECT_TRUE(Listener{}.whole().empty()); }

TEST(Track, IsSilentWhereAPacketIsMissing) {
  for (const int missing : {1, 24, 25, 26, 30, 34, 35, 36, 200}) {
    Listener listener;
    for (int i = 0; i < 10; ++i) listener.hear(i);
    for (int i = 10 + missing; i < 300; ++i) listener.hear(i);
    const auto hole = Audio(static_cast<std::size_t>(missing) * 160, silence);
    EXPECT_EQ(listener.whole(), Listener::talk(0, 10) + hole + Listener::talk(10 + missing, 300)) << missing;
  }
}

TEST(Track, PutsALatePacketInItsPlace) {
  Listener listener;
  for (int i = 0; i < 200; i += 4) {
    listener.hear(i);
    listener.hear(i + 3);
    listener.hear(i + 2, 30ms);
    listener.hear(i + 1, 60ms);
  }
  EXPECT_EQ(listener.whole(), Listener::talk(0, 200));
}

TEST(Track, PutsALatePacketInItsPlaceBehindALongPauseToo) {
  Listener listener;
  for (const int i : {0, 1, 500, 498, 499, 501}) listener.hear(i);
  EXPECT_EQ(listener.whole(), Listener::talk(0, 2) + Audio(496 * 160, silence) + Listener::talk(498, 502));
}

TEST(Track, CountsADoubledPacketOnce) {
  Listener listener;
  for (int i = 0; i < 200; ++i) {
    listener.hear(i);
    listener.hear(i, 1ms);
    if (i > 3) listener.hear(i - 3, 60ms);
  }
  EXPECT_EQ(listener.whole(), Listener::talk(0, 200));
}

TEST(Track, LeavesOutWhatComesTooLate) {
  Listener listener;
  for (int i = 0; i < 100; ++i)
    if (i != 5) listener.hear(i);
  listener.hear(5, 1900ms);
  EXPECT_EQ(listener.whole(), Listener::talk(0, 5) + Audio(160, silence) + Listener::talk(6, 100));
}

TEST(Track, GoesOnByTheClockWithAnotherSource) {
  for (const int pause : {0, 3, 150}) {
    Listener listener;
    for (int i = 0; i < 50; ++i) listener.hear(i);
    listener.first = 77;
    for (int i = 50 + pause; i < 100 + pause; ++i) listener.hear(i, {}, 2);
    const auto hole = Audio(static_cast<std::size_t>(pause) * 160, silence);
    EXPECT_EQ(listener.whole(), Listener::talk(0, 50) + hole + Listener::talk(50 + pause, 100 + pause)) << pause;
  }
}

TEST(Track, DoesNotFollowATimestampThatJumps) {
  for (const std::uint32_t jump : {800'000u, 0x7fffffffu, 0x80000000u, 0u - 800'000u}) {
    Listener listener;
    for (int i = 0; i < 50; ++i) listener.hear(i);
    listener.first += jump;
    for (int i = 50; i < 100; ++i) listener.hear(i);
    EXPECT_EQ(listener.whole(), Listener::talk(0, 100)) << jump;
  }
}

TEST(Track, OutrunsTheClockByNoMoreThanItsPatience) {
  for (const bool one_source : {true, false}) {
    Listener listener;
    for (std::uint32_t i = 0; i < 10'000; ++i)
      listener.hear_at(listener.start, 160 * i, Listener::packet(1), one_source ? 1 : i);
    EXPECT_LE(listener.whole().size(), static_cast<std::size_t>(Track::patience) + 160);
  }
}

TEST(Track, EndsAtItsMost) {
  for (const std::uint64_t most : {1u, 160u, 4000u, 5600u, 5601u, 7999u}) {
    Listener listener{most};
    int i = 0;
    for (; i < 100 && !listener.track.full(); ++i) listener.hear(i);
    EXPECT_LT(i, 100);
    for (; i < 200; ++i) listener.hear(i);
    auto expected = Listener::talk(0, 100);
    expected.resize(most);
    EXPECT_EQ(listener.whole(), expected) << most;
  }
}

TEST(Track, EndsAtItsMostInALongPauseToo) {
  Listener listener{8000};
  listener.hear(0);
  listener.hear(1000);
  EXPECT_TRUE(listener.track.full());
  EXPECT_EQ(listener.whole(), Listener::talk(0, 1));
}

TEST(Track, IsOfOneLawWhateverThePacketsHave) {
  Listener listener;
  const Audio ulaw(160, to_ulaw(1000));
  listener.hear_at(listener.start, 0, ulaw, 1, 0);
  EXPECT_EQ(listener.whole(), Audio(160, to_alaw(from_ulaw(to_ulaw(1000)))));
}

TEST(Track, PassesOverWhatIsNoG711) {
  Listener listener;
  listener.hear(0);
  listener.hear_at(listener.start + 20ms, listener.first + 160, {5, 0x0a, 0, 160}, 1, 101);  // a named event
  listener.hear_at(listener.start + 40ms, listener.first + 320, {1}, 1, 13);                 // comfort noise
  listener.hear_at(listener.start + 50ms, listener.first + 400, {});
  listener.hear(3);
  EXPECT_EQ(listener.whole(), Listener::talk(0, 1) + Audio(320, silence) + Listener::talk(3, 4));
}

TEST(Track, OfPacketsOfAnySizeKeepsAtMostAWindowOfEach) {
  Listener listener;
  listener.hear_at(listener.start, 0, Audio(40'000, 7));
  listener.hear_at(listener.start + 1s, 8000, Audio(1, 9));
  const auto whole = listener.whole();
  EXPECT_EQ(whole, Audio(Track::window, 7) + Audio(8000 - Track::window, silence) + Audio(1, 9));
}

}  // namespace
}  // namespace roamdesk::media
