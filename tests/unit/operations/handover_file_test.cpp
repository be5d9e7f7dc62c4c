#include "pbx-core/operations/handover_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "common/log/log.hpp"
#include "exchange/element/handover_text.hpp"

namespace roamdesk::core {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

// What a core leaves to the next one, and what others may have made of it.
class HandoverFile : public testing::Test {
 protected:
  HandoverFile() {
    char name[] = "/tmp/roamdesk-XXXXXX";
    folder_ = mkdtemp(name);
    log::set_sink([this](std::string_view line) { logged_ += line; });
  }
  ~HandoverFile() override {
    log::set_sink(nullptr);
    fs::remove_all(folder_);
  }
  static WallTime now() { return WallTime{std::chrono::milliseconds{1'800'000'000'000}}; }
  static element::Handover some() {
    element::Handover handover;
    handover.at = now();
    handover.instance = "0123456789abcdef";
    handover.peers = {{calls::PeerId{1}, false, "provider"}};
    return handover;
  }
  bool believed(WallTime at = now() + 1s) {
    const auto taken = take_handover(folder_, at);
    EXPECT_FALSE(fs::exists(fs::symlink_status(file()))) << "it is there for one reader";
    return taken.instance == some().instance && taken.peers.size() == 1;
  }
  std::string logged() {
    log::flush();
    return logged_;
  }
  fs::path file() const { return folder_ / "handover"; }
  void write(const std::string& text, mode_t mode = 0600) {
    std::ofstream{file(), std::ios::binary} << text;
    ::chmod(file().c_str(), mode);
  }

  fs::path folder_;
  std::string logged_;
};

TEST_F(HandoverFile, IsReadOnceByTheNextCore) {
  ASSERT_TRUE(write_handover(folder_, some()));
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_FALSE(fs::exists(folder_ / "handover.part"));
  EXPECT_TRUE(believed());
  EXPECT_FALSE(believed()) << "it has gone";
  EXPECT_EQ(logged(), "") << "that there is none is no news";
}

TEST_F(HandoverFile, TakesThePlaceOfAnOlderOne) {
  write("of before", 0644);
  fs::create_symlink("/dev/null", folder_ / "handover.part");
  ASSERT_TRUE(write_handover(folder_, some()));
  EXPECT_TRUE(believed());
}

TEST_F(HandoverFile, OfOthersOrForOthersIsNotBelieved) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0666}) {
    write(element::to_text(some()), mode);
    EXPECT_FALSE(believed()) << mode;
  }
  EXPECT_THAT(logged(), HasSubstr("others may read or write it"));
  const auto elsewhere = folder_ / "elsewhere";
  std::ofstream{elsewhere, std::ios::binary} << element::to_text(some());
  fs::create_symlink(elsewhere, file());
  EXPECT_FALSE(take_handover(folder_, now()).peers.size());
  fs::remove(file());
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  EXPECT_FALSE(believed()) << "and it doesn't wait for a writer";
  if (::geteuid() != 0) return;
  write(element::to_text(some()));
  ASSERT_EQ(::chown(file().c_str(), 65534, 65534), 0);
  EXPECT_FALSE(believed());
  EXPECT_THAT(logged(), HasSubstr("another user"));
}

TEST_F(HandoverFile, ThatIsOldOrFromTheFutureIsNotBelieved) {
  for (const auto later : {-1ms, 30001ms, std::chrono::milliseconds{24h}}) {
    ASSERT_TRUE(write_handover(folder_, some()));
    EXPECT_FALSE(believed(now() + later)) << later.count();
  }
  EXPECT_THAT(logged(), HasSubstr("too old"));
}

TEST_F(HandoverFile, ThatIsDamagedIsNotBelieved) {
  const auto text = element::to_text(some());
  for (const auto& bad : {std::string{}, std::string{"x"}, text.substr(0, text.size() - 1), text + "x",
                          "roamdesk handover 2\n" + text.substr(20), std::string(5000, '\xff')}) {
    write(bad);
    EXPECT_FALSE(believed());
  }
  EXPECT_THAT(logged(), HasSubstr("another version"));
  EXPECT_THAT(logged(), HasSubstr("damaged"));
}

TEST_F(HandoverFile, ThatCannotBeWrittenIsSaid) {
  fs::create_directory(folder_ / "handover");
  std::ofstream{folder_ / "handover" / "x"};
  EXPECT_FALSE(write_handover(folder_, some()));
  EXPECT_THAT(logged(), HasSubstr("core.handover_not_written"));
}

}  // namespace
}  // namespace roamdesk::core
