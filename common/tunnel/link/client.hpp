#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/crypto/certificate.hpp"
#include "common/tunnel/back_off.hpp"
#include "common/tunnel/enrolment.hpp"
#include "common/tunnel/link/media_link.hpp"
#include "common/tunnel/session.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::tunnel::link {

// What the SBC hears of its tunnel; every call comes on the signalling thread, none from inside send().
class ClientHandler {
 public:
  virtual ~ClientHandler() = default;
  // Unless `welcome.resumed`: close all streams, announce the flows again, restart nothing of HTTP.
  virtual void on_connected(const Welcome& welcome) = 0;
  // HTTP requests that were under way are lost; streams and flows may yet be resumed.
  virtual void on_disconnected(Reason reason, std::string_view text) = 0;
  virtual void on_frame(Frame frame) = 0;
  // The core gave a new certificate (a third of the old one's life is left); it must be stored. The client uses it
  // already.
  virtual void on_identity(const crypto::Identity& identity) = 0;
};

struct ClientStatus {
  bool connected = false;
  std::string core;        // "pbx.example.com:5090 (192.0.2.1)", of the present or the last connection
  std::string last_error;  // why not, in words
  WallTime since{};        // of this state
  Duration rtt{};          // of the control stream; 0: not measured yet
  TimePoint heard{};       // when the core was heard last
  std::uint64_t bytes_sent = 0, bytes_received = 0;
  std::uint32_t connections = 0;
  MediaStats media;
  std::uint64_t media_late = 0;  // media datagrams that were too old for the stream, or found it full
};

// The SBC's end: connects, proves itself, runs the session, and comes back whatever happens. Signalling thread only.
class Client {
 public:
  struct Settings {
    std::vector<std::string> cores;  // "name:port", tried in order, the last good one first
    crypto::Identity identity;
    std::string software;
    std::vector<Lan> lans;
    SessionSettings session;
    BackOff::Settings back_off;
    Duration connect_timeout = std::chrono::seconds{4};  // TCP and TLS, each address
  };
  // `media` may be null (no media); otherwise it outlives the client. Throws std::runtime_error for an unusable
  // identity.
  Client(boost::asio::io_context& io, Settings settings, ClientHandler& handler, MediaLink* media);
  ~Client();

  void start();
  // Says goodbye and closes. No call to the handler after it.
  void stop();
  // False: not connected and not resumable at the moment, or the queue is full; nothing was queued.
  bool send(Frame frame);
  // Cuts the connection as a broken line would; it comes back by itself. For tests, and for an operator's "reconnect".
  void drop_connection();
  ClientStatus status() const;
  // From the next try on; a connection that stands stays. Throws std::runtime_error for what isn't "name:port".
  void use_cores(const std::vector<std::string>& cores);
  // For LinkReport.
  void report_load(std::uint32_t phones, std::uint32_t streams);

  class Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

// Enrolment, once: finds a core whose CA has the key's digest, and gets this SBC's identity. `done` is called on `io`'s
// thread with the identity or a sentence for the operator. Every core and address is tried in order until one answers.
struct EnrolFailure {
  Reason reason = Reason::shutting_down;
  bool reached = false;          // false: no core answered; trying again later makes sense
  bool wrong_authority = false;  // something answered whose CA isn't the key's
  std::string text;
};
void enrol(boost::asio::io_context& io, std::vector<std::string> cores, EnrolmentKey key, Duration timeout,
           std::function<void(Result<crypto::Identity, EnrolFailure>)> done);

}  // namespace roamdesk::tunnel::link
