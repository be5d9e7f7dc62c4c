#include "common/tunnel/link/reception.hpp"

#include <sys/socket.h>

#include "common/asio/awaited.hpp"
#include "common/net/asio_address.hpp"

namespace roamdesk::tunnel::link {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr unsigned char handshake_record = 22;  // RFC 8446 §5.1: what a ClientHello's first byte is

IpAddress address_of(const tcp::socket& socket) {
  error_code failed;
  const auto remote = socket.remote_endpoint(failed);
  return failed ? IpAddress{} : net::from_asio(remote.address());
}

// -1: nothing is there to be read, and nothing will be.
int first_byte(tcp::socket& socket) {
  unsigned char byte = 0;
  return ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1 ? byte : -1;
}

}  // namespace

Reception::Guest::Guest(std::shared_ptr<Reception> reception, tcp::socket socket)
    : reception_(std::move(reception)),
      socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      address_(address_of(socket_)) {}

Reception::Guest::~Guest() {
  reception_->guests_.erase(place_);
  reception_->places_.leave(place_);
}

void Reception::Guest::close() {
  closed_ = true;
  timer_.cancel();
  if (connection_) return connection_->close();
  error_code ignored;
  socket_.close(ignored);
}

std::shared_ptr<Reception::Guest> Reception::enter(tcp::socket socket) {
  const IpAddress from = address_of(socket);
  const auto entered = places_.enter(from, false, std::chrono::steady_clock::now());
  if (!entered) {
    ++turned_away_.crowded;
    return nullptr;
  }
  if (entered->gives_way) {
    ++turned_away_.crowded;
    guests_.at(*entered->gives_way)->close();
  }
  auto guest = std::make_shared<Guest>(shared_from_this(), std::move(socket));
  guest->place_ = entered->place;
  guests_.emplace(entered->place, guest.get());
  return guest;
}

asio::awaitable<std::shared_ptr<Connection>> Reception::receive(std::shared_ptr<Guest> guest,
                                                                asio::ssl::context& context) {
  guest->timer_.expires_after(settings_.first_bytes);
  guest->timer_.async_wait([weak = std::weak_ptr(guest)](const error_code& error) {
    const auto silent = error ? nullptr : weak.lock();
    if (!silent || silent->connection_ || silent->closed_) return;
    ++silent->reception_->turned_away_.silent;
    silent->close();
  });
  const auto [error] = co_await guest->socket_.async_wait(tcp::socket::wait_read, awaited);
  if (guest->closed_) co_return nullptr;
  guest->timer_.cancel();
  if (error || first_byte(guest->socket_) != handshake_record) {
    ++turned_away_.not_tls;
    co_return nullptr;
  }
  places_.set_standing(guest->place_, Places::Standing::begun);
  auto connection = std::make_shared<Connection>(std::move(guest->socket_), context);
  guest->connection_ = connection;
  connection->arm(settings_.hello_timeout);
  const auto failed = co_await connection->accept(handshakes_);
  if (guest->closed_) co_return nullptr;
  if (failed) {
    ++turned_away_.no_handshake;
    connection->close();
    co_return nullptr;
  }
  co_return connection;
}

void Reception::proven(const Guest& guest) { places_.remember(guest.address_, std::chrono::steady_clock::now()); }

bool Reception::may_enrol(const Guest& guest) {
  const bool may = enrolments_.allow(guest.address_, std::chrono::steady_clock::now());
  if (!may) ++turned_away_.enrolments;
  return may;
}

void Reception::close_all() {
  for (const auto& [place, guest] : guests_) guest->close();
}

}  // namespace roamdesk::tunnel::link
