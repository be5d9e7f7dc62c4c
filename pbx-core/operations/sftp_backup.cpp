#include "pbx-core/operations/sftp_backup.hpp"

#include <boost/asio/post.hpp>

#include "common/log/log.hpp"
#include "pbx-core/backup/backup.hpp"
#include "pbx-core/backup/nightly.hpp"
#include "pbx-core/backup/room.hpp"
#include "pbx-core/platform/time_zones.hpp"
#include "pbx-core/sftp/deliver.hpp"

namespace roamdesk::core {
namespace {

constexpr std::chrono::seconds between_looks_at_sftp{30};
constexpr std::chrono::hours between_tries_by_sftp{1};

// Runs `work`; what it throws, in words.
template <class Work>
api::SftpResult result_of(Work work) {
  try {
    work();
  } catch (const sftp::SftpError& error) {
    return {false, std::string{word_of(error.kind)}, error.what(), error.offered};
  } catch (const backup::BackupStopped& error) {
    return {false, std::string{word_of(sftp::Kind::stopped)}, error.what(), {}};
  } catch (const std::exception& error) {
    return {false, std::string{word_of(sftp::Kind::other)}, error.what(), {}};
  }
  return {true, {}, {}, {}};
}

}  // namespace

SftpBackup::SftpBackup(const Config& config, const NightlyBackup& nightly, boost::asio::io_context& io,
                       std::function<WallTime()> now, std::function<void(const NightlyBackup::Done&)> done)
    : state_dir_(config.state_dir),
      zone_(config.time_zone.value()),
      nightly_(nightly),
      done_(std::move(done)),
      io_(io),
      timer_(io),
      now_(std::move(now)) {
  try {
    target_ = sftp::load_target(state_dir_);
  } catch (const std::exception& error) {
    log::error("backup.sftp_unreadable", {{"why", std::string{error.what()}}});
  }
  if (!target_) return;
  status_ = sftp::load_status(state_dir_);
  if (!status_.set) {  // of another machine, whose state was restored here
    status_.set = now_();
    status_.host = target_->host;
  }
}

void SftpBackup::stop() {
  timer_.cancel();
  thread_.request_stop();
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;  // no other errand begins
    errand_.request_stop();
  }
  wait();
}

void SftpBackup::wait() {
  if (thread_.joinable()) thread_.join();
  if (errand_.joinable()) errand_.join();
}

