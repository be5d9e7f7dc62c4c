// One of the two Beast TUs (see beast.cpp).
#include "common/http/server.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <cassert>
#include <future>
#include <list>
#include <map>
#include <set>
#include <thread>
#include <type_traits>
#include <utility>

#include "common/http/event_sink.hpp"

namespace roamdesk::http {
namespace {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

Endpoint endpoint_of(const tcp::endpoint& e) {
  if (!e.address().is_v4()) return {};
  return Endpoint{Ipv4{e.address().to_v4().to_uint()}, e.port()};
}

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

// An event that a coroutine waits for, with a deadline: a timer whose cancellation is the event. A notification that
// comes before the wait isn't lost, since both run on the server's thread and the flag is looked at first.
class Event {
 public:
  explicit Event(asio::any_io_executor executor) : timer_(std::move(executor)) {}
  void notify() {
    happened_ = true;
    timer_.cancel();
  }
  asio::awaitable<bool> wait(std::chrono::milliseconds longest) {
    if (!happened_) {
      timer_.expires_after(longest);
      co_await timer_.async_wait(awaited);
    }
    co_return std::exchange(happened_, false);
  }

 private:
  asio::steady_timer timer_;
  bool happened_ = false;
};

struct Pending {
  explicit Pending(asio::any_io_executor executor) : arrived(std::move(executor)) {}
  Event arrived;
  std::optional<Response> response;
};

}  // namespace

class Server::Core {
 public:
  explicit Core(Limits limits) : limits(limits), work(asio::make_work_guard(io)), thread([this] { io.run(); }) {}

  struct Listener {
    tcp::acceptor acceptor;
    std::optional<TlsFiles> files;
    std::shared_ptr<asio::ssl::context> context;
    Handler handler;
  };
  struct Connection {
    std::function<void()> abort;
    bool busy = false;  // a request is under way
    Ipv4 peer;
  };
  using Slot = std::list<Connection>::iterator;

  const Limits limits;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::weak_ptr<Core> self;

  // On the server's thread only.
  std::list<Listener> listeners;
  std::list<Connection> connections;
  std::map<Ipv4, std::size_t> by_peer;
  std::set<std::shared_ptr<EventStream::Sink>> sinks;
  bool stopping = false;

  std::atomic<bool> stopped{false};
  std::thread thread;

  asio::awaitable<void> accept(Listener& listener);
  asio::awaitable<void> plain(tcp::socket socket, Handler handler, Endpoint peer, Endpoint local);
  asio::awaitable<void> secure(tcp::socket socket, std::shared_ptr<asio::ssl::context> context, Handler handler,
                               Endpoint peer, Endpoint local);
  template <class Stream>
  asio::awaitable<void> serve(Stream& stream, Slot slot, Handler handler, Endpoint peer, Endpoint local);
  template <class Stream>
  asio::awaitable<bool> write(Stream& stream, Response response, bool head, unsigned version, bool keep_alive);
  template <class Stream>
  asio::awaitable<void> stream_events(Stream& stream, Response response);
  Respond respond_to(const std::shared_ptr<Pending>& pending);

  Slot enter(Ipv4 peer, std::function<void()> abort) {
    ++by_peer[peer];
    connections.push_back(Connection{std::move(abort), false, peer});
    return std::prev(connections.end());
  }
  void leave(Slot slot) {
    if (--by_peer[slot->peer] == 0) by_peer.erase(slot->peer);
    connections.erase(slot);
    if (stopping && connections.empty()) io.stop();
  }
  bool full(Ipv4 peer) const {
    if (connections.size() >= limits.connections) return true;
    const auto found = by_peer.find(peer);
    return !peer.is_loopback() && found != by_peer.end() && found->second >= limits.connections_per_peer;
  }

