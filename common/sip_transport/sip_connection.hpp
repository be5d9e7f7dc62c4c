#pragma once
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/asio/handshakes.hpp"
#include "common/sip/stream_framer.hpp"
#include "common/sip_transport/sip_streams.hpp"
#include "common/sip_transport/tls_context.hpp"

// Internal to common/sip_transport: one TCP or TLS connection that carries SIP messages.
namespace roamdesk::net {

class SipConnection : public std::enable_shared_from_this<SipConnection> {
 public:
  struct Events {
    std::function<void()> opened;  // TLS: after the handshake
    std::function<void(std::string_view message)> message;
    std::function<void(std::string_view why)> closed;  // once, also where it was never opened
    std::function<bool()> may_shake;                   // TLS: its first bytes have come; false: it is to go
  };
  // `handshakes`: where the TLS handshake is worked off; null: on this thread.
  SipConnection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, Handshakes* handshakes,
                StreamLimits limits, Events events);

  void start();
  // In place of start(), for a socket that isn't connected yet: goes to `peer`, over TLS to one that can show that it
  // is `tls`. What is sent meanwhile waits.
  void connect(Endpoint peer, const std::optional<TlsPeer>& tls);
  // Credentials were shown here.
  void prove();
  // False: too much waits; it will be closed.
  bool send(std::string_view bytes);
  // No event after it.
  void stop();
  void close(std::string_view why);

 private:
  template <class F>
  void with_stream(F&& f);
  void opened();
  void read();
  void take(std::size_t count);
  void refuse(sip::FrameFault fault);
  void write();
  void connected();
  void shake_hands();
  void shaken(boost::system::error_code error);
  void arm(TimePoint at, std::string_view why);

  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<TlsStream> tls_;
  bool ours_ = false;  // we began it
  Handshakes* handshakes_;
  std::optional<Handshakes::Id> handshake_;  // under way: the socket is the pool's
  boost::asio::steady_timer timer_;
  TimePoint began_{};
  StreamLimits limits_;
  Events events_;
  sip::StreamFramer framer_;
  std::array<char, 8192> buffer_{};
  std::deque<std::string> unsent_;
  std::size_t unsent_bytes_ = 0;
  bool writing_ = false, refused_ = false, closed_ = false, proven_ = false;
};

}  // namespace roamdesk::net