void SftpBackup::tick() {
  check(now_());
  timer_.expires_after(between_looks_at_sftp);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void SftpBackup::look_soon() {
  boost::asio::post(io_, [this] { check(now_()); });
}

bool SftpBackup::is_time(WallTime now) const {
  if (!target_ || under_way_ || stopped_) return false;
  const auto newest = nightly_.newest();
  if (nightly_.has_plan() && newest.empty()) return false;  // it comes
  if (urgency_ == Urgency::at_once) return true;
  if (status_.failed && now >= *status_.failed && now < *status_.failed + between_tries_by_sftp) return false;
  if (nightly_.has_plan()) return status_.name != newest.filename();
  // One of the future is of a clock that was wrong, and says nothing of last night.
  return !status_.made || *status_.made > now || *status_.made < last_strike(zone_, target_->at, now);
}

void SftpBackup::check(WallTime now) {
  sftp::Target target;
  {
    const std::lock_guard lock(mutex_);
    if (!is_time(now)) return;
    under_way_ = true;
    urgency_ = Urgency::by_the_clock;
    target = *target_;
    begun_for_ = status_.set;
  }
  thread_ = std::jthread(
      [this, target, newest = nightly_.newest(), now](const std::stop_token& stop) { run(target, newest, now, stop); });
}

void SftpBackup::make_draft(const std::filesystem::path& file, WallTime now, const std::stop_token& stop,
                            NightlyBackup::Done& done) const try {
  backup::make_checked(state_dir_, file, now, stop);
} catch (const backup::NoRoom& none) {
  done.full = {none.folder().string(), none.figures()};
  throw;
}

NightlyBackup::Done SftpBackup::bring(const sftp::Target& target, const std::filesystem::path& newest, WallTime now,
                                      const std::stop_token& stop, api::SftpResult& result) {
  NightlyBackup::Done done{now, {}, {}, 0, target.host};
  const bool own = newest.empty();
  const auto file = own ? state_dir_ / "store.sftp-draft" : newest;
  done.name = own ? backup::nightly_name(now) : newest.filename().string();
  result = result_of([&] {
    if (own) make_draft(file, now, stop, done);
    const auto delivered = sftp::deliver(target, file, done.name, now, stop);
    done.bytes = delivered.bytes;
    if (own) backup::note_made(state_dir_);
    if (!delivered.remark.empty()) log::warning("backup.sftp", {{"host", target.host}, {"why", delivered.remark}});
  });
  std::error_code ignored;
  if (own) std::filesystem::remove(file, ignored);
  done.fault = result.why;
  return done;
}

void SftpBackup::run(const sftp::Target& target, const std::filesystem::path& newest, WallTime now,
                     const std::stop_token& stop) {
  api::SftpResult result;
  const auto done = bring(target, newest, now, stop, result);
  if (stop.stop_requested() && !result.ok) {
    log::info("backup.stopped", {{"host", target.host}});
    const std::lock_guard lock(mutex_);
    under_way_ = false;
    return;
  }
  if (result.ok)
    log::info("backup.delivered", {{"file", done.name}, {"bytes", done.bytes}, {"host", target.host}});
  else
    log::error("backup.failed", {{"why", done.fault}, {"host", target.host}});
  done_(done);
  note(done, result);
}

void SftpBackup::note(const NightlyBackup::Done& done, const api::SftpResult& result) {
  const std::lock_guard files(files_mutex_);
  auto status = state().status;
  const bool of_this_target = status.set && status.set == begun_for_;  // else it was changed meanwhile
  if (result.ok) {
    status.made = done.at;
    status.name = done.name;
    status.bytes = done.bytes;
    status.failed.reset();
  } else {
    status.failed = done.at;
  }
  status.kind = result.kind;
  status.why = result.why;
  status.offered = result.offered;
  if (of_this_target) {
    const auto kept = result_of([&] { sftp::save_status(state_dir_, status); });
    if (!kept.ok) log::warning("backup.sftp", {{"why", kept.why}});
  }
  // One that was changed has its own at once.
  if (!of_this_target) look_soon();
  const std::lock_guard lock(mutex_);
  if (of_this_target) status_ = std::move(status);
  under_way_ = false;
}

api::SftpState SftpBackup::state() const {
  const std::lock_guard lock(mutex_);
  return {target_, status_, under_way_};
}

void SftpBackup::set(const std::optional<sftp::Target>& target) {
  const std::lock_guard files(files_mutex_);
  sftp::save_target(state_dir_, target);
  auto [before, status, ignored] = state();
  const bool same_place = before && target && before->host == target->host && before->port == target->port &&
                          before->directory == target->directory && before->user == target->user;
  if (!same_place) status = {};
  status.set = target ? std::optional{now_()} : std::nullopt;
  status.host = target ? target->host : "";
  status.failed.reset();
  status.kind = status.why = status.offered = "";
  sftp::save_status(state_dir_, status);
  const std::lock_guard lock(mutex_);
  target_ = target;
  status_ = std::move(status);
}

bool SftpBackup::begin_errand(std::function<void(const std::stop_token&)> work) {
  const std::lock_guard lock(mutex_);
  if (errand_under_way_ || stopped_) return false;
  errand_under_way_ = true;
  // The one before has ended but for its last instruction.
  errand_ = std::jthread([work = std::move(work)](const std::stop_token& stop) { work(stop); });
  return true;
}

api::SftpWays SftpBackup::ways() {
  const auto ended = [this] {
    const std::lock_guard lock(mutex_);
    errand_under_way_ = false;
  };
  return {.state = [this] { return state(); },
          .set =
              [this, ended](std::optional<sftp::Target> target, api::SftpDone done) {
                return begin_errand([this, ended, target = std::move(target), done = std::move(done)](const auto&) {
                  const auto result = result_of([&] { set(target); });
                  ended();
                  done(result);
                  look_soon();
                });
              },
          .try_out =
              [this, ended](sftp::Target target, api::SftpDone done) {
                return begin_errand([ended, target = std::move(target), done = std::move(done)](const auto& stop) {
                  const auto result = result_of([&] { sftp::try_out(target, stop); });
                  ended();
                  done(result);
                });
              },
          .list =
              [this, ended](api::SftpListed done) {
                return begin_errand([this, ended, done = std::move(done)](const std::stop_token& stop) {
                  std::vector<api::NightlyBackups::File> files;
                  const auto result = result_of([&] {
                    const auto target = state().target;
                    if (!target) return;
                    for (auto& file : sftp::delivered(*target, stop))
                      files.push_back({std::move(file.name), file.made_at, file.bytes});
                  });
                  ended();
                  done(result, std::move(files));
                });
              },
          .now =
              [this] {
                {
                  const std::lock_guard lock(mutex_);
                  urgency_ = Urgency::at_once;
                }
                look_soon();
              }};
}

void SftpBackup::add(BackupFigures& figures) const {
  const std::lock_guard lock(mutex_);
  if (!target_) return;
  if (status_.made)
    figures.sftp_last_success_s = std::chrono::duration<double>(status_.made->time_since_epoch()).count();
  figures.sftp_failing = status_.failed ? 1 : 0;
}

}  // namespace roamdesk::core
