#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "exchange/model/alarm.hpp"
#include "pbx-core/operations/metrics.hpp"
#include "sbc/operations/metrics.hpp"

// The files for Prometheus and Grafana, against what the programs serve.
namespace roamdesk {
namespace {

std::string text_of(const std::string& name) {
  std::ifstream in{CONFIG_DIR "/prometheus/" + name};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::set<std::string> found(const std::string& text, const char* expression) {
  const std::regex wanted{expression};
  std::set<std::string> all;
  for (std::sregex_iterator at{text.begin(), text.end(), wanted}, end; at != end; ++at) all.insert((*at)[1].str());
  return all;
}

std::set<std::string> served() {
  core::Metrics core;
  core.lines().update({{.sbc = "berlin"}}, {{.name = "provider"}});
  const sbc::Metrics branch;
  std::set<std::string> names;
  for (const auto* registry : {core.registry().get(), branch.registry().get()})
    for (const auto& family : registry->Collect()) names.insert(family.name);
  return names;
}

constexpr const char* files[] = {"roamdesk.rules.yml", "roamdesk.rules.test.yml", "roamdesk.board.json"};

TEST(AlertRules, NameFiguresThatThereAre) {
  const auto names = served();
  for (const char* file : files) {
    const auto named = found(text_of(file), R"(\b((?:roamdesk|sbc)_[a-z_]+)\b)");
    EXPECT_FALSE(named.empty()) << file;
    for (const auto& name : named) {
      if (value_of<AlarmKind>(name)) continue;  // sbc_down
      EXPECT_TRUE(names.contains(name)) << name << " in " << file;
    }
  }
}

TEST(AlertRules, NameKindsAndSeveritiesThatThereAre) {
  for (const char* file : files) {
    const auto text = text_of(file);
    for (const auto& kind : found(text, R"re(kind=\\?"([a-z_]+))re")) EXPECT_TRUE(value_of<AlarmKind>(kind)) << kind;
    for (const auto& word : found(text, R"re(severity=\\?"([a-z_]+))re"))
      EXPECT_TRUE(value_of<AlarmSeverity>(word)) << word;
  }
}

TEST(AlertRules, AreEachTested) {
  const auto tested = found(text_of("roamdesk.rules.test.yml"), R"(alertname: (\w+))");
  EXPECT_EQ(found(text_of("roamdesk.rules.yml"), R"(- alert: (\w+))"), tested);
}

TEST(Board, IsJsonWithAPanelForWhatIsWrong) {
  const auto board = boost::json::parse(text_of("roamdesk.board.json"));
  std::set<std::int64_t> ids;
  for (const auto& panel : board.at("panels").as_array()) {
    EXPECT_TRUE(ids.insert(panel.at("id").as_int64()).second);
    EXPECT_FALSE(panel.at("targets").as_array().empty()) << panel.at("title").as_string();
  }
  EXPECT_GE(ids.size(), 8u);
}

}  // namespace
}  // namespace roamdesk
