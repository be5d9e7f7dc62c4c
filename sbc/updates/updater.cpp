#include "sbc/updates/updater.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "common/log/log.hpp"
#include "sbc/updates/update_files.hpp"

namespace roamdesk::sbc {
namespace {

using tunnel::UpdateNews;
using tunnel::UpdateOrder;
using tunnel::UpdateStage;

constexpr std::size_t longest_result = 1024;

UpdateNews news_of(const UpdateOrder& order, UpdateStage stage, std::string why = {}) {
  UpdateNews news;
  news.order = order.order;
  news.stage = stage;
  news.why = std::move(why);
  return news;
}

std::string read(const std::filesystem::path& path) {
  std::array<char, longest_result> buffer{};
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return {};
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  return size > 0 ? std::string{buffer.data(), static_cast<std::size_t>(size)} : std::string{};
}

// Whole before it has its name: whoever waits for it never sees half of it. 0, or errno.
int write(const std::filesystem::path& path, const std::string& text) {
  const std::string draft = path.string() + ".new";
  ::unlink(draft.c_str());
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return errno;
  const bool good = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int why = errno;
  ::close(fd);
  if (!good) return why;
  return ::rename(draft.c_str(), path.c_str()) == 0 ? 0 : errno;
}

}  // namespace

std::optional<UpdateNews> Updater::result() const { return parse_result(read(settings_.result)); }

bool Updater::waits() const {
  struct stat about {};
  return ::lstat(settings_.request.c_str(), &about) == 0;
}

UpdateNews Updater::handle(const UpdateOrder& order, TimePoint now) {
  if (!is_order(order.order) || !is_package_version(order.version))
    return news_of(order, UpdateStage::refused, "that is no order for a version of a package");
  const auto news = begin(order, now);
  if (!asked_ || asked_->order == news.order || is_final(asked_->stage)) asked_ = news;
  return news;
}

UpdateNews Updater::begin(const UpdateOrder& order, TimePoint now) {
  const auto last = result();
  if (last && last->order == order.order) return *last;
  if (waits()) {
    if (written_ == order.order) return news_of(order, UpdateStage::accepted);
    // Of the program before this one, perhaps: taken it will be, if it is the same or not.
    if (written_.empty() && read(settings_.request) == request_text(order)) {
      written_ = order.order;
      written_at_ = now;
      return news_of(order, UpdateStage::accepted);
    }
  }
  if (!settings_.package) return news_of(order, UpdateStage::refused, "the SBC wasn't installed by a package");
  if (waits() || (last && !is_final(last->stage)))
    return news_of(order, UpdateStage::refused, "another update is under way there");
  if (!bucket_.take(rate, now)) return news_of(order, UpdateStage::refused, "it has had six orders within an hour");
  if (const int fault = write(settings_.request, request_text(order)); fault != 0)
    return news_of(order, UpdateStage::refused, std::string{"the request can't be written: "} + std::strerror(fault));
  log::info("update.asked", {{"order", order.order}, {"version", order.version}});
  written_ = order.order;
  written_at_ = now;
  return news_of(order, UpdateStage::accepted);
}

std::optional<UpdateNews> Updater::standing(TimePoint now) {
  const auto last = result();
  if (last && last->order == asked_->order) return last;
  if (asked_->order != written_ || !waits() || now - written_at_ < patience) return std::nullopt;
  ::unlink(settings_.request.c_str());
  UpdateNews news;
  news.order = asked_->order;
  news.stage = UpdateStage::failed;
  news.why = "nobody takes the request there; is sbc-update.path enabled and running?";
  return news;
}

std::optional<UpdateNews> Updater::look(TimePoint now) {
  if (!asked_ || is_final(asked_->stage)) return std::nullopt;
  const auto news = standing(now);
  if (!news || *news == *asked_) return std::nullopt;
  log::info("update.stands", {{"order", news->order}, {"stage", static_cast<int>(news->stage)}, {"why", news->why}});
  asked_ = news;
  return news;
}

}  // namespace roamdesk::sbc
