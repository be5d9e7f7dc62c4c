#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "pbx-core/api/backups.hpp"
#include "pbx-core/config.hpp"
#include "pbx-core/store/store.hpp"

namespace roamdesk::core {

// Of the newest backup: when one was made last, by whatever way, and of the last one of a night how large it is and how
// long it took. 0: none is known.
struct BackupFigures {
  double last_success_s = 0, bytes = 0, took_s = 0;
  // By SFTP: when the last one arrived, 0 for never; 1 where the last one failed.
  double sftp_last_success_s = 0, sftp_failing = 0;
};

// A folder in which there was no room for a backup.
struct FullDisk {
  std::string path, figures;
  friend bool operator==(const FullDisk&, const FullDisk&) = default;
};

// Makes a backup every night, on a thread of its own, and says how that went. One that was missed, since the core was
// down at that time or has none yet, is made as soon as it runs; one that failed is tried again an hour later.
class NightlyBackup {
 public:
  struct Done {
    WallTime at;
    std::string name;   // of the file; "" if it failed
    std::string fault;  // why, in words
    std::uint64_t bytes = 0;
    std::string to{};                // the server that it was brought to; "": the folder
    std::optional<FullDisk> full{};  // it failed, since there was no room
  };
  // `done` is called on that thread, after each.
  NightlyBackup(const Config& config, boost::asio::io_context& io, std::function<void(const Done&)> done);
  // Looks at the clock every half minute from now on.
  void start(std::function<WallTime()> now);
  // The one that is under way ends at once; nothing is left of it, and the next start makes it.
  void stop();
  // For the one that is under way to come to its end.
  void wait();
  // Begins one if it is time and none is under way.
  void check(WallTime now);

  // The file of the newest one; "" where there is none. Any thread.
  std::filesystem::path newest() const;
  bool has_plan() const { return plan_.has_value(); }
  // Any thread.
  api::NightlyBackups view(WallTime now) const;
  BackupFigures figures() const;
  // The content of one of view()'s files; its fault says why not. Blocks.
  api::BackupMade read(const std::string& name) const;

 private:
  void run(WallTime now, const std::stop_token& stop);
  void tick();

  const std::filesystem::path state_dir_;
  const std::optional<Config::Backup> plan_;
  const std::string zone_;
  const std::function<void(const Done&)> done_;
  std::function<WallTime()> now_;
  boost::asio::steady_timer timer_;
  mutable std::mutex mutex_;  // for what follows
  bool under_way_ = false;
  std::optional<Done> failed_;
  std::optional<WallTime> last_;  // of the newest file
  std::string last_name_;
  std::uint64_t bytes_ = 0;
  std::chrono::duration<double> took_{};
  std::jthread thread_;
};

// One that was made stands in the audit, as from the program itself. Any thread.
void audit(store::Store& store, const NightlyBackup::Done& done);

}  // namespace roamdesk::core
