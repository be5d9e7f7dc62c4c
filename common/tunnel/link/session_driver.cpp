#include "common/tunnel/link/session_driver.hpp"

#include <boost/asio/post.hpp>

#include "common/net/asio_address.hpp"
#include "common/tunnel/enrolment.hpp"
#include "common/tunnel/link/tls.hpp"

namespace roamdesk::tunnel::link {
namespace {

TimePoint clock_now() { return std::chrono::steady_clock::now(); }

}  // namespace

SessionDriver::SessionDriver(boost::asio::any_io_executor executor, Session session, MediaLink* media, MediaPeer peer,
                             std::function<void(SessionEvent&&)> on_event)
    : executor_(executor),
      timer_(executor),
      session_(std::move(session)),
      media_(media),
      peer_(peer),
      on_event_(std::move(on_event)) {}

SessionDriver::~SessionDriver() {
  *alive_ = false;
  if (connection_) connection_->finish();
}

void SessionDriver::attach(std::shared_ptr<Connection> connection, const Session::Fresh& fresh,
                           std::optional<Endpoint> media_remote) {
  if (connection_) {
    session_.close(Reason::superseded, std::string{explain(Reason::superseded)}, clock_now());
    drain();
  }
  const auto secret = export_media_secret(connection->native());
  connection_ = std::move(connection);
  remote_ = to_string(net::from_asio(connection_->remote()));
  media_remote_ = media_remote;
  remote_is_new_ = true;
  session_.handle_connected(secret, fresh, clock_now());
  connection_->start(*this);
  drain();
}

bool SessionDriver::send(Frame frame) {
  const bool queued = session_.send(std::move(frame), clock_now());
  if (connection_) connection_->pump();
  drain_later();
  return queued;
}

void SessionDriver::end_session(Reason reason, std::string_view text) {
  session_.close(reason, std::string{text}, clock_now());
  session_.abandon();
  drain_later();
}

void SessionDriver::drop_connection() {
  if (!connection_) return;
  connection_->close();
  let_go();
  drain_later();
}

void SessionDriver::stop(Reason reason) {
  on_event_ = nullptr;
  timer_.cancel();
  armed_.reset();
  if (connection_) {
    session_.close(reason, std::string{explain(reason)}, clock_now());
    let_go();
  }
  if (media_ != nullptr) media_->post_remove(peer_);
}

void SessionDriver::handle_notice(const MediaNotice& notice) {
  switch (notice.kind) {
    case MediaNotice::Kind::datagram:
      session_.send(Media{notice.datagram}, clock_now());
      if (connection_) connection_->pump();
      break;
    case MediaNotice::Kind::epoch_wanted:
      session_.want_epoch(clock_now());
      if (connection_) connection_->pump();
      drain_later();
      break;
    case MediaNotice::Kind::path_changed:
      break;
  }
}

void SessionDriver::report(std::uint32_t phones, std::uint32_t streams) {
  const auto stats = media_ != nullptr ? media_->stats(peer_) : MediaStats{};
  LinkReport report;
  report.rtt_us = static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(stats.rtt).count());
  report.loss_ppm = static_cast<std::uint32_t>(stats.loss * 1e6);
  report.udp = stats.udp ? 1 : 0;
  report.phones = phones;
  report.streams = streams;
  session_.send(report, clock_now());
  if (connection_) connection_->pump();
}

std::uint64_t SessionDriver::bytes_sent() const { return sent_before_ + (connection_ ? connection_->bytes_sent() : 0); }
std::uint64_t SessionDriver::bytes_received() const {
  return received_before_ + (connection_ ? connection_->bytes_received() : 0);
}

void SessionDriver::on_bytes(crypto::ByteView bytes) {
  session_.handle_bytes(bytes, clock_now());
  drain();
}
crypto::ByteView SessionDriver::transmit() { return session_.transmit(clock_now()); }
void SessionDriver::consumed(std::size_t count) { session_.consumed(count); }

void SessionDriver::on_closed(const boost::system::error_code&) {
  let_go();
  drain();
}

// The connection is no more ours; the session waits for another one.
void SessionDriver::let_go() {
  if (!connection_) return;
  const auto connection = std::move(connection_);
  connection_ = nullptr;
  connection->finish();
  sent_before_ += connection->bytes_sent();
  received_before_ += connection->bytes_received();
  session_.handle_closed(clock_now());
}

void SessionDriver::drain_later() {
  if (drain_posted_) return;
  drain_posted_ = true;
  boost::asio::post(executor_, [this, alive = alive_] {
    if (!*alive) return;
    drain_posted_ = false;
    drain();
  });
}

void SessionDriver::drain() {
  if (draining_) return;
  draining_ = true;
  const auto alive = alive_;
  while (auto event = session_.poll_event()) {
    handle(std::move(*event));
    if (!*alive) return;
  }
  draining_ = false;
  if (connection_) connection_->pump();
  rearm();
}

void SessionDriver::rearm() {
  const auto deadline = session_.deadline();
  if (deadline == armed_) return;
  armed_ = deadline;
  timer_.cancel();
  if (!deadline) return;
  timer_.expires_at(*deadline);
  timer_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
    if (error || !*alive) return;
    armed_.reset();
    session_.handle_timeout(clock_now());
    drain();
  });
}

void SessionDriver::handle(SessionEvent&& event) {
  if (auto* keys = std::get_if<Keys>(&event)) return put_in_force(*keys);
  if (std::holds_alternative<Ended>(event)) let_go();
  if (std::holds_alternative<Expired>(event) && media_ != nullptr) media_->post_remove(peer_);
  if (auto* received = std::get_if<Received>(&event)) {
    if (auto* media = std::get_if<Media>(&received->frame)) {
      if (media_ != nullptr) media_->post_datagram(peer_, std::move(media->datagram));
      return;
    }
  }
  if (on_event_) on_event_(std::move(event));
}

void SessionDriver::put_in_force(const Keys& keys) {
  if (media_ == nullptr) return;
  if (keys.first) {
    media_->post_session(peer_, MediaLink::Session{keys.media_session, keys.cipher, media_remote_});
  } else if (remote_is_new_ && media_remote_) {
    media_->post_remote(peer_, *media_remote_);
  }
  remote_is_new_ = false;
  media_->post_keys(peer_, keys.epoch, keys.keys);
}

}  // namespace roamdesk::tunnel::link
