#include "pbx-core/platform/what_serves.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace roamdesk::core {
namespace {
namespace fs = std::filesystem;

class WhatServes : public testing::Test {
 protected:
  WhatServes() {
    std::string pattern = fs::canonical(testing::TempDir()).string() + "/serves-XXXXXX";
    top = ::mkdtemp(pattern.data());
    at = {top / "bin" / "pbx-core", top / "rolled-back" / "bin" / "pbx-core"};
    before = top / "1.0" / "bin" / "pbx-core";
    for (const auto& program : {at.program, before}) {
      fs::create_directories(program.parent_path());
      std::ofstream{program} << "#!/bin/sh\n";
      ::chmod(program.c_str(), 0755);
    }
  }
  ~WhatServes() override { fs::remove_all(top); }
  void take_back() const { fs::create_symlink("1.0", top / "rolled-back"); }

  fs::path top, before;
  InstalledAt at;
};

TEST_F(WhatServes, IsTheInstalledProgramWhereNoUpgradeWasTakenBack) {
  EXPECT_EQ(serves_in_place_of(at.program, at), std::nullopt);
}

TEST_F(WhatServes, IsTheVersionBeforeAfterOneThatWas) {
  take_back();
  EXPECT_EQ(serves_in_place_of(at.program, at), before);
  EXPECT_EQ(serves_in_place_of(before, at), std::nullopt) << "it is the one";
  EXPECT_EQ(serves_in_place_of(top / "build" / "pbx-core", at), std::nullopt) << "a build of one's own";
}

TEST_F(WhatServes, IsNothingThatSomebodyElseCouldHaveWritten) {
  take_back();
  for (const mode_t mode : {0775, 0757, 0644}) {
    ::chmod(before.c_str(), mode);
    EXPECT_EQ(serves_in_place_of(at.program, at), std::nullopt) << std::oct << mode;
  }
  if (::geteuid() == 0) {
    ::chmod(before.c_str(), 0755);
    ASSERT_EQ(::chown(before.c_str(), 65534, 65534), 0);
    EXPECT_EQ(serves_in_place_of(at.program, at), std::nullopt);
  }
  fs::remove(before);
  EXPECT_EQ(serves_in_place_of(at.program, at), std::nullopt);
}

TEST_F(WhatServes, IsNoLoop) {
  fs::create_directories(at.rolled_back.parent_path());
  fs::create_symlink(at.program, at.rolled_back);
  EXPECT_EQ(serves_in_place_of(at.program, at), std::nullopt);
}

}  // namespace
}  // namespace roamdesk::core
