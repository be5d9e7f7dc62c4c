#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/base/places.hpp"
#include "common/base/rate_limit.hpp"
#include "common/base/time.hpp"
#include "common/crypto/certificate.hpp"
#include "common/tunnel/enrolment.hpp"
#include "common/tunnel/link/media_link.hpp"
#include "common/tunnel/session.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk {
class Handshakes;
}

namespace roamdesk::tunnel::link {

// How many may stand at the core's door, and for how long, before they have shown an SBC's certificate.
struct Strangers {
  Places::Limits places{.in_all = 256, .reserved = 64, .per_address = 4, .per_known_address = 16};
  Duration first_bytes = std::chrono::seconds{1};    // of a ClientHello
  Duration hello_timeout = std::chrono::seconds{5};  // from these on: TLS handshake, and an enrolment's request
  net::RateLimit::Settings enrolments{.per_second = 0.2, .burst = 5, .sources = 1024};  // tries of keys, by address
  Duration told_every = std::chrono::minutes{1};  // what has been turned away, where there is something
};

// Connections that ended before it was known which SBC they were from, and why; since the start.
struct TurnedAway {
  std::uint64_t crowded = 0;       // no place, or gave it to another address
  std::uint64_t silent = 0;        // sent nothing in time
  std::uint64_t not_tls = 0;       // sent something else, or closed
  std::uint64_t no_handshake = 0;  // failed, or too slow
  std::uint64_t unknown = 0;       // no certificate that is in force, and no key that is good
  std::uint64_t enrolments = 0;    // tried keys too often
  friend bool operator==(const TurnedAway&, const TurnedAway&) = default;
  friend TurnedAway operator-(const TurnedAway& a, const TurnedAway& b) {
    return {a.crowded - b.crowded,           a.silent - b.silent,   a.not_tls - b.not_tls,
            a.no_handshake - b.no_handshake, a.unknown - b.unknown, a.enrolments - b.enrolments};
  }
};

// What the core hears of its SBCs; every call comes on the signalling thread, none from inside send().
class ServerHandler {
 public:
  // Exactly one call, from the signalling thread, at once or later: the certificate, or why not.
  using Reply = std::function<void(Result<Issued, Goodbye>)>;

  virtual ~ServerHandler() = default;
  // Whether the certificate is the one in force of an SBC that exists (not deleted, not replaced).
  virtual bool is_allowed(const SiteId& site, std::string_view serial) = 0;
  // check_enrolment decides; the secret is marked as used, durably, before `reply`.
  virtual void on_enrol(const Enrol& enrol, Reply reply) = 0;
  virtual void on_renew(const SiteId& site, const std::string& request, Reply reply) = 0;
  // Unless `resumed`, all flows and streams of this SBC of before are gone.
  virtual void on_connected(const SiteId& site, const Hello& hello, bool resumed) = 0;
  // A resumption may follow; `on_expired` says that it can't any more.
  virtual void on_disconnected(const SiteId& site, Reason reason, std::string_view text) = 0;
  virtual void on_expired(const SiteId& site) = 0;
  virtual void on_frame(const SiteId& site, Frame frame) = 0;
  // What has been turned away since it was told last; see Strangers::told_every.
  virtual void on_turned_away(const TurnedAway&) {}
};

struct SbcStatus {
  SiteId site;
  bool connected = false;
  std::string address;  // of the control connection
  std::string software;
  InstanceId instance;  // of the program there
  std::vector<Lan> lans;
  WallTime since{};
  std::optional<WallTime> certificate_until;  // of the certificate that it showed last
  Duration rtt{};                             // of the control stream
  std::uint64_t bytes_sent = 0, bytes_received = 0;
  std::uint32_t phones = 0, streams = 0;  // by its own report
  std::uint32_t superseded = 0;           // how often a newer connection took over: two boxes with one identity?
  MediaStats media;
  std::uint64_t media_late = 0;  // media datagrams that were too old for the stream, or found it full
};

// The core's end: one listener for all SBCs. Signalling thread only.
class Server {
 public:
  struct Settings {
    std::vector<Endpoint> listen;
    crypto::Identity identity;  // Authority::make_server
    std::string software;
    SessionSettings session;
    // As whom its SBCs know the program; nullopt: as a new one. One that goes on with the calls of another is known as
    // it was, so that SBCs keep the streams (docs/tunnel.md, Resumption).
    std::optional<InstanceId> instance{};
    Strangers strangers{};
    Handshakes* handshakes = nullptr;  // null: TLS handshakes are worked off on the signalling thread
  };
  // Binds at once: throws std::system_error. `media`: that of each media thread (MediaLinks), which outlive the server;
  // may be empty.
  Server(boost::asio::io_context& io, Settings settings, ServerHandler& handler, std::vector<MediaLink*> media);
  ~Server();

  void start();
  // Says goodbye to all and closes.
  void stop();
  // False: unknown or not resumable at the moment, or its queue is full; nothing was queued.
  bool send(const SiteId& site, Frame frame);
  // Ends the connection and the session (revoked: the SBC was deleted).
  void disconnect(const SiteId& site, Reason reason, std::string_view text);
  // The same for the whole run, connected or not.
  MediaPeer media_peer(const SiteId& site);
  std::optional<SiteId> site_of(MediaPeer peer) const;
  std::optional<SbcStatus> status(const SiteId& site) const;
  std::vector<SbcStatus> status() const;
  TurnedAway turned_away() const;
  Endpoint local_endpoint(std::size_t index = 0) const;
  // A new server certificate, for connections from now on.
  void replace_identity(const crypto::Identity& identity);

  class Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace roamdesk::tunnel::link
