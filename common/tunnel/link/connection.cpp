#include "common/tunnel/link/connection.hpp"

#include <netinet/tcp.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>

#include "common/asio/awaited.hpp"
#include "common/tunnel/wire.hpp"

namespace roamdesk::tunnel::link {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t read_size = 16 * 1024;   // one TLS record
constexpr std::size_t write_size = 16 * 1024;  // later frames of a higher class wait for no more than this
constexpr auto parting = std::chrono::seconds{1};

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, asio::ssl::context& context)
    : stream_(std::move(socket), context), timer_(stream_.get_executor()) {
  connected();
}

void Connection::connected() {
  error_code ignored;
  auto& tcp = stream_.lowest_layer();
  remote_ = tcp.remote_endpoint(ignored);
  tcp.set_option(asio::ip::tcp::no_delay{true}, ignored);
  // What lies unsent in the kernel can't be overtaken: keep it short, so that a call passes a download.
  const int low_water = 16 * 1024;
  ::setsockopt(tcp.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &low_water, sizeof low_water);
}

void Connection::arm(Duration time) {
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) self->close();
  });
}

void Connection::disarm() { timer_.cancel(); }

asio::awaitable<error_code> Connection::handshake() {
  const auto self = shared_from_this();
  const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, awaited);
  co_return error;
}

asio::awaitable<error_code> Connection::accept(Handshakes* elsewhere) {
  const auto self = shared_from_this();
  if (elsewhere == nullptr) {
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, awaited);
    co_return error;
  }
  shaking_ = elsewhere;
  const auto error = co_await elsewhere->run(stream_, self, [this](Handshakes::Id id) { handshake_ = id; });
  shaking_ = nullptr;
  if (!closed_) co_return error;
  error_code ignored;  // closed meanwhile, perhaps just when the handshake was done
  stream_.lowest_layer().close(ignored);
  co_return asio::error::operation_aborted;
}

asio::awaitable<std::optional<Frame>> Connection::read_frame() {
  const auto self = shared_from_this();
  early_.clear();
  for (;;) {
    if (early_.size() >= 4) {
      const auto length = load<std::uint32_t>(early_.data());
      if (length == 0 || length > max_frame) co_return std::nullopt;
      if (early_.size() - 4 >= length) {
        auto frame = parse_frame(crypto::ByteView{early_}.subspan(4, length));
        if (!frame) co_return std::nullopt;
        co_return std::move(*frame);
      }
    }
    const auto had = early_.size();
    early_.resize(had + 4096);
    const auto buffer = asio::buffer(early_.data() + had, 4096);
    const auto [error, count] = co_await stream_.async_read_some(buffer, awaited);
    early_.resize(had + count);
    received_ += count;
    if (error) co_return std::nullopt;
  }
}

void Connection::start(ConnectionUser& user) {
  user_ = &user;
  reading_ = true;
  asio::co_spawn(stream_.get_executor(), read(), asio::detached);
  pump();
}

asio::awaitable<void> Connection::read() {
  const auto self = shared_from_this();
  crypto::Bytes buffer(read_size);
  while (!closed_) {
    const auto [error, count] = co_await stream_.async_read_some(asio::buffer(buffer), awaited);
    if (error) {
      reading_ = false;
      end(error);
      co_return;
    }
    received_ += count;
    if (user_ != nullptr) user_->on_bytes(crypto::ByteView{buffer}.first(count));
  }
}

void Connection::fill() {
  while (user_ != nullptr && out_.size() < write_size) {
    const auto view = user_->transmit();
    if (view.empty()) break;
    const auto count = std::min(view.size(), write_size - out_.size());
    out_.insert(out_.end(), view.begin(), view.begin() + static_cast<std::ptrdiff_t>(count));
    user_->consumed(count);
  }
}

void Connection::pump() {
  if (writing_ || closed_) return;
  fill();
  if (out_.empty()) {
    if (finishing_) {
      // A close with unread input would reset the connection and take the goodbye with it: say that we are done, and
      // read on.
      error_code ignored;
      stream_.lowest_layer().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
      if (!reading_) close();
    }
    return;
  }
  writing_ = true;
  asio::async_write(stream_, asio::buffer(out_),
                    [self = shared_from_this()](const error_code& error, std::size_t count) {
                      self->writing_ = false;
                      self->sent_ += count;
                      self->out_ = std::exchange(self->tail_, {});
                      if (error) return self->end(error);
                      self->pump();
                    });
}

void Connection::finish() {
  if (finishing_) return;
  if (!writing_) fill();
  // What is being written stays; the rest of the user's bytes go behind it.
  crypto::Bytes rest;
  while (user_ != nullptr) {
    const auto view = user_->transmit();
    if (view.empty()) break;
    rest.insert(rest.end(), view.begin(), view.end());
    user_->consumed(view.size());
  }
  user_ = nullptr;
  finishing_ = true;
  arm(parting);
  if (!writing_) {
    out_.insert(out_.end(), rest.begin(), rest.end());
    pump();
  } else {
    tail_ = std::move(rest);
  }
}

void Connection::finish(const Frame& last) {
  if (closed_) return;
  append_frame(last, out_);
  finishing_ = true;
  arm(parting);
  reading_ = true;
  asio::co_spawn(stream_.get_executor(), read(), asio::detached);
  pump();
}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  timer_.cancel();
  if (shaking_ != nullptr) return shaking_->cancel(handshake_);
  error_code ignored;
  stream_.lowest_layer().close(ignored);
}

void Connection::end(const error_code& error) {
  close();
  if (auto* user = std::exchange(user_, nullptr)) user->on_closed(error);
}

}  // namespace roamdesk::tunnel::link
