#include "pbx-core/pin_pool/hasher.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "common/crypto/password.hpp"
#include "common/crypto/random.hpp"

namespace roamdesk::api {

class Hasher::Pool {
 public:
  explicit Pool(Options options) : options_(std::move(options)) {
    for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { run(); });
  }

  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  bool submit(std::function<void()> job, Urgency urgency) {
    {
      const std::lock_guard lock(mutex_);
      auto& queue = queues_[static_cast<std::size_t>(urgency)];
      if (closing_ || queue.size() >= options_.waiting) return false;
      queue.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
  }

  std::string hash(Kind kind, const Secret& secret) const {
    const crypto::Bytes salt = crypto::random_bytes(16);
    return crypto::hash_password(kind, secret, options_.pepper, salt);
  }

  bool verify(Kind kind, const Secret& secret, const std::string& stored) const {
    // The decoy costs what the real thing costs. (A malformed record would return at once.)
    const bool known = stored.starts_with("scrypt$");
    return crypto::verify_password(secret, options_.pepper, known ? stored : crypto::decoy_hash(kind)) && known;
  }

 private:
  using Queue = std::deque<std::function<void()>>;

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return closing_ || next() != nullptr; });
      if (closing_) return;
      Queue* queue = next();
      const bool desk = queue == &queues_.front();
      const std::function<void()> job = std::move(queue->front());
      queue->pop_front();
      if (!desk) ++others_at_work_;
      lock.unlock();
      job();
      lock.lock();
      if (desk) continue;
      --others_at_work_;
      if (next() != nullptr) wake_.notify_one();
    }
  }
  // The queue whose turn it is, where a thread may go to it. Of one thread, that one may.
  Queue* next() {
    if (!queues_.front().empty()) return &queues_.front();
    if (others_at_work_ >= std::max<std::size_t>(1, options_.threads - 1)) return nullptr;
    for (Queue& queue : queues_)
      if (!queue.empty()) return &queue;
    return nullptr;
  }

  const Options options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::array<Queue, 3> queues_;     // by urgency
  std::size_t others_at_work_ = 0;  // of the console and in bulk
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

Hasher::Hasher(Options options) : pool_(std::make_unique<Pool>(std::move(options))) {}
Hasher::~Hasher() = default;

void Hasher::hash(Kind kind, Secret secret, std::function<void(std::string)> done, Urgency urgency) {
  const bool taken = pool_->submit(
      [pool = pool_.get(), kind, secret = std::move(secret), done] { done(pool->hash(kind, secret)); }, urgency);
  if (!taken) done("");
}

void Hasher::verify(Kind kind, Secret secret, std::string stored, std::function<void(Verdict)> done, Urgency urgency) {
  const bool taken =
      pool_->submit([pool = pool_.get(), kind, secret = std::move(secret), stored = std::move(stored),
                     done] { done(pool->verify(kind, secret, stored) ? Verdict::right : Verdict::wrong); },
                    urgency);
  if (!taken) done(Verdict::busy);
}

std::string Hasher::hash_now(Kind kind, const Secret& secret) const { return pool_->hash(kind, secret); }
bool Hasher::verify_now(Kind kind, const Secret& secret, const std::string& stored) const {
  return pool_->verify(kind, secret, stored);
}

}  // namespace roamdesk::api
