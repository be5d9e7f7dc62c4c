#include "common/asio/handshakes.hpp"

namespace roamdesk {
Handshakes::Handshakes(std::size_t threads) : work_(boost::asio::make_work_guard(pool_)) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { pool_.run(); });
}

Handshakes::~Handshakes() { stop(); }

void Handshakes::cancel(Id id) {
  const auto found = attempts_.find(id);
  if (found == attempts_.end()) return;
  boost::asio::post(found->second.strand, [steps = found->second.steps] {
    if (!steps->over) steps->close();
  });
}

void Handshakes::finished(Id id, ErrorCode error) {
  const auto found = attempts_.find(id);
  if (found == attempts_.end()) return;
  const Attempt attempt = std::move(found->second);
  attempts_.erase(found);
  attempt.done(error);
}

void Handshakes::stop() {
  pool_.stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  attempts_.clear();
}

}  // namespace roamdesk
