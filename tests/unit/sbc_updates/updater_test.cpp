#include "sbc/updates/updater.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "common/log/log.hpp"
#include "sbc/updates/own_package.hpp"
#include "sbc/updates/update_files.hpp"

namespace roamdesk::sbc {
namespace {

using tunnel::UpdateStage;
using namespace std::chrono_literals;

const std::string first_order(32, 'a'), second_order(32, 'b');

struct SbcUpdater : testing::Test {
  std::filesystem::path dir = std::filesystem::temp_directory_path() / ("roamdesk_updater_" + std::to_string(getpid()));
  std::filesystem::path request = dir / "update-request", result = dir / "result";
  TimePoint now{1h};
  Updater updater{{request, result, Package{"1.0~deb12", "amd64"}}};

  SbcUpdater() {
    log::set_sink([](std::string_view) {});
    std::filesystem::create_directories(dir);
  }
  ~SbcUpdater() override {
    log::set_sink(nullptr);
    std::filesystem::remove_all(dir);
  }

  static tunnel::UpdateOrder order(std::string id = first_order, std::string version = "1.1~deb12") {
    tunnel::UpdateOrder made;
    made.order = std::move(id);
    made.version = std::move(version);
    return made;
  }
  UpdateStage ask(const tunnel::UpdateOrder& wanted) { return updater.handle(wanted, now).stage; }
  void tell(const std::string& stage, const std::string& id = first_order, const std::string& why = "") {
    std::ofstream{result} << "order " << id << "\nstage " << stage << "\nwhy " << why << "\n";
  }
  std::string requested() const {
    std::ifstream stream{request};
    return {std::istreambuf_iterator<char>{stream}, {}};
  }
};

TEST_F(SbcUpdater, WritesARequestOfTwoLinesForItsUserAlone) {
  EXPECT_EQ(ask(order()), UpdateStage::accepted);
  EXPECT_EQ(requested(), "order " + first_order + "\nversion 1.1~deb12\n");
  struct stat about {};
  ASSERT_EQ(::lstat(request.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);
}

TEST_F(SbcUpdater, TellsWhatBecomesOfIt) {
  ask(order());
  EXPECT_FALSE(updater.look(now)) << "nothing has changed";
  std::filesystem::remove(request);
  tell("fetching");
  EXPECT_EQ(updater.look(now)->stage, UpdateStage::fetching);
  EXPECT_FALSE(updater.look(now)) << "told already";
  tell("put_back", first_order, "it didn't reach the core");
  const auto news = updater.look(now);
  ASSERT_TRUE(news);
  EXPECT_EQ(news->stage, UpdateStage::put_back);
  EXPECT_EQ(news->why, "it didn't reach the core");
}

TEST_F(SbcUpdater, SaysNothingUnlessItWasAskedInThisConnection) {
  tell("done");
  EXPECT_FALSE(updater.look(now)) << "a core that doesn't know the frame would end the connection";
  EXPECT_EQ(ask(order()), UpdateStage::done) << "asked again after a restart it says how that ended";
  EXPECT_EQ(requested(), "");
  updater.handle_disconnected();
  tell("broken");
  EXPECT_FALSE(updater.look(now));
}

TEST_F(SbcUpdater, TakesOneAtATimeAndSixAnHour) {
  EXPECT_EQ(ask(order()), UpdateStage::accepted);
  EXPECT_EQ(ask(order()), UpdateStage::accepted) << "the same again, from a core that was restarted";
  EXPECT_EQ(ask(order(second_order)), UpdateStage::refused) << "one waits";
  std::filesystem::remove(request);
  tell("installing");
  EXPECT_EQ(ask(order(second_order)), UpdateStage::refused) << "one is under way";
  int taken = 0;
  for (int i = 0; i < 50; ++i) {
    tell("failed", std::string(32, 'f'));
    std::string id = std::to_string(100000 + i);
    taken += ask(order(std::string(32 - id.size(), '0') + id)) == UpdateStage::accepted;
    std::filesystem::remove(request);
  }
  EXPECT_EQ(taken, 5) << "a core that somebody has taken over asks fifty times";
}

TEST_F(SbcUpdater, RefusesWhatIsNoOrder) {
  for (const auto& bad : {order("", "1.1"), order(std::string(31, 'a')), order(std::string(32, 'G')),
                          order("../" + std::string(29, 'a')), order(first_order, ""), order(first_order, "-oDebug"),
                          order(first_order, "1.1\nversion 2"), order(first_order, "1 2")})
    EXPECT_EQ(ask(bad), UpdateStage::refused);
  EXPECT_EQ(requested(), "");
}

TEST_F(SbcUpdater, WithoutAPackageOrAWritableStateItRefusesInWords) {
  Updater built{{request, result, std::nullopt}};
  EXPECT_EQ(built.handle(order(), now).stage, UpdateStage::refused);
  EXPECT_EQ(requested(), "");
  Updater full{{dir / "not there" / "request", result, Package{"1.0", "amd64"}}};
  const auto news = full.handle(order(), now);
  EXPECT_EQ(news.stage, UpdateStage::refused);
  EXPECT_NE(news.why.find("can't be written"), std::string::npos);
}

TEST_F(SbcUpdater, GivesUpWhereNobodyTakesTheRequest) {
  ask(order());
  now += 59s;
  EXPECT_FALSE(updater.look(now));
  now += 1s;
  const auto news = updater.look(now);
  ASSERT_TRUE(news);
  EXPECT_EQ(news->stage, UpdateStage::failed);
  EXPECT_NE(news->why.find("sbc-update.path"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(request)) << "nobody is to take it tomorrow";
}

TEST_F(SbcUpdater, ALinkInTheStateDirectoryIsReplacedNotFollowed) {
  std::ofstream{dir / "other"} << "mine";
  std::filesystem::create_symlink(dir / "other", request.string() + ".new");
  EXPECT_EQ(ask(order()), UpdateStage::accepted);
  std::ifstream other{dir / "other"};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{other}, {}}), "mine");
  std::filesystem::create_symlink(dir / "other", result);
  EXPECT_FALSE(updater.look(now));
}

TEST(UpdateResult, IsReadStrictly) {
  const std::string good = "order " + first_order + "\nstage done\nwhy \n";
  ASSERT_TRUE(parse_result(good));
  for (const auto& bad : std::vector<std::string>{
           std::string{}, good + "x", good.substr(0, good.size() - 1), "order x\nstage done\nwhy \n",
           "order " + first_order + "\nstage dancing\nwhy \n", "stage done\norder " + first_order + "\nwhy \n"})
    EXPECT_FALSE(parse_result(bad)) << bad;
  EXPECT_EQ(parse_result("order " + first_order + "\nstage failed\nwhy " + std::string(900, 'x') + "\n")->why.size(),
            512u);
}

TEST(OwnPackage, IsWhatTheFileSays) {
  const auto file = std::filesystem::temp_directory_path() / ("roamdesk_package_" + std::to_string(getpid()));
  EXPECT_FALSE(read_package(file));
  std::ofstream{file} << "1.0~deb12 amd64\n";
  EXPECT_EQ(read_package(file), (Package{"1.0~deb12", "amd64"}));
  std::ofstream{file} << "whatever\n";
  EXPECT_FALSE(read_package(file));
  std::filesystem::remove(file);
  EXPECT_FALSE(own_package()) << "the tests aren't from a package";
}

}  // namespace
}  // namespace roamdesk::sbc
