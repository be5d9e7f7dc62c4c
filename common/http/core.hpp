#pragma once
#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <optional>
#include <set>
#include <thread>

#include "common/asio/handshakes.hpp"
#include "common/base/places.hpp"
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
  Core(Limits bounds, std::vector<IpAddress> trusted)
      : limits(bounds), proxies(std::move(trusted)), work(asio::make_work_guard(io)), thread([this] { io.run(); }) {}

  struct Listener {
    tcp::acceptor acceptor;
    std::shared_ptr<asio::ssl::context> context;
    Handler handler;
    Gate gate;
  };
  struct Connection {
    std::function<void()> abort;
    bool busy = false;  // a request is under way
    IpAddress peer;
    Places::Id place;
  };
  using Slot = std::list<Connection>::iterator;

  const Limits limits;
  const std::vector<IpAddress> proxies;
  Handshakes handshakes;  // outlives the io_context
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::weak_ptr<Core> self;

  // On the server's thread only.
  std::list<Listener> listeners;
  std::list<Connection> connections;
  Places places{{.in_all = limits.connections,
                 .reserved = limits.connections_reserved,
                 .per_address = limits.connections_per_peer,
                 .per_known_address = limits.connections_per_known_peer}};
  std::set<std::shared_ptr<EventStream::Sink>> sinks;
  std::size_t strangers_bodies = 0;  // bytes
  bool stopping = false;

  std::atomic<std::uint64_t> crowded_out{0};
  std::atomic<bool> stopped{false};
  std::thread thread;

  asio::awaitable<void> accept(Listener& listener);
  asio::awaitable<void> connect(std::unique_ptr<ByteStream> stream, Places::Id place, Handler handler, Gate gate,
                                Endpoint peer, Endpoint local);
  asio::awaitable<void> serve(ByteStream& stream, Slot slot, const Handler& handler, const Gate& gate, Endpoint peer,
                              Endpoint local);
  asio::awaitable<void> refuse(ByteStream& stream, Response response);
  // Reads so many bytes more, and forgets them; false where they don't come within the time.
  asio::awaitable<bool> drop(ByteStream& stream, std::size_t left, std::chrono::milliseconds time);
  asio::awaitable<bool> write(ByteStream& stream, Response response, bool head, unsigned version, bool keep_alive);
  asio::awaitable<bool> write_long(ByteStream& stream, const LongBody& body);
  asio::awaitable<void> stream_events(ByteStream& stream, Response response);
  Respond respond_to(const std::shared_ptr<Pending>& pending);

  bool is_vouched(IpAddress peer) const {
    return peer.is_loopback() || std::find(proxies.begin(), proxies.end(), peer) != proxies.end();
  }
  bool is_stranger(IpAddress peer) const {
    return !is_vouched(peer) && !places.remembers(peer, std::chrono::steady_clock::now());
  }
  // nullopt: every connection that could give way is at work.
  std::optional<Places::Id> place_for(IpAddress peer) {
    const auto entered = places.enter(peer, is_vouched(peer), std::chrono::steady_clock::now());
    if (!entered || entered->gives_way) ++crowded_out;
    if (!entered) return std::nullopt;
    if (entered->gives_way)
      for (const Connection& connection : connections)
        if (connection.place == *entered->gives_way) connection.abort();
    return entered->place;
  }
  Slot enter(IpAddress peer, Places::Id place, std::function<void()> abort) {
    connections.push_back(Connection{std::move(abort), false, peer, place});
    return std::prev(connections.end());
  }
  void leave(Slot slot) {
    places.leave(slot->place);
    connections.erase(slot);
    if (stopping && connections.empty()) io.stop();
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
      // Connections that are still there have had their time; answers that handlers owe are dropped with them.
      for (Connection& connection : connections) connection.abort();
      io.stop();
    });
  }
};

}  // namespace roamdesk::http