  void begin_stop(std::chrono::milliseconds grace) {
    stopping = true;
    for (Listener& listener : listeners) {
      error_code ignored;
      listener.acceptor.close(ignored);
    }
    for (const auto& sink : sinks) sink->close();
    for (Connection& connection : connections)
      if (!connection.busy) connection.abort();
    if (connections.empty()) return io.stop();
    auto timer = std::make_shared<asio::steady_timer>(io, grace);
    timer->async_wait([this, timer](error_code) {
      // What is still there has had its time; what a handler owes is dropped with it.
      for (Connection& connection : connections) connection.abort();
      io.stop();
    });
  }
};

asio::awaitable<void> Server::Core::accept(Listener& listener) {
  for (;;) {
    auto [ec, socket] = co_await listener.acceptor.async_accept(awaited);
    if (stopping) co_return;
    if (ec) {
      // Out of descriptors, or the like: it passes.
      asio::steady_timer pause(io, std::chrono::milliseconds(100));
      co_await pause.async_wait(awaited);
      if (stopping) co_return;
      continue;
    }
    error_code remote_failed, local_failed;
    const Endpoint peer = endpoint_of(socket.remote_endpoint(remote_failed));
    const Endpoint local = endpoint_of(socket.local_endpoint(local_failed));
    if (remote_failed || local_failed || full(peer.address)) continue;  // the socket's end closes it
    socket.set_option(tcp::no_delay(true), remote_failed);
    if (listener.context)
      asio::co_spawn(io, secure(std::move(socket), listener.context, listener.handler, peer, local), asio::detached);
    else
      asio::co_spawn(io, plain(std::move(socket), listener.handler, peer, local), asio::detached);
  }
}

asio::awaitable<void> Server::Core::plain(tcp::socket socket, Handler handler, Endpoint peer, Endpoint local) {
  beast::tcp_stream stream(std::move(socket));
  const Slot slot = enter(peer.address, [&stream] {
    stream.cancel();
    stream.close();
  });
  co_await serve(stream, slot, std::move(handler), peer, local);
  error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  leave(slot);
}

asio::awaitable<void> Server::Core::secure(tcp::socket socket, std::shared_ptr<asio::ssl::context> context,
                                           Handler handler, Endpoint peer, Endpoint local) {
  TlsStream stream(std::move(socket), *context);
  beast::tcp_stream& below = beast::get_lowest_layer(stream);
  const Slot slot = enter(peer.address, [&below] {
    below.cancel();
    below.close();
  });
  below.expires_after(limits.header_timeout);
  auto [ec] = co_await stream.async_handshake(asio::ssl::stream_base::server, awaited);
  if (!ec) {
    co_await serve(stream, slot, std::move(handler), peer, local);
    below.expires_after(std::chrono::seconds(2));
    co_await stream.async_shutdown(awaited);
  }
  leave(slot);
}

Respond Server::Core::respond_to(const std::shared_ptr<Pending>& pending) {
  // Shared by the copies of the Respond: the first call counts; if the last copy goes without one, that is a 500.
  struct Once {
    std::weak_ptr<Core> core;
    std::weak_ptr<Pending> pending;
    std::atomic<bool> used{false};
    void answer(Response response) {
      if (used.exchange(true)) return;
      const std::shared_ptr<Core> alive = core.lock();
      if (!alive || alive->stopped) return;
      asio::post(alive->io, [pending = pending, response = std::move(response)]() mutable {
        if (const auto waiting = pending.lock()) {
          waiting->response = std::move(response);
          waiting->arrived.notify();
        }
      });
    }
    ~Once() {
      if (used) return;
      Response response;
      response.status = 500;
      answer(std::move(response));
    }
  };
  auto once = std::make_shared<Once>();
  once->core = self;
  once->pending = pending;
  return [once](Response response) { once->answer(std::move(response)); };
}

template <class Stream>
asio::awaitable<void> Server::Core::serve(Stream& stream, Slot slot, Handler handler, Endpoint peer, Endpoint local) {
  beast::tcp_stream& below = beast::get_lowest_layer(stream);
  beast::flat_buffer buffer(limits.header + (64 << 10));
  for (;;) {
    bhttp::request_parser<bhttp::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header));
    parser.body_limit(limits.body);
    if (buffer.size() == 0) {
      below.expires_after(limits.idle_timeout);
      auto [ec, n] = co_await stream.async_read_some(buffer.prepare(4096), awaited);
      if (ec || stopping) co_return;
      buffer.commit(n);
    }
    slot->busy = true;
    below.expires_after(limits.header_timeout);
    auto [failed, read] = co_await bhttp::async_read_header(stream, buffer, parser, awaited);
    (void)read;
    if (!failed && parser.get()[bhttp::field::expect] == "100-continue" && !parser.is_done()) {
      const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      below.expires_after(limits.write_timeout);
      co_await asio::async_write(stream, asio::buffer(go_on), awaited);
    }
    if (!failed) {
      below.expires_after(limits.body_timeout);
      auto [body_failed, body_read] = co_await bhttp::async_read(stream, buffer, parser, awaited);
      (void)body_read;
      failed = body_failed;
    }
    if (failed) {
      Response refusal;
      if (failed == bhttp::error::body_limit)
        refusal.status = 413;
      else if (failed == bhttp::error::header_limit || failed == bhttp::error::buffer_overflow)
        refusal.status = 431;
      else if (failed.category() == bhttp::make_error_code(bhttp::error::bad_field).category() &&
               failed != bhttp::error::end_of_stream && failed != bhttp::error::partial_message)
        refusal.status = 400;
      else
        co_return;  // gone, or too slow
      co_await write(stream, std::move(refusal), false, 11, false);
      co_return;
    }
    auto message = parser.release();
    bool keep_alive = message.keep_alive();
    const bool head = message.method() == bhttp::verb::head;
    const unsigned version = message.version();
    if (version >= 11 && message.find(bhttp::field::host) == message.end()) {
      Response refusal;  // RFC 9112 §3.2
      refusal.status = 400;
      co_await write(stream, std::move(refusal), false, version, false);
      co_return;
    }
    Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& f : message) {
      Field field;
      field.name = std::string(f.name_string());
      field.value = std::string(f.value());
      request.fields.push_back(std::move(field));
    }
    request.body = std::move(message.body());
    request.peer = peer;
    request.local = local;
    request.tls = std::is_same_v<Stream, TlsStream>;

    const auto pending = std::make_shared<Pending>(io.get_executor());
    handler(std::move(request), respond_to(pending));
    below.expires_never();
    co_await pending->arrived.wait(limits.handler_timeout);
    Response response;
    if (pending->response)
      response = std::move(*pending->response);
    else
      response.status = 503;
    if (response.stream && !head) {
      co_await stream_events(stream, std::move(response));
      co_return;
    }
    if (stopping) keep_alive = false;
    const bool written = co_await write(stream, std::move(response), head, version, keep_alive);
    slot->busy = false;
    if (!written || !keep_alive || stopping) co_return;
  }
}

