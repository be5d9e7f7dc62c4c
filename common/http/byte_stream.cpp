#include "common/http/byte_stream.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <optional>
#include <utility>

#include "common/asio/awaited.hpp"
#include "common/asio/handshakes.hpp"

namespace roamdesk::http {
namespace {
namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

template <class Layer>
class Stream : public ByteStream {
 public:
  template <class... Arguments>
  explicit Stream(Arguments&&... arguments) : layer_(std::forward<Arguments>(arguments)...) {}

  void expires_after(std::chrono::milliseconds longest) override { below().expires_after(longest); }
  void expires_never() override { below().expires_never(); }

  void read_some(asio::mutable_buffer into, Read done) override { layer_.async_read_some(into, std::move(done)); }

  asio::awaitable<ErrorCode> write(std::string_view text) override {
    auto [ec, n] = co_await asio::async_write(layer_, asio::buffer(text.data(), text.size()), awaited);
    (void)n;
    co_return ec;
  }

  void close() override {
    below().cancel();
    below().close();
  }

 protected:
  beast::tcp_stream& below() { return beast::get_lowest_layer(layer_); }
  Layer layer_;
};

class ClearStream final : public Stream<beast::tcp_stream> {
 public:
  using Stream::Stream;
  bool secure() const override { return false; }
  asio::awaitable<ErrorCode> handshake(std::chrono::milliseconds) override { co_return ErrorCode(); }
  asio::awaitable<void> end() override {
    ErrorCode ignored;
    layer_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
  }
};

class TlsStream final : public Stream<beast::ssl_stream<beast::tcp_stream>> {
 public:
  TlsStream(tcp::socket socket, std::shared_ptr<asio::ssl::context> context, Handshakes& handshakes)
      : Stream(std::move(socket), *context), context_(std::move(context)), handshakes_(handshakes) {}
  bool secure() const override { return true; }
  // Off this thread: until its end nothing here touches the stream, whose own deadlines would.
  asio::awaitable<ErrorCode> handshake(std::chrono::milliseconds longest) override {
    asio::steady_timer deadline(layer_.get_executor(), longest);
    Shaking shaking{layer_, below()};
    const ErrorCode ec = co_await handshakes_.run(shaking, nullptr, [this, &deadline](Handshakes::Id id) {
      handshake_ = id;
      deadline.async_wait([&handshakes = handshakes_, id](ErrorCode cancelled) {
        if (!cancelled) handshakes.cancel(id);
      });
    });
    handshake_.reset();
    if (!closed_) co_return ec;
    below().close();
    co_return asio::error::operation_aborted;
  }
  asio::awaitable<void> end() override {
    expires_after(std::chrono::seconds(2));
    co_await layer_.async_shutdown(awaited);
  }
  void close() override {
    closed_ = true;
    if (handshake_) return handshakes_.cancel(*handshake_);
    Stream::close();
  }

 private:
  // What Handshakes asks of a stream.
  struct Shaking {
    beast::ssl_stream<beast::tcp_stream>& stream;
    beast::tcp_stream& below;
    auto get_executor() { return stream.get_executor(); }
    auto& lowest_layer() { return below.socket(); }
    template <class Handler>
    void async_handshake(asio::ssl::stream_base::handshake_type type, Handler handler) {
      stream.async_handshake(type, std::move(handler));
    }
  };

  std::shared_ptr<asio::ssl::context> context_;  // a reload may have put another in its listener's place
  Handshakes& handshakes_;
  std::optional<Handshakes::Id> handshake_;
  bool closed_ = false;
};

}  // namespace

asio::awaitable<ByteStream::Some> ByteStream::read_some(asio::mutable_buffer into) {
  auto begin = [this, into](auto handler) {
    // std::function wants to copy, a coroutine's handler can't be.
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    read_some(into, [shared](ErrorCode ec, std::size_t n) { (*shared)(ec, n); });
  };
  auto [ec, n] = co_await asio::async_initiate<decltype(awaited), void(ErrorCode, std::size_t)>(begin, awaited);
  Some some;
  some.ec = ec;
  some.n = n;
  co_return some;
}

std::unique_ptr<ByteStream> clear_stream(tcp::socket socket) {
  return std::make_unique<ClearStream>(std::move(socket));
}
std::unique_ptr<ByteStream> tls_stream(tcp::socket socket, std::shared_ptr<asio::ssl::context> context,
                                       Handshakes& handshakes) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(context), handshakes);
}

}  // namespace roamdesk::http
