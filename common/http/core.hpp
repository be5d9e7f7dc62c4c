#pragma once
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "common/http/byte_stream.hpp"
#include "common/http/event_sink.hpp"
#include "common/http/server.hpp"
#include "common/http/wakeable.hpp"

namespace roamdesk::http {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// A request that its handler has, and whose answer is awaited.
struct Pending {
  explicit Pending(const asio::any_io_executor& executor) : arrived(executor) {}
  Wakeable arrived;
  std::optional<Response> response;
};

// What the server's thread owns: listeners (server.cpp) and connections (connection.cpp).
class Server::Core {
 public:
  explicit Core(Limits limits) : limits(limits), work(asio::make_work_guard(io)), thread([this] { io.run(); }) {}

  struct Listener {
    tcp::acceptor acceptor;
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
  asio::awaitable<void> connect(std::unique_ptr<ByteStream> stream, Handler handler, Endpoint peer, Endpoint local);
  asio::awaitable<void> serve(ByteStream& stream, Slot slot, const Handler& handler, Endpoint peer, Endpoint local);
  asio::awaitable<bool> write(ByteStream& stream, Response response, bool head, unsigned version, bool keep_alive);
  asio::awaitable<void> stream_events(ByteStream& stream, Response response);
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

}  // namespace roamdesk::http
