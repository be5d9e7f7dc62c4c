#pragma once
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace roamdesk::net {

// SIGTERM and SIGINT call `stop` (a second one, while it is still stopping, ends the program at once with 130);
// SIGHUP calls `reload`. SIGPIPE is ignored. On the io_context's thread.
class Signals {
 public:
  Signals(boost::asio::io_context& io, std::function<void()> stop, std::function<void()> reload);
  ~Signals();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace roamdesk::net
