#include "pbx-core/operations/trunk_presets.hpp"

#include <gmock/gmock.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

namespace roamdesk::test {
namespace {
using testing::HasSubstr;

TEST(TrunkPresets, AreAllReadAndEachSaysItsSource) {
  const auto presets = core::load_trunk_presets(CONFIG_DIR "/trunks");
  EXPECT_GE(presets.size(), 15u);
  std::set<std::string> ids;
  for (const auto& preset : presets) {
    EXPECT_TRUE(ids.insert(std::string(preset.at("id").as_string())).second);
    EXPECT_FALSE(preset.at("sources").as_array().empty());
    EXPECT_FALSE(preset.at("trunk").as_object().empty()) << boost::json::serialize(preset);
  }
}

TEST(TrunkPresets, SayHowTheProviderFindsWhoCallsForHelp) {
  std::map<std::string, std::string> said;
  for (const auto& preset : core::load_trunk_presets(CONFIG_DIR "/trunks"))
    if (const auto* word = preset.if_contains("emergency"))
      said[std::string(preset.at("id").as_string())] = word->as_string();
  EXPECT_EQ(said["telnyx"], "reference");
  EXPECT_EQ(said["twilio"], "number");
  EXPECT_EQ(said["chime-voice-connector"], "pidf_lo");
  EXPECT_FALSE(said.contains("sipgate")) << "no source says it";
}

class BadPreset : public testing::Test {
 protected:
  BadPreset() {
    std::string name = (std::filesystem::temp_directory_path() / "roamdesk-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~BadPreset() override { std::filesystem::remove_all(directory_); }
  std::string fault(const std::string& text) {
    std::ofstream(directory_ / "x.yaml") << text;
    try {
      core::load_trunk_presets(directory_);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }
  std::filesystem::path directory_;
};

TEST_F(BadPreset, NamesItsFileAndWhatIsWrong) {
  const std::string head = "name: X\nsources: [a]\nnotes: [b]\n";
  EXPECT_EQ(fault(head + "trunk: {domain: x.example, area_code: \"30\"}\n"), "");
  EXPECT_THAT(fault(head), testing::AllOf(HasSubstr("x.yaml"), HasSubstr("trunk")));
  EXPECT_THAT(fault(head + "trunk: {domian: x}\n"), HasSubstr("domian"));
  EXPECT_THAT(fault(head + "trunk: {area_code: 30}\n"), HasSubstr("area_code"));
  EXPECT_THAT(fault(head + "trunk: {called: sideways}\n"), HasSubstr("called"));
  EXPECT_THAT(fault(head + "emergency: telepathy\ntrunk: {domain: x.example}\n"),
              testing::AllOf(HasSubstr("emergency"), HasSubstr("reference")));
  EXPECT_THAT(fault(head + "trunk: {password: x}\n"), HasSubstr("preset"));
  EXPECT_THAT(fault("name: X\nnotes: [b]\ntrunk: {}\n"), HasSubstr("sources"));
  EXPECT_THAT(fault("- a\n"), HasSubstr("expected"));
  EXPECT_THAT(fault("name: [\n"), HasSubstr("x.yaml"));
}

}  // namespace
}  // namespace roamdesk::test
