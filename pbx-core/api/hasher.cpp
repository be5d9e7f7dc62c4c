#include "pbx-core/api/hasher.hpp"

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

  bool submit(std::function<void()> job) {
    {
      const std::lock_guard lock(mutex_);
      if (closing_ || jobs_.size() >= options_.waiting) return false;
      jobs_.push_back(std::move(job));
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
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
      if (closing_) return;
      const std::function<void()> job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      lock.lock();
    }
  }

  const Options options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

Hasher::Hasher(Options options) : pool_(std::make_unique<Pool>(std::move(options))) {}
Hasher::~Hasher() = default;

void Hasher::hash(Kind kind, Secret secret, std::function<void(std::string)> done) {
  const bool taken =
      pool_->submit([pool = pool_.get(), kind, secret = std::move(secret), done] { done(pool->hash(kind, secret)); });
  if (!taken) done("");
}

void Hasher::verify(Kind kind, Secret secret, std::string stored, std::function<void(Verdict)> done) {
  const bool taken =
      pool_->submit([pool = pool_.get(), kind, secret = std::move(secret), stored = std::move(stored), done] {
        done(pool->verify(kind, secret, stored) ? Verdict::right : Verdict::wrong);
      });
  if (!taken) done(Verdict::busy);
}

std::string Hasher::hash_now(Kind kind, const Secret& secret) const { return pool_->hash(kind, secret); }
bool Hasher::verify_now(Kind kind, const Secret& secret, const std::string& stored) const {
  return pool_->verify(kind, secret, stored);
}

}  // namespace roamdesk::api
