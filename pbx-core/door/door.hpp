#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/secret.hpp"
#include "common/crypto/certificate.hpp"
#include "common/edge/edge.hpp"
#include "common/http/message.hpp"
#include "common/media_orders/plane.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/standing.hpp"
#include "common/sip/tls_name.hpp"
#include "common/sip_transport/sip_streams.hpp"
#include "common/tunnel/link/media_link.hpp"
#include "common/tunnel/link/server.hpp"
#include "common/tunnel/session.hpp"
#include "exchange/door/front.hpp"
#include "pbx-core/door/door_handler.hpp"
#include "pbx-core/door/sbc_port.hpp"

namespace boost::asio {
class io_context;
}
namespace roamdesk {
class Handshakes;
}

namespace roamdesk::door {

// What the core's own networks take. More than a branch: no line is in between, and there may be ten times the phones;
// one address may stand for many of them (a router).
edge::Edge::Settings local_edge();

struct DoorSettings {
  // The core's own networks; nullopt: no listener. Port 0: any (tests).
  std::optional<Endpoint> udp, tcp, tls;
  std::optional<Endpoint> ntp;                    // where the time is told; others open it
  std::optional<net::TlsIdentity> sips_identity;  // for `tls`
  std::optional<Endpoint> pnp_group;              // 224.0.1.75:5060
  std::vector<IpAddress> pnp_interfaces;
  // What Front says of them where a listener is on 0.0.0.0: the phone's own view (face) is used if there is one, else
  // this.
  IpAddress advertise;
  std::uint16_t provisioning_port = 5000;
  std::optional<Endpoint> https;  // provisioning over TLS with a certificate of the authority; others open it
  PortRange rtp{10000, 19999};

  std::filesystem::path contents;  // the folder of what answers name by its hash

  std::vector<Endpoint> tunnel;
  std::vector<std::string> server_names = {"core.roamdesk"};  // in the tunnel's certificate; what SBCs look for
  std::string software = "pbx-core " ROAMDESK_VERSION;
  tunnel::SessionSettings session;
  std::optional<tunnel::InstanceId> instance{};  // as in tunnel::link::Server
  Handshakes* handshakes = nullptr;              // where TLS handshakes are worked off; null: on the signalling thread

  edge::Edge::Settings edge = local_edge();
  std::chrono::hours certificate_lifetime{24 * 90};  // of an SBC's; it renews at two thirds
  std::function<WallTime()> wall_now;                // empty: the system's clock
};

// The one door (docs/architecture.md, "The one idea"): phones beside the core and phones behind SBCs, through the same
// functions. Signalling thread only. The handler isn't called from inside these functions, but by handle_http().
class Door : public SbcPort, public media::Plane {
 public:
  // `media` may be null and `media_links` (one for each media thread) empty, in tests without media; both outlive the
  // door, and so does `handler`.
  Door(boost::asio::io_context& io, DoorSettings settings, crypto::Authority authority, DoorHandler& handler,
       media::Plane* media, std::vector<tunnel::link::MediaLink*> media_links);
  ~Door() override;
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  // Binds everything: throws std::runtime_error with a sentence that names the address.
  void start();
  void stop();

  // For SIP over TLS, from now on. Throws std::runtime_error, and changes nothing then.
  void use_sips_identity(const net::TlsIdentity& identity);

  // Sends one message. Nothing happens where the flow is gone: on_flow_closed told it or will.
  void send(sip::FlowId flow, std::string_view message);
  // The flow of a stored binding: open already, or opened again (UDP only). nullopt: its connection is gone, its SBC is
  // away, or the face isn't one of the site's.
  std::optional<sip::Flow> find_or_open(const sip::FlowAddress& address);
  // element::World
  std::optional<sip::Flow> connect(const sip::FlowAddress& address);
  // element::World; behind an SBC over UDP and TCP.
  std::optional<sip::Flow> dial(const SiteId& site, sip::Transport transport, Endpoint peer,
                                const std::optional<sip::TlsName>& tls);
  // Whether the core itself has a socket for a peer of this family, and a way to it; nothing is sent.
  bool can_reach(sip::Transport transport, const Endpoint& peer) const;
  // What the element knows of who is there (element::World); nothing happens where there is no such flow.
  void prove(const sip::FlowAddress& flow, sip::Standing standing);
  void release(const sip::FlowAddress& flow);
  // Closes a flow from our side (a connection that misbehaves).
  void close(sip::FlowId flow);

  // A request for a phone's file at a listener of the core's own: on_http gets it at once.
  void handle_http(const http::Request& request, http::Respond respond);

  void order(const media::Order& order) override;
  // The peer of the tunnel to and from which the packets of this site's streams travel; nullopt: from and to sockets.
  std::optional<tunnel::link::MediaPeer> media_peer(const SiteId& site) const;
  // What the core's own media plane reports; on_media follows where it concerns signalling.
  void handle_engine_event(const media::Event& event);

  // `at`: which of the site's addresses; nullopt: its first. nullopt while an SBC has never told its LANs.
  std::optional<Front> front(const SiteId& site, std::optional<IpAddress> at = std::nullopt) const;

  // What the core's own networks took and dropped, since the start.
  struct LocalSip {
    edge::Edge::Counters messages;
    std::size_t flows = 0;
    std::uint64_t connections_refused = 0;
  };
  LocalSip local_sip() const;
  std::vector<SbcInfo> sbcs() const;
  // Connections to the tunnel's port that ended before it was known which SBC they were from, since the start.
  tunnel::link::TurnedAway turned_away() const;
  std::optional<SbcInfo> sbc(const std::string& name) const override;
  void kick(const std::string& name) override;
  void update(const std::string& name, tunnel::UpdateOrder order) override;
  void configure(const Sbc& record) override;
  void report(const std::string& name, tunnel::ReportOrder order, Reported done) override;
  void restart(const std::string& name, tunnel::RestartOrder order, Restarted done) override;
  Secret make_enrolment_key(Sbc& record) const override;

  // Where we really listen (port 0 in the settings): for the log and tests.
  std::optional<Endpoint> udp() const;
  std::optional<Endpoint> tcp() const;
  std::optional<Endpoint> tls() const;
  Endpoint tunnel(std::size_t index = 0) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace roamdesk::door