template <class Stream>
asio::awaitable<bool> Server::Core::write(Stream& stream, Response response, bool head, unsigned version,
                                          bool keep_alive) {
  beast::get_lowest_layer(stream).expires_after(limits.write_timeout);
  const auto fill = [&](auto& message) {
    message.version(version);
    message.result(response.status);
    message.reason(reason_phrase(response.status));
    message.set(bhttp::field::server, "Roamdesk");
    for (const Field& f : response.fields) message.insert(f.name, f.value);
    message.keep_alive(keep_alive);
  };
  const bool bodiless = response.status == 204 || response.status == 304;
  if (head || bodiless) {
    bhttp::response<bhttp::empty_body> message;
    fill(message);
    if (!bodiless) message.content_length(response.body.size());
    auto [ec, n] = co_await bhttp::async_write(stream, message, awaited);
    (void)n;
    co_return !ec;
  }
  bhttp::response<bhttp::string_body> message;
  fill(message);
  message.body() = std::move(response.body);
  message.prepare_payload();
  auto [ec, n] = co_await bhttp::async_write(stream, message, awaited);
  (void)n;
  co_return !ec;
}

template <class Stream>
asio::awaitable<void> Server::Core::stream_events(Stream& stream, Response response) {
  beast::tcp_stream& below = beast::get_lowest_layer(stream);
  std::string header =
      "HTTP/1.1 200 OK\r\nServer: Roamdesk\r\nContent-Type: text/event-stream\r\n"
      "Cache-Control: no-store\r\nConnection: close\r\n";
  for (const Field& f : response.fields) header += f.name + ": " + f.value + "\r\n";
  header += "\r\n";
  below.expires_after(limits.write_timeout);
  auto [failed, n] = co_await asio::async_write(stream, asio::buffer(header), awaited);
  (void)n;
  if (failed || stopping) co_return;

  const auto event = std::make_shared<Event>(io.get_executor());
  const auto sink = std::make_shared<EventStream::Sink>();
  // From any thread, perhaps after our end: by weak pointers, and never the event itself.
  sink->wake_by([core = self, event = std::weak_ptr(event)] {
    const std::shared_ptr<Core> alive = core.lock();
    if (!alive || alive->stopped) return;
    asio::post(alive->io, [event] {
      if (const auto waiting = event.lock()) waiting->notify();
    });
  });
  sinks.insert(sink);
  // The client has nothing to say any more: what a read brings is its end.
  char nothing[64];
  bool reading = true;
  below.expires_never();
  stream.async_read_some(asio::buffer(nothing), [&reading, sink, event](error_code, std::size_t) {
    reading = false;
    sink->close();
    event->notify();
  });
  response.stream(EventStream(sink));
  while (sink->open()) {
    std::string text = sink->take();
    if (text.empty()) {
      // A comment now and then keeps middle boxes awake, and tells us when the client is gone.
      if (co_await event->wait(std::chrono::seconds(15))) continue;
      text = ":\n\n";
    }
    below.expires_after(limits.write_timeout);
    auto [ec, written] = co_await asio::async_write(stream, asio::buffer(text), awaited);
    (void)written;
    if (ec) break;
  }
  sinks.erase(sink);
  sink->finished();
  below.cancel();
  below.close();
  while (reading) co_await event->wait(std::chrono::seconds(1));  // the read refers to our frame
}

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
