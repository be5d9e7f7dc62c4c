#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/places.hpp"
#include "common/base/rate_limit.hpp"
#include "common/base/result.hpp"
#include "common/base/secret.hpp"
#include "common/base/time.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk {
class Handshakes;
}

namespace roamdesk::net {

// Names a connection of one SipStreams; never reused.
using ConnectionId = Strong<struct ConnectionTag, std::uint64_t>;

struct TlsIdentity {
  std::string certificate;  // PEM, with its chain
  Secret key;               // PEM
};

// Whom a TLS connection of ours is to reach (RFC 5922 §7).
struct TlsPeer {
  std::string name;  // a host name or an address, which its certificate must have; no wildcard fits it
  // PEM, one certificate or several, beside which nothing is trusted; nullopt for those that the system trusts.
  std::optional<std::string> authority;
};

struct StreamLimits {
  // A newcomer gets a place of the address that has most; connections with credentials never give way, and addresses
  // where a phone is registered have a reserve.
  Places::Limits places{.in_all = 4096,
                        .reserved = 1024,
                        .per_address = 64,
                        .per_known_address = 256,
                        .remembered = 4096,
                        .remembers_for = std::chrono::hours{72}};
  // TLS handshakes begun: by one address, and by all where no phone is registered. Each costs up to a millisecond.
  RateLimit::Settings handshakes_of_address{.per_second = 10, .burst = 40, .sources = 4096};
  Rate handshakes{300, 300};
  std::size_t unsent_bytes = 256 * 1024;              // more waits than this: the connection is closed
  Duration first_message = std::chrono::seconds{10};  // TLS handshake and the first whole message
  Duration unproven = std::chrono::seconds{30};       // in all, where no credentials were shown
  // Connections of our own that aren't up yet: at once, to one address, and how long one may take.
  std::size_t connecting = 64, connecting_to_address = 8;
  Duration connect = std::chrono::seconds{5};
  Duration idle = std::chrono::minutes{30};  // neither message nor CRLF: closed (phones keep alive, RFC 5626 §4.4.1)
};

// TCP and TLS listeners for SIP and their connections; messages are cut by sip::StreamFramer, keepalives (CRLF CRLF)
// answered (RFC 5626 §3.5.1). One thread; callbacks are made on it, none from inside send() or connect().
class SipStreams {
 public:
  struct Callbacks {
    // A client has connected; TLS: after the handshake.
    std::function<void(ConnectionId, Endpoint local, Endpoint peer)> opened;
    std::function<void(ConnectionId, std::string_view message)> message;
    // For each one opened or begun by connect(), once; `why` in a few words, for the log.
    std::function<void(ConnectionId, std::string_view why)> closed;
    // Over a limit, no handshake, not SIP, gave way; may be empty.
    std::function<void(Endpoint peer, std::string_view why)> refused;
    // A phone is registered from there; may be empty.
    std::function<bool(IpAddress)> is_home;
  };
  // `handshakes`: where TLS handshakes are worked off; null: on this thread.
  SipStreams(boost::asio::io_context& io, StreamLimits limits, Callbacks callbacks, Handshakes* handshakes = nullptr);
  ~SipStreams();
  SipStreams(const SipStreams&) = delete;
  SipStreams& operator=(const SipStreams&) = delete;

  // Opens a listener (port 0: any); with `tls`, TLS 1.2 and 1.3. Throws std::runtime_error for an unusable identity.
  Result<Endpoint> listen(Endpoint address, const std::optional<TlsIdentity>& tls);
  // All its TLS listeners present this one to those who connect from now on. Throws as listen() does, and changes
  // nothing then.
  void use_identity(const TlsIdentity& identity);
  // Begins a connection over TCP, or with `tls` over TLS, from an address of ours (unspecified: any) to a phone that
  // has shown credentials before, or to a peer that an administrator has named; what is sent meanwhile waits. Where it
  // can't be had in time, or the peer can't show that it is `tls`, `closed` says so, and nothing was sent. nullopt: too
  // many are being made, there is no place, `local` isn't ours, or the authority isn't a certificate.
  std::optional<ConnectionId> connect(IpAddress local, Endpoint peer, const std::optional<TlsPeer>& tls = std::nullopt);
  // False: unknown, or too much waits already (it is closed then).
  bool send(ConnectionId connection, std::string_view bytes);
  void close(ConnectionId connection);
  // Credentials have been shown there: it stays as long as it isn't idle, and gives way to no other.
  void prove(ConnectionId connection);
  // DSCP of the connections that are made from now on, 0..63.
  void mark(int dscp);
  // Closes listeners and connections; no callbacks after it.
  void stop();
  std::size_t connections() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace roamdesk::net
