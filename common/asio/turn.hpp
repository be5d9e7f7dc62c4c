#pragma once
#include <functional>
#include <utility>
#include <vector>

namespace roamdesk {

// The time in which one handler works off many things that have come at once, such as the datagrams of a socket. What
// each of them wants done once, and soon, waits for its end, and costs the loop no turn of its own. Belongs to one
// thread; of two inside each other the inner one counts.
class Turn {
 public:
  Turn() : outer_(std::exchange(current(), this)) {}
  ~Turn() {
    current() = outer_;
    for (const auto& task : tasks_) task();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // Runs `task`, which throws nothing, when the turn of this thread ends. False: there is none, and it won't be run.
  static bool put_off(std::function<void()> task) {
    if (!current()) return false;
    current()->tasks_.push_back(std::move(task));
    return true;
  }

 private:
  static Turn*& current() {
    thread_local Turn* instance = nullptr;
    return instance;
  }

  Turn* const outer_;
  std::vector<std::function<void()>> tasks_;
};

}  // namespace roamdesk
