#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/base/time.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::net {

// Names a connection of one SipStreams; never reused.
using ConnectionId = Strong<struct ConnectionTag, std::uint64_t>;

struct TlsIdentity {
  std::string certificate;  // PEM, with its chain
  Secret key;               // PEM
};

struct StreamLimits {
  std::size_t connections = 4096;
  std::size_t connections_per_peer = 64;              // by address
  std::size_t unsent_bytes = 256 * 1024;              // more waits than this: the connection is closed
  Duration first_message = std::chrono::seconds{10};  // TLS handshake and the first whole message
  Duration idle = std::chrono::minutes{30};  // neither message nor CRLF: closed (phones keep alive, RFC 5626 §4.4.1)
};

// TCP and TLS listeners for SIP and their connections; messages are cut by sip::StreamFramer, keepalives (CRLF CRLF)
// answered (RFC 5626 §3.5.1). One thread; callbacks are made on it, none from inside send().
class SipStreams {
 public:
  struct Callbacks {
    std::function<void(ConnectionId, Endpoint local, Endpoint peer)> opened;  // TLS: after the handshake
    std::function<void(ConnectionId, std::string_view message)> message;
    std::function<void(ConnectionId)> closed;  // for each one opened, once
    std::function<void(Endpoint peer, std::string_view why)>
        refused;  // over a limit, no handshake, not SIP: may be empty
  };
  SipStreams(boost::asio::io_context& io, StreamLimits limits, Callbacks callbacks);
  ~SipStreams();
  SipStreams(const SipStreams&) = delete;
  SipStreams& operator=(const SipStreams&) = delete;

  // Opens a listener (port 0: any); with `tls`, TLS 1.2 and 1.3. Throws std::runtime_error for an unusable identity.
  Result<Endpoint> listen(Endpoint address, const std::optional<TlsIdentity>& tls);
  // False: unknown, or too much waits already (it is closed then).
  bool send(ConnectionId connection, std::string_view bytes);
  void close(ConnectionId connection);
  // Closes listeners and connections; no callbacks after it.
  void stop();
  std::size_t connections() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace roamdesk::net
