#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "common/asio/awaited.hpp"

namespace roamdesk::http {

// Something that a coroutine waits for, with a deadline: a timer whose cancellation is the event. A notification that
// comes before the wait isn't lost, since both run on the server's thread and the flag is looked at first.
class Wakeable {
 public:
  explicit Wakeable(const boost::asio::any_io_executor& executor) : timer_(executor) {}
  void notify() {
    happened_ = true;
    timer_.cancel();
  }
  // False where `longest` went by.
  boost::asio::awaitable<bool> wait(std::chrono::milliseconds longest) {
    if (!happened_) {
      timer_.expires_after(longest);
      co_await timer_.async_wait(awaited);
    }
    co_return std::exchange(happened_, false);
  }

 private:
  boost::asio::steady_timer timer_;
  bool happened_ = false;
};

}  // namespace roamdesk::http
