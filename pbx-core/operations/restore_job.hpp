#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "pbx-core/operations/sftp_backup.hpp"

namespace roamdesk::core {

// A restore that the API asks for, one step at a time, on a thread of its own: looks into a backup and makes it ready,
// keeps what is there now as a backup, settles the one for the next start, and has the program start again.
class RestoreJob {
 public:
  RestoreJob(const Config& config, SftpBackup& sftp, boost::asio::io_context& io, std::function<WallTime()> now);
  // What is under way ends within moments; what was made ready is cleared away at the next start, unless it is settled.
  void stop();
  // Any thread.
  api::RestoreWays ways();
  bool wants_restart() const { return wants_restart_; }

 private:
  std::filesystem::path find(api::BackupPlace place, const std::string& name, const std::stop_token& stop);
  bool begin(std::function<void(const std::stop_token&)> work);

  const std::filesystem::path state_dir_, uploads_, kept_, folder_;
  SftpBackup& sftp_;
  boost::asio::io_context& io_;
  const std::function<WallTime()> now_;
  std::mutex mutex_;  // for what follows
  bool under_way_ = false, stopped_ = false;
  std::string ready_;  // the look whose backup is ready; "": none
  std::atomic<bool> wants_restart_ = false;
  std::jthread thread_;
};

}  // namespace roamdesk::core
