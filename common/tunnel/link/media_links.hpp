#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "common/tunnel/link/media_link.hpp"

namespace roamdesk::tunnel::link {

// Which of `threads` media threads has a peer, and its session: for a session's number that the core chose for the peer
// both say the same (own_session).
constexpr std::size_t thread_of(std::uint32_t number, std::size_t threads) { return number % threads; }

// The lowest number from `number` on, 0 left out, that belongs to the thread of `peer`.
constexpr std::uint32_t own_session(std::uint32_t number, MediaPeer peer, std::size_t threads) {
  while (number == 0 || thread_of(number, threads) != thread_of(peer.value(), threads)) ++number;
  return number;
}

// The core's end of the media path for several media threads: a MediaLink for each, all listening at the same
// addresses. They share nothing but the port's number. The kernel gives a datagram to the link whose thread has its
// session (thread_of): one filter of the port does what a socket connected to each SBC would do as well, and costs the
// same with 2,000 of them, where the kernel would go through those one by one.
class MediaLinks {
 public:
  // One link where `threads` is 1, or the kernel can't tell datagrams apart. Throws std::system_error, also where
  // somebody else has the port: nobody is to share it by accident.
  MediaLinks(const MediaLink::Settings& settings, std::size_t threads);

  std::size_t size() const { return links_.size(); }
  MediaLink& operator[](std::size_t thread) const { return *links_[thread]; }
  // Good while this lives.
  std::vector<MediaLink*> all() const;
  // Of all of them (MediaLink::unsent).
  std::uint64_t unsent() const;

 private:
  std::vector<std::unique_ptr<MediaLink>> links_;
};

}  // namespace roamdesk::tunnel::link
