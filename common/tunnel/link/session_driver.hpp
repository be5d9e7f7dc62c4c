#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "common/tunnel/link/connection.hpp"
#include "common/tunnel/link/media_link.hpp"
#include "common/tunnel/session.hpp"

namespace roamdesk::tunnel::link {

// Drives one Session over the connection that it has at the moment: bytes, the clock, its media keys. Events go to
// `on_event`, never from inside send(). Belongs to Client or Server; signalling thread only.
class SessionDriver : private ConnectionUser {
 public:
  SessionDriver(boost::asio::any_io_executor executor, Session session, MediaLink* media, MediaPeer peer,
                std::function<void(SessionEvent&&)> on_event);
  ~SessionDriver() override;

  // Replaces the present connection, which gets `superseded` as its goodbye. `media_remote`: SBC only.
  void attach(std::shared_ptr<Connection> connection, const Session::Fresh& fresh,
              std::optional<Endpoint> media_remote);
  bool send(Frame frame);
  // Goodbye, and no resumption; Ended and Expired follow.
  void end_session(Reason reason, std::string_view text);
  // Cuts the connection without a word; Ended follows.
  void drop_connection();
  // No event any more; the goodbye still leaves.
  void stop(Reason reason);
  void handle_notice(const MediaNotice& notice);
  // The driver's own LinkReport.
  void report(std::uint32_t phones, std::uint32_t streams);

  Session& session() { return session_; }
  const Session& session() const { return session_; }
  std::uint64_t bytes_sent() const;
  std::uint64_t bytes_received() const;
  std::string remote() const { return remote_; }

 private:
  void on_bytes(crypto::ByteView bytes) override;
  crypto::ByteView transmit() override;
  void consumed(std::size_t count) override;
  void on_closed(const boost::system::error_code& error) override;
  void drain();
  void drain_later();
  void rearm();
  void handle(SessionEvent&& event);
  void put_in_force(const Keys& keys);
  void let_go();

  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer timer_;
  std::optional<TimePoint> armed_;
  Session session_;
  MediaLink* media_;
  MediaPeer peer_;
  std::function<void(SessionEvent&&)> on_event_;
  std::shared_ptr<Connection> connection_;
  std::optional<Endpoint> media_remote_;
  bool remote_is_new_ = false;
  bool draining_ = false, drain_posted_ = false;
  std::uint64_t sent_before_ = 0, received_before_ = 0;
  std::string remote_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace roamdesk::tunnel::link
