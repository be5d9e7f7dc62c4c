#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "pbx-core/operations/nightly_backup.hpp"
#include "pbx-core/sftp/session.hpp"

namespace roamdesk::core {

// Brings a backup to the SFTP server every night, on a thread of its own: the folder's newest as soon as it is made;
// where no folder has any, one of its own at the target's time. One that was missed is brought as soon as the core
// runs, one that failed is tried again an hour later, and at once where somebody asks or changes the target.
class SftpBackup {
 public:
  // `done` is called on that thread, after each.
  SftpBackup(const Config& config, const NightlyBackup& nightly, boost::asio::io_context& io,
             std::function<WallTime()> now, std::function<void(const NightlyBackup::Done&)> done);
  void start() { tick(); }
  // What is under way ends within moments. What it had brought over is cleared away by the next one.
  void stop();
  void wait();
  // Begins one if it is time and none is under way. One thread.
  void check(WallTime now);

  // Any thread.
  api::SftpState state() const;
  api::SftpWays ways();
  void add(BackupFigures& figures) const;

 private:
  enum class Urgency : std::uint8_t { by_the_clock, at_once };
  void tick();
  bool is_time(WallTime now) const;
  void run(const sftp::Target& target, const std::filesystem::path& newest, WallTime now, const std::stop_token& stop);
  // The file that is brought over is `newest`, or made for it where that is "".
  NightlyBackup::Done bring(const sftp::Target& target, const std::filesystem::path& newest, WallTime now,
                            const std::stop_token& stop, api::SftpResult& result);
  void make_draft(const std::filesystem::path& file, WallTime now, const std::stop_token& stop,
                  NightlyBackup::Done& done) const;
  void note(const NightlyBackup::Done& done, const api::SftpResult& result);
  void look_soon();
  bool begin_errand(std::function<void(const std::stop_token&)> work);
  void set(const std::optional<sftp::Target>& target);

  const std::filesystem::path state_dir_;
  const std::string zone_;
  const NightlyBackup& nightly_;
  const std::function<void(const NightlyBackup::Done&)> done_;
  boost::asio::io_context& io_;
  boost::asio::steady_timer timer_;
  const std::function<WallTime()> now_;
  std::mutex files_mutex_;    // who has it writes; never taken by the one that calls check()
  mutable std::mutex mutex_;  // for what follows; nobody writes while he has it
  std::optional<sftp::Target> target_;
  sftp::Status status_;
  std::optional<WallTime> begun_for_;  // status_.set as the one under way began; written while none is
  Urgency urgency_ = Urgency::by_the_clock;
  bool under_way_ = false, errand_under_way_ = false, stopped_ = false;
  std::jthread thread_, errand_;
};

}  // namespace roamdesk::core
