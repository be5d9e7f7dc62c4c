#include "common/tunnel/link/media_mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace roamdesk::tunnel::link {
namespace {
constexpr std::size_t most_notices = 4096;  // while the signalling thread doesn't drain them, media is dropped
}

MediaMailbox::MediaMailbox() : wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_ < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
}

MediaMailbox::~MediaMailbox() { ::close(wake_); }

std::deque<MediaOrder> MediaMailbox::take_orders() {
  std::uint64_t count = 0;
  std::deque<MediaOrder> taken;
  if (::read(wake_, &count, sizeof count) != sizeof count) return taken;
  const std::lock_guard lock{mutex_};
  taken.swap(orders_);
  return taken;
}

void MediaMailbox::notify(MediaNotice notice) {
  std::function<void()> wake_up;
  {
    const std::lock_guard lock{mutex_};
    if (notices_.empty()) wake_up = notify_;
    if (notices_.size() < most_notices) notices_.push_back(std::move(notice));
  }
  if (wake_up) wake_up();
}

void MediaMailbox::publish(MediaPeer peer, const MediaStats& stats, std::uint64_t unsent) {
  const std::lock_guard lock{mutex_};
  published_[peer] = stats;
  unsent_ = unsent;
}

void MediaMailbox::withdraw(MediaPeer peer) {
  const std::lock_guard lock{mutex_};
  published_.erase(peer);
}

void MediaMailbox::post(MediaOrder order) {
  {
    const std::lock_guard lock{mutex_};
    orders_.push_back(std::move(order));
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

void MediaMailbox::set_notify(std::function<void()> notify) {
  const std::lock_guard lock{mutex_};
  notify_ = std::move(notify);
}

std::optional<MediaNotice> MediaMailbox::poll_notice() {
  const std::lock_guard lock{mutex_};
  if (notices_.empty()) return std::nullopt;
  auto notice = std::move(notices_.front());
  notices_.pop_front();
  return notice;
}

MediaStats MediaMailbox::stats(MediaPeer peer) const {
  const std::lock_guard lock{mutex_};
  const auto at = published_.find(peer);
  return at == published_.end() ? MediaStats{} : at->second;
}

std::uint64_t MediaMailbox::unsent() const {
  const std::lock_guard lock{mutex_};
  return unsent_;
}

}  // namespace roamdesk::tunnel::link
