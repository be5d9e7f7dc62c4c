#include "common/http/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cassert>
#include <future>
#include <utility>

#include "common/http/core.hpp"
#include "common/http/tls_context.hpp"
#include "common/net/asio_address.hpp"

namespace roamdesk::http {

Server::Server(Limits limits, std::vector<IpAddress> proxies)
    : core_(std::make_shared<Core>(limits, std::move(proxies))) {
  core_->self = core_;
}
Server::~Server() { stop(std::chrono::milliseconds(0)); }

Result<Endpoint> Server::listen(Endpoint address, std::optional<TlsFiles> tls, Handler handler, Gate gate) {
  std::shared_ptr<asio::ssl::context> context;
  if (tls) {
    auto made = make_tls_context(*tls);
    if (made.has_error()) return made.error();
    context = made.value();
  }
  tcp::acceptor acceptor(core_->io);
  error_code ec = net::listen(acceptor, address, tcp::acceptor::max_listen_connections);
  if (ec) return ec;
  const Endpoint bound = net::from_asio(acceptor.local_endpoint(ec));
  if (ec) return ec;
  std::promise<void> added;
  post([&] {
    Core::Listener listener{std::move(acceptor), std::move(context), std::move(handler), std::move(gate)};
    core_->listeners.push_back(std::move(listener));
    asio::co_spawn(core_->io, core_->accept(core_->listeners.back()), asio::detached);
    added.set_value();
  });
  added.get_future().get();
  return bound;
}

Result<void> Server::use_certificate(TlsFiles files) {
  auto made = make_tls_context(files);
  if (made.has_error()) return made.error();
  post([core = core_.get(), context = made.value()] {
    for (Core::Listener& listener : core->listeners)
      if (listener.context) listener.context = context;
  });
  return Result<void>(boost::system::in_place_value);
}

void Server::stop(std::chrono::milliseconds grace) {
  assert(std::this_thread::get_id() != core_->thread.get_id());
  if (!core_->thread.joinable()) return;  // stopped before
  asio::post(core_->io, [core = core_.get(), grace] { core->begin_stop(grace); });
  core_->thread.join();
  core_->handshakes.stop();
  core_->stopped = true;  // only now: answers that were under way had to get in
}

std::uint64_t Server::crowded_out() const { return core_->crowded_out; }

void Server::post(std::function<void()> task) { asio::post(core_->io, std::move(task)); }

void Server::post_after(std::chrono::milliseconds delay, std::function<void()> task) {
  post([core = core_.get(), delay, task = std::move(task)]() mutable {
    auto timer = std::make_shared<asio::steady_timer>(core->io, delay);
    timer->async_wait([timer, task = std::move(task)](error_code ec) {
      if (!ec) task();
    });
  });
}

}  // namespace roamdesk::http
