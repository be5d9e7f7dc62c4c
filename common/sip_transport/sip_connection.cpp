#include "common/sip_transport/sip_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

#include "common/crypto/random.hpp"
#include "common/net/asio_address.hpp"

namespace roamdesk::net {

namespace asio = boost::asio;

SipConnection::SipConnection(asio::ip::tcp::socket socket, asio::ssl::context* tls, Handshakes* handshakes,
                             StreamLimits limits, Events events)
    : socket_(std::move(socket)),
      handshakes_(handshakes),
      timer_(socket_.get_executor()),
      limits_(limits),
      events_(std::move(events)) {
  if (tls) tls_ = std::make_unique<TlsStream>(socket_, *tls);
}

template <class F>
void SipConnection::with_stream(F&& f) {
  if (tls_)
    f(*tls_);
  else
    f(socket_);
}

void SipConnection::start() {
  began_ = std::chrono::steady_clock::now();
  arm(began_ + limits_.first_message, "no message in time");
  if (!tls_) {
    opened();
    return;
  }
  // A peer that says nothing costs no handshake.
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](boost::system::error_code error) {
    if (self->closed_) return;
    if (error)
      self->close("no TLS handshake");
    else if (!self->events_.may_shake())
      self->close("too many TLS handshakes");
    else
      self->shake_hands();
  });
}

void SipConnection::connect(Endpoint peer, const std::optional<TlsPeer>& tls) {
  ours_ = proven_ = writing_ = true;
  if (tls_ && !expect(*tls_, *tls)) {
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->close("can't be connected to"); });
    return;
  }
  arm(std::chrono::steady_clock::now() + limits_.connect, "can't be connected to");
  socket_.async_connect(to_tcp(peer), [self = shared_from_this()](boost::system::error_code error) {
    if (self->closed_) return;
    if (error) return self->close("can't be connected to");
    if (self->tls_) return self->shake_hands();
    self->connected();
  });
}

void SipConnection::connected() {
  arm(std::chrono::steady_clock::now() + limits_.idle, "idle");
  writing_ = false;
  if (!unsent_.empty()) write();
  opened();
}

void SipConnection::shake_hands() {
  const auto side = ours_ ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
  auto done = [self = shared_from_this()](boost::system::error_code error) { self->shaken(error); };
  if (handshakes_)
    handshake_ = handshakes_->begin(*tls_, shared_from_this(), std::move(done), side);
  else
    tls_->async_handshake(side, std::move(done));
}

void SipConnection::shaken(boost::system::error_code error) {
  handshake_.reset();
  if (closed_) return stop();
  if (error)
    close(explain_handshake(*tls_));
  else if (ours_)
    connected();
  else
    opened();
}

void SipConnection::prove() {
  if (closed_ || proven_) return;
  proven_ = true;
  arm(std::chrono::steady_clock::now() + limits_.idle, "idle");
}

void SipConnection::opened() {
  events_.opened();
  if (!closed_) read();
}

void SipConnection::read() {
  with_stream([this](auto& stream) {
    stream.async_read_some(asio::buffer(buffer_),
                           [self = shared_from_this()](boost::system::error_code error, std::size_t count) {
                             if (self->closed_) return;
                             if (error)
                               self->close(self->refused_ ? "not SIP" : "closed by the peer");
                             else
                               self->take(count);
                           });
  });
}

void SipConnection::take(std::size_t count) {
  if (refused_) return read();
  framer_.push({buffer_.data(), count});
  while (!closed_) {
    auto next = framer_.next();
    if (!next) return refuse(next.error());
    if (!*next) break;
    if (proven_)
      arm(std::chrono::steady_clock::now() + limits_.idle, "idle");
    else
      arm(began_ + limits_.unproven, "no credentials in time");
    if (auto* message = std::get_if<sip::FramedMessage>(&**next))
      events_.message(message->bytes);
    else
      send("\r\n");  // RFC 5626 §3.5.1: the pong
  }
  if (!closed_) read();
}

// Where the sender can be told, it is, and has a moment to read it: a close at once, with bytes of its own still
// unread, would reset the connection and take the answer away again.
void SipConnection::refuse(sip::FrameFault fault) {
  boost::system::error_code error;
  const auto peer = socket_.remote_endpoint(error);
  const auto answer =
      error ? std::string{} : sip::answer_refused(framer_.refused(), fault, from_asio(peer), crypto::random_hex(8));
  if (answer.empty()) return close("not SIP");
  refused_ = true;
  arm(std::chrono::steady_clock::now() + std::chrono::seconds{1}, "not SIP");
  send(answer);
  read();
}

bool SipConnection::send(std::string_view bytes) {
  if (closed_) return false;
  if (unsent_bytes_ + bytes.size() > limits_.unsent_bytes) {
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->close("reads too slowly"); });
    return false;
  }
  unsent_.emplace_back(bytes);
  unsent_bytes_ += bytes.size();
  if (!writing_) write();
  return true;
}

void SipConnection::write() {
  writing_ = true;
  with_stream([this](auto& stream) {
    asio::async_write(stream, asio::buffer(unsent_.front()),
                      [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                        if (self->closed_) return;
                        self->unsent_bytes_ -= self->unsent_.front().size();
                        self->unsent_.pop_front();
                        self->writing_ = false;
                        if (error)
                          self->close("can't be written to");
                        else if (!self->unsent_.empty())
                          self->write();
                        else if (self->refused_)
                          self->socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
                      });
  });
}

void SipConnection::arm(TimePoint at, std::string_view why) {
  timer_.expires_at(at);
  timer_.async_wait([self = shared_from_this(), why](boost::system::error_code error) {
    if (!error && !self->closed_) self->close(why);
  });
}

void SipConnection::stop() {
  closed_ = true;
  timer_.cancel();
  if (handshake_) return handshakes_->cancel(*handshake_);  // shaken() closes the socket
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

void SipConnection::close(std::string_view why) {
  if (closed_) return;
  stop();
  events_.closed(why);
}

}  // namespace roamdesk::net
