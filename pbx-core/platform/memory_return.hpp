#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace roamdesk::core {

// Gives the memory that a burst has left (a start with thousands of records, a morning's registrations) back to the
// system: glibc keeps what lies below anything still in use. Looks every `every`, on a thread of its own; costs the
// other threads a few milliseconds of waiting for the heap's lock where there is something to give back, else nothing.
class MemoryReturn {
 public:
  explicit MemoryReturn(std::chrono::seconds every = std::chrono::seconds{20});

 private:
  void run(const std::stop_token& stop, std::chrono::seconds every);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace roamdesk::core
