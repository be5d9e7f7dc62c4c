#pragma once
#include <gmock/gmock.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "common/config/fault.hpp"

namespace roamdesk {

// A file of its own for each test, gone afterwards.
class TextFile {
 public:
  explicit TextFile(std::string_view text) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            (std::string{"roamdesk_"} + test->name() + "_" + std::to_string(getpid()) + ".yaml");
    std::ofstream{path_} << text;
  }
  ~TextFile() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The fault lines of loading `text` with `load`, with FILE in place of the path; empty where it is good.
template <class Load>
std::vector<std::string> faults_of(std::string_view text, Load load) {
  const TextFile file{text};
  try {
    load(file.path());
    return {};
  } catch (const config::ConfigError& error) {
    std::vector<std::string> lines;
    for (std::string line : error.lines()) lines.push_back("FILE" + line.substr(file.path().string().size()));
    return lines;
  }
}

}  // namespace roamdesk
