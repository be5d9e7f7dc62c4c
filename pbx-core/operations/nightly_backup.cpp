#include "pbx-core/operations/nightly_backup.hpp"

#include <algorithm>

#include "common/log/log.hpp"
#include "pbx-core/backup/backup.hpp"
#include "pbx-core/backup/nightly.hpp"
#include "pbx-core/backup/room.hpp"
#include "pbx-core/platform/files.hpp"
#include "pbx-core/platform/time_zones.hpp"

namespace roamdesk::core {
namespace {

constexpr std::chrono::seconds between_looks{30};
constexpr std::chrono::hours between_tries{1};
constexpr std::chrono::hours day{24};

}  // namespace

NightlyBackup::NightlyBackup(const Config& config, boost::asio::io_context& io, std::function<void(const Done&)> done)
    : state_dir_(config.state_dir),
      plan_(config.backup),
      zone_(config.time_zone.value()),
      done_(std::move(done)),
      timer_(io) {
  if (!plan_) return;
  const auto files = backup::nightly_files(plan_->directory);
  if (files.empty()) return;
  last_ = files.front().made_at;
  last_name_ = files.front().name;
  bytes_ = files.front().bytes;
}

void NightlyBackup::start(std::function<WallTime()> now) {
  now_ = std::move(now);
  if (plan_) tick();
}

void NightlyBackup::stop() {
  timer_.cancel();
  thread_.request_stop();
  wait();
}

void NightlyBackup::wait() {
  if (thread_.joinable()) thread_.join();
}

void NightlyBackup::tick() {
  check(now_());
  timer_.expires_after(between_looks);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void NightlyBackup::check(WallTime now) {
  if (!plan_) return;
  {
    const std::lock_guard lock(mutex_);
    if (under_way_ || (failed_ && now >= failed_->at && now < failed_->at + between_tries)) return;
    // One of the future is of a clock that was wrong, and says nothing of last night.
    if (last_ && *last_ <= now && *last_ >= last_strike(zone_, plan_->at, now)) return;
    under_way_ = true;
  }
  thread_ = std::jthread([this, now](const std::stop_token& stop) { run(now, stop); });
}

void NightlyBackup::run(WallTime now, const std::stop_token& stop) {
  Done done{now, {}, {}, 0, {}};
  const auto began = std::chrono::steady_clock::now();
  try {
    const auto file = backup::make_nightly(state_dir_, plan_->directory, plan_->keep, now, stop);
    done.name = file.name;
    done.bytes = file.bytes;
    log::info("backup.made", {{"file", (plan_->directory / file.name).string()}, {"bytes", file.bytes}});
  } catch (const backup::BackupStopped&) {
    log::info("backup.stopped", {{"directory", plan_->directory.string()}});
    const std::lock_guard lock(mutex_);
    under_way_ = false;
    return;
  } catch (const std::exception& error) {
    if (const auto* none = dynamic_cast<const backup::NoRoom*>(&error))
      done.full = {none->folder().string(), none->figures()};
    done.fault = error.what();
    log::error("backup.failed", {{"why", done.fault}, {"directory", plan_->directory.string()}});
  }
  done_(done);
  const std::lock_guard lock(mutex_);
  under_way_ = false;
  if (done.fault.empty()) {
    last_ = now;
    last_name_ = done.name;
    bytes_ = done.bytes;
    took_ = std::chrono::steady_clock::now() - began;
    failed_.reset();
  } else {
    failed_ = done;
  }
}

std::filesystem::path NightlyBackup::newest() const {
  const std::lock_guard lock(mutex_);
  return last_name_.empty() ? std::filesystem::path{} : plan_->directory / last_name_;
}

BackupFigures NightlyBackup::figures() const {
  BackupFigures figures;
  if (const auto made = backup::last_made(state_dir_))
    figures.last_success_s = std::chrono::duration<double>(made->time_since_epoch()).count();
  const std::lock_guard lock(mutex_);
  figures.bytes = static_cast<double>(bytes_);
  figures.took_s = took_.count();
  return figures;
}

api::NightlyBackups NightlyBackup::view(WallTime now) const {
  api::NightlyBackups view;
  if (!plan_) return view;
  view.plan = {plan_->directory.string(), config::to_string(plan_->at), plan_->keep,
               last_strike(zone_, plan_->at, now + day)};
  for (const auto& file : backup::nightly_files(plan_->directory))
    view.files.push_back({file.name, file.made_at, file.bytes});
  const std::lock_guard lock(mutex_);
  if (failed_) view.fault = {failed_->at, failed_->fault};
  return view;
}

api::BackupMade NightlyBackup::read(const std::string& name) const {
  if (!plan_ || !backup::made_at_of(name)) return {{}, "there is no such backup"};
  auto bytes = read_file(plan_->directory / name);
  if (bytes.empty()) return {{}, "it can't be read"};
  return {std::move(bytes), {}};
}

void audit(store::Store& store, const NightlyBackup::Done& done) {
  if (done.fault.empty())
    store.commit({AppendAudit{{0, done.at, "pbx-core", "clock", done.to.empty() ? "backup.made" : "backup.delivered",
                               done.name, done.to}}},
                 [](auto) {});
}

}  // namespace roamdesk::core
