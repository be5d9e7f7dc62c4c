#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace boost::asio::ssl {
class context;
}

namespace roamdesk {
class Handshakes;
}

namespace roamdesk::http {

// A connection's bytes, in clear or under TLS, so that what speaks HTTP is compiled once and knows of neither.
// On the server's thread only. An operation still under way when its deadline passes fails with beast::error::timeout.
class ByteStream {
 public:
  using ErrorCode = boost::system::error_code;
  using Read = std::function<void(ErrorCode, std::size_t)>;

  virtual ~ByteStream() = default;
  virtual bool secure() const = 0;
  // The deadline of what is begun after this call; expires_never() takes it away.
  virtual void expires_after(std::chrono::milliseconds longest) = 0;
  virtual void expires_never() = 0;

  // TLS: the server's side of the handshake, `longest` at most. In clear: nothing to do.
  virtual boost::asio::awaitable<ErrorCode> handshake(std::chrono::milliseconds longest) = 0;
  // Some bytes into `into`, then `done(ec, n)`. `into` must live until then.
  virtual void read_some(boost::asio::mutable_buffer into, Read done) = 0;
  // All of `text`.
  virtual boost::asio::awaitable<ErrorCode> write(std::string_view text) = 0;
  // The orderly end: close_notify under TLS (2 s at most), then our half of the connection.
  virtual boost::asio::awaitable<void> end() = 0;
  // The end at once; what is under way fails.
  virtual void close() = 0;

  struct Some {
    ErrorCode ec;
    std::size_t n = 0;
  };
  boost::asio::awaitable<Some> read_some(boost::asio::mutable_buffer into);
};

std::unique_ptr<ByteStream> clear_stream(boost::asio::ip::tcp::socket socket);
// `handshakes` outlives it.
std::unique_ptr<ByteStream> tls_stream(boost::asio::ip::tcp::socket socket,
                                       std::shared_ptr<boost::asio::ssl::context> context, Handshakes& handshakes);

}  // namespace roamdesk::http
