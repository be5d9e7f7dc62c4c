#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "common/asio/handshakes.hpp"
#include "common/base/time.hpp"
#include "common/tunnel/frame_codec.hpp"

namespace roamdesk::tunnel::link {

// Whose bytes a connection carries.
class ConnectionUser {
 public:
  virtual ~ConnectionUser() = default;
  virtual void on_bytes(crypto::ByteView bytes) = 0;
  virtual crypto::ByteView transmit() = 0;
  virtual void consumed(std::size_t count) = 0;
  virtual void on_closed(const boost::system::error_code& error) = 0;
};

// One TLS connection of the tunnel: handshake, reading, writing, an orderly end. It lives as long as its own
// operations; signalling thread only.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
  Connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context);

  Stream& stream() { return stream_; }
  SSL* native() { return stream_.native_handle(); }
  boost::asio::ip::tcp::endpoint remote() const { return remote_; }

  // The socket is connected only now (it was made unconnected).
  void connected();
  // Closes everything when the time is over, unless it is set again or disarmed.
  void arm(Duration time);
  void disarm();
  // The client's side of the TLS handshake: the error, or none.
  boost::asio::awaitable<boost::system::error_code> handshake();
  // The server's; `elsewhere` may be null: then on this thread.
  boost::asio::awaitable<boost::system::error_code> accept(Handshakes* elsewhere);
  // One whole frame (enrolment); nullopt where the connection ends, or what comes isn't a frame.
  boost::asio::awaitable<std::optional<Frame>> read_frame();

  // Reads for `user`, until detached or closed.
  void start(ConnectionUser& user);
  // There is something to write.
  void pump();
  // `user` isn't called any more. What it still has to write goes out, then the connection is closed, within a second.
  void finish();
  // For who has no user: writes this frame, then closes.
  void finish(const Frame& last);
  void close();

  std::uint64_t bytes_sent() const { return sent_; }
  std::uint64_t bytes_received() const { return received_; }

 private:
  boost::asio::awaitable<void> read();
  void fill();
  void end(const boost::system::error_code& error);

  boost::asio::ip::tcp::endpoint remote_;
  Stream stream_;
  boost::asio::steady_timer timer_;
  Handshakes* shaking_ = nullptr;  // whose the stream is at the moment
  Handshakes::Id handshake_ = 0;
  ConnectionUser* user_ = nullptr;
  crypto::Bytes out_;    // being written
  crypto::Bytes tail_;   // behind it, when finishing
  crypto::Bytes early_;  // of read_frame
  bool reading_ = false, writing_ = false, finishing_ = false, closed_ = false;
  std::uint64_t sent_ = 0, received_ = 0;
};

}  // namespace roamdesk::tunnel::link
