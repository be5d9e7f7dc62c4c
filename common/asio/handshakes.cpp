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
  if (threads_.empty()) return;  // stopped before
  pool_.stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  // Steps that were about to run hold on to the streams and, through them, to the io_context that they are of: they run
  // now, while all of it is still there, and end where they would wait for their peer.
  pool_.restart();
  pool_.poll();
  attempts_.clear();
}

}  // namespace roamdesk
