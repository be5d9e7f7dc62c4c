#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

#include "common/base/endpoint.hpp"

namespace roamdesk::http {

// How many long bodies are on their way at once. Any thread.
class Downloads {
 public:
  explicit Downloads(std::size_t in_all = 64, std::size_t per_address = 8)
      : books_(std::make_shared<Books>()), in_all_(in_all), per_address_(per_address) {}

  // A place, given back when the last copy goes; nullptr where there is none.
  std::shared_ptr<void> enter(const IpAddress& peer) {
    const std::scoped_lock lock{books_->mutex};
    std::size_t& own = books_->by_peer[peer];
    if (books_->all >= in_all_ || own >= per_address_) {
      if (own == 0) books_->by_peer.erase(peer);
      return nullptr;
    }
    ++own;
    ++books_->all;
    return {books_.get(), [books = books_, peer](void*) {
              const std::scoped_lock leaving{books->mutex};
              --books->all;
              const auto found = books->by_peer.find(peer);
              if (--found->second == 0) books->by_peer.erase(found);
            }};
  }

 private:
  struct Books {
    std::mutex mutex;
    std::map<IpAddress, std::size_t> by_peer;
    std::size_t all = 0;
  };
  std::shared_ptr<Books> books_;
  std::size_t in_all_, per_address_;
};

}  // namespace roamdesk::http
