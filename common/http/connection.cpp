// One coroutine a connection: requests in, answers out, until one side has enough.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "common/asio/awaited.hpp"
#include "common/http/core.hpp"
#include "common/http/request_reader.hpp"
#include "common/http/response_head.hpp"
#include "common/net/asio_address.hpp"

namespace roamdesk::http {
namespace {
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::chrono::milliseconds parting{1'000};
constexpr std::size_t most_unread = 64 << 10, largest_piece = 64 << 10;
constexpr std::chrono::milliseconds between_looks{20};
}  // namespace

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
    const Endpoint peer = net::from_asio(socket.remote_endpoint(remote_failed));
    const Endpoint local = net::from_asio(socket.local_endpoint(local_failed));
    if (remote_failed || local_failed) continue;  // the socket's end closes it
    const auto place = place_for(peer.address);
    if (!place) continue;
    socket.set_option(tcp::no_delay(true), remote_failed);
    auto stream = listener.context ? tls_stream(std::move(socket), listener.context, handshakes)
                                   : clear_stream(std::move(socket));
    asio::co_spawn(io, connect(std::move(stream), *place, listener.handler, listener.gate, peer, local),
                   asio::detached);
  }
}

asio::awaitable<void> Server::Core::connect(std::unique_ptr<ByteStream> stream, Places::Id place, Handler handler,
                                            Gate gate, Endpoint peer, Endpoint local) {
  const Slot slot = enter(peer.address, place, [&stream] { stream->close(); });
  const error_code ec = co_await stream->handshake(limits.header_timeout);
  if (!ec) {
    co_await serve(*stream, slot, handler, gate, peer, local);
    co_await stream->end();
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

namespace {
// What one stranger's incomplete request holds, counted with all of them.
class Held {
 public:
  explicit Held(std::size_t& all) : all_(all) {}
  ~Held() { set(0); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  void set(std::size_t own) {
    all_ += own - own_;
    own_ = own;
  }

 private:
  std::size_t& all_;
  std::size_t own_ = 0;
};
}  // namespace

// The answer, then what comes until the client has seen it: a close with unread bytes would take it away (RFC 9112
// §9.6).
asio::awaitable<void> Server::Core::refuse(ByteStream& stream, Response response) {
  const bool written = co_await write(stream, std::move(response), false, 11, false);
  if (!written || stream.secure()) co_return;
  co_await stream.end();
  co_await drop(stream, most_unread, parting);
}

asio::awaitable<bool> Server::Core::drop(ByteStream& stream, std::size_t left, std::chrono::milliseconds time) {
  if (left == 0) co_return true;
  stream.expires_after(time);
  std::string bytes(16 << 10, '\0');
  while (left > 0) {
    const ByteStream::Some some = co_await stream.read_some(asio::buffer(bytes));
    if (some.ec) co_return false;
    left -= std::min(left, some.n);
  }
  co_return true;
}

asio::awaitable<void> Server::Core::serve(ByteStream& stream, Slot slot, const Handler& handler, const Gate& gate,
                                          Endpoint peer, Endpoint local) {
  using State = RequestReader::State;
  using Standing = Places::Standing;
  const auto deadline = [this](State state) {
    return state == State::idle     ? limits.idle_timeout
           : state == State::header ? limits.header_timeout
                                    : limits.body_timeout;
  };
  RequestReader reader(limits.header, limits.body);
  Held held(strangers_bodies);
  std::string bytes(16 << 10, '\0');
  for (;;) {
    // A deadline for each stage as a whole: a byte now and then doesn't move it.
    State state = reader.next(), deadline_of = State::complete;
    while (state != State::complete) {
      if (state == State::refused) {
        Response refusal;
        refusal.status = reader.refusal();
        co_await refuse(stream, std::move(refusal));
        co_return;
      }
      if (state == State::headed) {
        Request head = reader.head();
        head.peer = peer;
        head.local = local;
        head.tls = stream.secure();
        std::optional<Response> early = gate ? gate(head) : std::nullopt;
        if (early) {
          const std::size_t here = reader.unread();
          const std::size_t to_come = early->body_to_drop > here ? early->body_to_drop - here : 0;
          const bool dropped = co_await drop(stream, to_come, limits.body_timeout);
          if (!dropped) co_return;
          co_await refuse(stream, std::move(*early));
          co_return;
        }
        state = reader.next();
        continue;
      }
      if (state == State::wants_go_on) {
        stream.expires_after(limits.write_timeout);
        const error_code ec = co_await stream.write(go_on);
        if (ec) co_return;
        state = reader.next();
        continue;
      }
      slot->busy = state != State::idle;
      if (state != deadline_of) {
        stream.expires_after(deadline(state));
        deadline_of = state;
      }
      const ByteStream::Some some = co_await stream.read_some(asio::buffer(bytes));
      if (some.ec || (stopping && state == State::idle)) co_return;  // gone, or too slow
      state = reader.feed(std::string_view(bytes).substr(0, some.n));
      if (!is_stranger(peer.address)) continue;
      held.set(reader.held());
      if (strangers_bodies <= limits.strangers_bodies) continue;
      Response refusal;
      refusal.status = 503;
      co_await refuse(stream, std::move(refusal));
      co_return;
    }
    held.set(0);
    slot->busy = true;
    places.set_standing(slot->place, Standing::stays);
    RequestReader::Taken taken = reader.take();
    taken.request.peer = peer;
    taken.request.local = local;
    taken.request.tls = stream.secure();

    const auto pending = std::make_shared<Pending>(io.get_executor());
    handler(std::move(taken.request), respond_to(pending));
    stream.expires_never();
    co_await pending->arrived.wait(limits.handler_timeout);
    Response response;
    if (pending->response)
      response = std::move(*pending->response);
    else
      response.status = 503;
    if (response.vouches_for_peer) places.remember(peer.address, std::chrono::steady_clock::now());
    if (response.stream && !taken.head) {
      co_await stream_events(stream, std::move(response));
      co_return;
    }
    const bool keep_alive = taken.keep_alive && !stopping;
    places.set_standing(slot->place, Standing::begun);
    const bool written = co_await write(stream, std::move(response), taken.head, taken.version, keep_alive);
    slot->busy = false;
    if (!written || !keep_alive || stopping) co_return;
  }
}

asio::awaitable<bool> Server::Core::write(ByteStream& stream, Response response, bool head, unsigned version,
                                          bool keep_alive) {
  stream.expires_after(limits.write_timeout);
  std::string text = response_head(response, version, keep_alive);
  const bool bodiless = head || response.status == 204 || response.status == 304;
  if (!bodiless && !response.long_body) text += response.body;
  const error_code ec = co_await stream.write(text);
  if (ec || bodiless || !response.long_body) co_return !ec;
  const LongBody body = std::move(*response.long_body);
  const bool whole = co_await write_long(stream, body);
  co_return whole;
}

// A piece at a time; a client that takes none of one for `write_timeout` is gone.
asio::awaitable<bool> Server::Core::write_long(ByteStream& stream, const LongBody& body) {
  std::uint64_t sent = 0;
  auto heard = std::chrono::steady_clock::now();
  std::string piece;
  while (sent < body.bytes) {
    piece.clear();
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(largest_piece, body.bytes - sent));
    const BodySource::State state = body.source->read(body.offset + sent, most, piece);
    if (state == BodySource::State::failed) co_return false;
    if (state == BodySource::State::not_yet) {
      if (std::chrono::steady_clock::now() - heard > limits.write_timeout) co_return false;
      asio::steady_timer later(io, between_looks);
      co_await later.async_wait(awaited);
      continue;
    }
    heard = std::chrono::steady_clock::now();
    stream.expires_after(limits.write_timeout);
    const error_code ec = co_await stream.write(piece);
    if (ec) co_return false;
    sent += piece.size();
  }
  co_return sent == body.bytes;
}

asio::awaitable<void> Server::Core::stream_events(ByteStream& stream, Response response) {
  stream.expires_after(limits.write_timeout);
  const std::string head = event_stream_head(response);
  const error_code failed = co_await stream.write(head);
  if (failed || stopping) co_return;

  const auto event = std::make_shared<Wakeable>(io.get_executor());
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
  stream.expires_never();
  stream.read_some(asio::buffer(nothing), [&reading, sink, event](error_code, std::size_t) {
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
    stream.expires_after(limits.write_timeout);
    const error_code ec = co_await stream.write(text);
    if (ec) break;
  }
  sinks.erase(sink);
  sink->finished();
  stream.close();
  while (reading) co_await event->wait(std::chrono::seconds(1));  // the read refers to our frame
}

}  // namespace roamdesk::http
