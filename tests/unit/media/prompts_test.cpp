#include "common/media/prompts.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace roamdesk::media {
namespace {

const std::filesystem::path shipped = PROMPTS_DIR;

TEST(Prompts, ThatAreShippedAreAllThereAndCanBeHeard) {
  for (const auto* name : {"enter_extension", "enter_pin", "wrong_pin", "login_ok", "logged_out", "not_logged_in",
                           "not_a_hot_desk", "goodbye", "try_later", "no_emergency_route"}) {
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

TEST(Prompts, OfTheAdministratorWin) {
  const auto mine = std::filesystem::path{testing::TempDir()} / "prompts";
  std::filesystem::create_directories(mine);
  std::filesystem::copy_file(shipped / "goodbye.wav", mine / "login_ok.wav",
                             std::filesystem::copy_options::overwrite_existing);
  const PromptLibrary library{shipped, mine};
  EXPECT_EQ(library.find("login_ok")->alaw, library.find("goodbye")->alaw);
  EXPECT_EQ(library.find("no such"), nullptr);
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
