#include "common/net/signals.hpp"

#include <unistd.h>
#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace roamdesk::net {

class Signals::Impl : public std::enable_shared_from_this<Signals::Impl> {
 public:
  Impl(boost::asio::io_context& io, std::function<void()> stop, std::function<void()> reload)
      : set_(io, SIGTERM, SIGINT, SIGHUP), stop_(std::move(stop)), reload_(std::move(reload)) {
    std::signal(SIGPIPE, SIG_IGN);
  }

  void wait() {
    set_.async_wait([self = shared_from_this()](boost::system::error_code error, int signal) {
      if (error) return;
      self->handle(signal);
      self->wait();
    });
  }
  void cancel() {
    boost::system::error_code ignored;
    set_.cancel(ignored);
  }

 private:
  void handle(int signal) {
    if (signal == SIGHUP) {
      if (reload_) reload_();
      return;
    }
    if (stopping_) ::_exit(130);
    stopping_ = true;
    stop_();
  }

  boost::asio::signal_set set_;
  std::function<void()> stop_, reload_;
  bool stopping_ = false;
};

Signals::Signals(boost::asio::io_context& io, std::function<void()> stop, std::function<void()> reload)
    : impl_(std::make_shared<Impl>(io, std::move(stop), std::move(reload))) {
  impl_->wait();
}
Signals::~Signals() { impl_->cancel(); }

}  // namespace roamdesk::net
