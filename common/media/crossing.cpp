#include "common/media/crossing.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace roamdesk::media {

Crossing::Crossing(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) {
    auto& bell = *bells_.emplace_back(std::make_unique<Bell>());
    bell.touched.resize(threads);
    bell.descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (bell.descriptor < 0) throw std::system_error(errno, std::system_category(), "media threads");
  }
  for (std::size_t i = 0; i < threads * threads; ++i)
    rings_.push_back(i / threads == i % threads ? nullptr : std::make_unique<PacketRing>());
}

Crossing::~Crossing() {
  for (const auto& bell : bells_) ::close(bell->descriptor);
}

bool Crossing::put(std::size_t from, std::size_t to, const PacketRing::Entry& entry) {
  if (!ring(from, to).put(entry)) return false;
  bells_[from]->touched[to] = 1;
  return true;
}

void Crossing::flush(std::size_t from) {
  auto& touched = bells_[from]->touched;
  for (std::size_t to = 0; to < touched.size(); ++to) {
    if (!touched[to]) continue;
    touched[to] = 0;
    // Where it was rung already, its thread has yet to look, and will find these as well.
    if (bells_[to]->rung.exchange(true)) continue;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(bells_[to]->descriptor, &one, sizeof one);
  }
}

// Before it looks: what is put from now on rings again.
void Crossing::answer(std::size_t thread) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(bells_[thread]->descriptor, &count, sizeof count);
  bells_[thread]->rung.exchange(false);
}

}  // namespace roamdesk::media
