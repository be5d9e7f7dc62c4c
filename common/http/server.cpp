#include "common/http/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cassert>
#include <future>
#include <utility>

#include "common/http/core.hpp"
#include "common/http/endpoint_of.hpp"

namespace roamdesk::http {
namespace {
Result<std::shared_ptr<asio::ssl::context>> make_context(const TlsFiles& files) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code ec;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv3 |
                           asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
                       ec);
  if (!ec) context->use_certificate_chain_file(files.certificate.string(), ec);
  if (!ec) context->use_private_key_file(files.key.string(), asio::ssl::context::pem, ec);
  if (ec) return ec;
  return context;
}
}  // namespace

Server::Server(Limits limits) : core_(std::make_shared<Core>(limits)) { core_->self = core_; }
Server::~Server() { stop(std::chrono::milliseconds(0)); }

Result<Endpoint> Server::listen(Endpoint address, std::optional<TlsFiles> tls, Handler handler) {
  std::shared_ptr<asio::ssl::context> context;
  if (tls) {
    auto made = make_context(*tls);
    if (made.has_error()) return made.error();
    context = made.value();
  }
  const tcp::endpoint wanted(asio::ip::address_v4(address.address.value), address.port);
  tcp::acceptor acceptor(core_->io);
  error_code ec;
  acceptor.open(wanted.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(wanted, ec);
  if (!ec) acceptor.listen(tcp::acceptor::max_listen_connections, ec);
  if (ec) return ec;
  const Endpoint bound = endpoint_of(acceptor.local_endpoint(ec));
  if (ec) return ec;
  std::promise<void> added;
  post([&] {
    Core::Listener listener{std::move(acceptor), std::move(tls), std::move(context), std::move(handler)};
    core_->listeners.push_back(std::move(listener));
    asio::co_spawn(core_->io, core_->accept(core_->listeners.back()), asio::detached);
    added.set_value();
  });
  added.get_future().get();
  return bound;
}

Result<void> Server::reload_certificates() {
  std::promise<Result<void>> done;
  post([&] {
    std::map<Core::Listener*, std::shared_ptr<asio::ssl::context>> fresh;
    for (Core::Listener& listener : core_->listeners) {
      if (!listener.files) continue;
      auto made = make_context(*listener.files);
      if (made.has_error()) return done.set_value(made.error());
      fresh[&listener] = made.value();
    }
    for (auto& [listener, context] : fresh) listener->context = context;
    done.set_value(Result<void>(boost::system::in_place_value));
  });
  return done.get_future().get();
}

void Server::stop(std::chrono::milliseconds grace) {
  assert(std::this_thread::get_id() != core_->thread.get_id());
  if (!core_->thread.joinable()) return;  // stopped before
  asio::post(core_->io, [core = core_.get(), grace] { core->begin_stop(grace); });
  core_->thread.join();
  core_->stopped = true;  // only now: answers that were under way had to get in
}

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
