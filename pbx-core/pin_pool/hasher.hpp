#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "common/base/secret.hpp"
#include "common/crypto/password.hpp"

namespace roamdesk::api {

// Hashes PINs and passwords (scrypt under the pepper) on a small pool of threads of its own, never on the signalling
// thread. Its functions may be called from any thread; `done` is called on a thread of the pool, so callers post.
class Hasher {
 public:
  struct Options {
    Secret pepper;  // store::load_or_make_pepper
    std::size_t threads = 2;
    std::size_t waiting = 256;  // jobs of each urgency that wait; more are turned away
  };
  explicit Hasher(Options options);
  ~Hasher();  // jobs that wait are dropped with their `done`s uncalled
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  using Kind = crypto::Kind;
  // Each has a queue of its own, and they go in this order; only a PIN at a desk may take the last free thread, so that
  // neither log-ins at the console, which any stranger can try, nor thousands of PINs in bulk make a desk wait for a
  // hash.
  enum class Urgency { at_a_desk, at_the_console, in_bulk };
  // crypto::hash_password under the pepper, with a fresh salt: "scrypt$…"; "" where the pool is full.
  void hash(Kind kind, Secret secret, std::function<void(std::string)> done, Urgency urgency = Urgency::at_the_console);

  enum class Verdict { right, wrong, busy };
  // An empty or malformed `stored` costs the same time and is wrong: an attacker can't learn whether an account exists.
  void verify(Kind kind, Secret secret, std::string stored, std::function<void(Verdict)> done,
              Urgency urgency = Urgency::at_the_console);

  // At start-up and in tests: on the calling thread.
  std::string hash_now(Kind kind, const Secret& secret) const;
  bool verify_now(Kind kind, const Secret& secret, const std::string& stored) const;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace roamdesk::api
