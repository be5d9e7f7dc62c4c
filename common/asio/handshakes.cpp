#include "common/asio/handshakes.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace roamdesk {
namespace {

constexpr int niceness = 10;  // a flood of handshakes takes what calls leave over

}  // namespace

Handshakes::Handshakes(std::size_t threads) : work_(boost::asio::make_work_guard(pool_)) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] {
      ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);  // Linux: of this thread alone
      pool_.run();
    });
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
