#include "common/media/prompts.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

namespace roamdesk::media {
namespace {

const std::filesystem::path shipped = PROMPTS_DIR;

TEST(Prompts, ThatAreShippedAreAllThereAndCanBeHeard) {
  for (const auto* name :
       {"enter_extension", "enter_pin",        "wrong_pin",      "login_ok",      "logged_out",
        "not_logged_in",   "not_a_hot_desk",   "goodbye",        "try_later",     "no_emergency_route",
        "may_not_call",    "no_such_number",   "lines_busy",     "limit_reached", "core_unreachable",
        "ringback",        "emergency_called", "emergency_test", "at_hot_desk",   "at_extension",
        "see_display"}) {
    const auto samples = read_wav(shipped / (std::string{name} + ".wav"));
    const double seconds = static_cast<double>(samples.size()) / 8000;
    EXPECT_GT(seconds, 0.5) << name;
    EXPECT_LT(seconds, 8) << name;
    double energy = 0;
    int clipped = 0;
    for (const auto sample : samples) {
      energy += static_cast<double>(sample) * sample;
      clipped += std::abs(static_cast<int>(sample)) >= 32767;
    }
    const double level = 20 * std::log10(std::sqrt(energy / static_cast<double>(samples.size())) / 32768);
    EXPECT_GT(level, -30) << name;
    EXPECT_LT(level, -12) << name;
    EXPECT_EQ(clipped, 0) << name;
  }
}

TEST(Prompts, OfDigitsAreAllThere) {
  for (const char digit : std::string{"0123456789"}) {
    const auto samples = read_wav(shipped / (std::string{"digit_"} + digit + ".wav"));
    EXPECT_GT(samples.size(), 8000u / 4) << digit;
    EXPECT_LT(samples.size(), 8000u * 2) << digit;
  }
}

TEST(Prompts, OfTheAdministratorWin) {
  const auto mine = std::filesystem::path{testing::TempDir()} / ("roamdesk_prompts_" + std::to_string(getpid()));
  std::filesystem::create_directories(mine);
  std::filesystem::copy_file(shipped / "goodbye.wav", mine / "login_ok.wav",
                             std::filesystem::copy_options::overwrite_existing);
  const PromptLibrary library{shipped, mine};
  EXPECT_EQ(library.find("login_ok")->alaw, library.find("goodbye")->alaw);
  EXPECT_EQ(library.find("no such"), nullptr);
  std::filesystem::remove_all(mine);
}

std::string wav(std::uint16_t format, std::uint32_t rate, std::uint16_t bits, const std::string& data) {
  std::string out = "RIFF....WAVEfmt ";
  const auto put = [&out](auto value) { out.append(reinterpret_cast<const char*>(&value), sizeof value); };
  put(std::uint32_t{16});
  put(format);
  put(std::uint16_t{1});
  put(rate);
  put(rate * bits / 8);
  put(static_cast<std::uint16_t>(bits / 8));
  put(bits);
  out += "data";
  put(static_cast<std::uint32_t>(data.size()));
  return out + data;
}

class Wav : public testing::Test {
 protected:
  ~Wav() override { std::filesystem::remove(file); }
  std::vector<std::int16_t> read(const std::string& bytes) {
    std::ofstream{file, std::ios::binary} << bytes;
    return read_wav(file);
  }
  const std::filesystem::path file =
      std::filesystem::path{testing::TempDir()} / ("roamdesk_" + std::to_string(getpid()) + ".wav");
};

TEST_F(Wav, OfPcmAndG711IsRead) {
  EXPECT_EQ(read(wav(1, 8000, 16, std::string("\x01\x00\xff\xff", 4))), (std::vector<std::int16_t>{1, -1}));
  EXPECT_EQ(read(wav(6, 8000, 8, "\xd5")), (std::vector<std::int16_t>{8}));
  EXPECT_EQ(read(wav(7, 8000, 8, "\xff")), (std::vector<std::int16_t>{0}));
}

TEST_F(Wav, OfAnotherKindIsRefused) {
  EXPECT_THROW(read(wav(1, 16000, 16, "ab")), std::runtime_error);
  EXPECT_THROW(read(wav(3, 8000, 32, "abcd")), std::runtime_error);  // floating point
  EXPECT_THROW(read(wav(1, 8000, 16, "")), std::runtime_error);
  const auto whole = wav(1, 8000, 16, "abcd");
  for (std::size_t cut = 0; cut < 44; ++cut) EXPECT_THROW(read(whole.substr(0, cut)), std::runtime_error) << cut;
  EXPECT_THROW(read(whole + std::string(1'000'000, 'x')), std::runtime_error);  // over a minute
}

TEST(Prompts, InAnotherFormatAreRefusedByName) {
  const auto bad = std::filesystem::path{testing::TempDir()} / "bad.wav";
  std::ofstream{bad} << "RIFF....not a wave";
  try {
    read_wav(bad);
    FAIL() << "it was taken";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string{error.what()}.find("bad.wav"), std::string::npos);
  }
}

}  // namespace
}  // namespace roamdesk::media
