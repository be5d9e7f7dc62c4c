#include "pbx-core/administration/line_history.hpp"

#include <gmock/gmock.h>

namespace roamdesk::administration {
namespace {
using namespace std::chrono_literals;

constexpr WallTime begin{std::chrono::hours{24 * 365}};

struct LinePastTest : testing::Test {
  LineHistory history;
  WallTime now = begin;

  // Samples every five seconds.
  int run(Duration how_long, const LineHistory::Sample& sample) {
    int ends = 0;
    for (const auto end = now + std::chrono::duration_cast<std::chrono::milliseconds>(how_long); now < end; now += 5s)
      ends += history.take(now, sample);
    return ends;
  }
  static LineHistory::Sample good(double rtt = 20) { return {true, rtt, 1, 0.01}; }
  static std::vector<std::int64_t> starts(const api::LinePast& past) {
    std::vector<std::int64_t> all;
    for (const auto& p : past.points)
      all.push_back(std::chrono::duration_cast<std::chrono::minutes>(p.from - begin).count());
    return all;
  }
};

TEST_F(LinePastTest, HasTheMeansOfEachStepAndItsWorstLoss) {
  run(150s, good(20));
  run(145s, {true, 40, 3, 0.21});
  const auto day = history.day(now);
  EXPECT_EQ(day.step, 5min);
  ASSERT_EQ(day.points.size(), 1u);
  const auto& p = day.points[0];
  EXPECT_EQ(p.up, 1);
  EXPECT_NEAR(*p.rtt_ms, 30, 0.5);
  EXPECT_NEAR(*p.jitter_ms, 2, 0.1);
  EXPECT_NEAR(*p.loss, 0.11, 0.01);
  EXPECT_NEAR(*p.worst_loss, 0.21, 1e-9);
  EXPECT_GT(*p.mos, 1);
  EXPECT_LT(*p.mos, 4);
}

TEST_F(LinePastTest, SaysForHowLongTheLineWasAwayAndInventsNoFigures) {
  run(15min, good());
  run(10min, {});
  run(150s, {});
  run(150s, good());
  const auto day = history.day(now - 1s);
  EXPECT_EQ(starts(day), (std::vector<std::int64_t>{0, 5, 10, 15, 20, 25}));
  EXPECT_EQ(day.points[3].up, 0);
  EXPECT_FALSE(day.points[3].rtt_ms);
  EXPECT_FALSE(day.points[3].mos);
  EXPECT_NEAR(day.points[5].up, 0.5, 0.05);
  EXPECT_NEAR(*day.points[5].rtt_ms, 20, 1e-9) << "of the time when it was there";
}

TEST_F(LinePastTest, KeepsADayAndAMonth) {
  EXPECT_EQ(run(48h * 20, good()), 12 * 40 - 1) << "each step's end but the last one's";
  EXPECT_EQ(history.day(now - 1s).points.size(), 288u);
  const auto month = history.month(now - 1s);
  EXPECT_EQ(month.step, 2h);
  EXPECT_EQ(month.points.size(), 31u * 12);
  EXPECT_TRUE(history.day(now + 25h).points.empty()) << "what is older isn't shown, whoever asks when";
}

TEST_F(LinePastTest, OutlivesTheProgramAsText) {
  run(5h, {true, 20.25, 1.5, 0.01234});
  run(1h, {});
  const auto text = history.text();
  EXPECT_EQ(text, LineHistory::parse(text).text());
  const auto month = LineHistory::parse(text).month(now - 1s);
  ASSERT_EQ(month.points.size(), 3u);
  EXPECT_NEAR(*month.points[0].rtt_ms, 20.25, 0.01);
  EXPECT_NEAR(*month.points[0].loss, 0.01234, 1e-6);
  EXPECT_NEAR(month.points[2].up, 0.5, 0.01);
  EXPECT_TRUE(LineHistory::parse(text).day(now).points.empty()) << "the day is the program's";
}

TEST_F(LinePastTest, ItsTextStaysSmall) {
  run(48h * 20, {true, 1999.99, 1999.99, 0.999999});
  EXPECT_LT(history.text().size(), 24u * 1024);
}

TEST_F(LinePastTest, PassesOverTextThatIsNone) {
  const std::string good_line = "4380 10 0 2000 100 10000 10000\n";
  for (const char* junk :
       {"", "\n", "x\n", "4380 10 0 2000 100 10000\n", "4380 10 0 2000 100 10000 1 1\n", "4380 -1 0 2000 100 10000 1\n",
        "4380 0 0 2000 100 10000 1\n", "99999999999999999999 1 0 1 1 1 1\n", "4380 10 0 2000 100 10000 10000x\n"})
    EXPECT_EQ(LineHistory::parse(junk).text(), "") << junk;
  EXPECT_EQ(LineHistory::parse("x\n" + good_line + "y").text(), good_line);
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += std::to_string(i) + " 1 0 1 1 1 1\n";
  EXPECT_LT(LineHistory::parse(many).text().size(), 24u * 1024) << "a spoilt record is no burden";
}

TEST_F(LinePastTest, AClockThatIsPutBackTakesItsFutureAlong) {
  run(3h, good());
  now -= std::chrono::hours{1};
  run(1min, good(99));
  EXPECT_LE(history.day(now).points.back().from, now);
  EXPECT_EQ(history.month(now).points.size(), 2u);
  now += 2h;
  EXPECT_TRUE(history.take(now, good())) << "and steps end as before";
}

}  // namespace
}  // namespace roamdesk::administration
