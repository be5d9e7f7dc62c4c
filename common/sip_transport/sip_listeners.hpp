#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/net/multicast.hpp"
#include "common/net/udp_socket.hpp"
#include "common/sip/flow_table.hpp"
#include "common/sip_transport/sip_streams.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::net {

// Where phones reach us on one network; on 0.0.0.0, on all of IPv4 that this machine has; on ::, on all.
struct SipNetwork {
  std::optional<Endpoint> udp, tcp, tls;  // nullopt: no listener; port 0: any (tests)
  // Addresses of the interfaces on which plug-and-play is heard; its answers leave from `udp`.
  std::vector<IpAddress> pnp;
};

// SIP over UDP, TCP, TLS and plug-and-play on a program's own networks: the core's and a branch's. What comes is named
// by its flow key, whose face is a concrete address also where the listener is on 0.0.0.0 or ::. Nothing is judged here
// (that is the edge's). One thread.
class SipListeners {
 public:
  struct Settings {
    std::vector<SipNetwork> networks;
    Endpoint pnp_group{{0xe000014b}, 5060};  // 224.0.1.75
    StreamLimits limits;                     // of each listener for TCP or TLS
    Handshakes* handshakes = nullptr;        // where TLS handshakes are worked off; null: on this thread
  };
  struct Callbacks {
    // `to_group`: to the plug-and-play group, not to the face itself.
    std::function<void(const FlowKey&, std::string_view message, bool to_group)> message;
    std::function<void(const FlowKey&)> opened;  // a client has connected; may be empty
    // A connection ended, and why in a few words; never from inside send() or connect().
    std::function<void(const FlowKey&, std::string_view why)> closed;
    std::function<bool(IpAddress)> is_home;  // a phone is registered from there
  };
  SipListeners(boost::asio::io_context& io, Settings settings, Callbacks callbacks);

  // `identity` is for SIP over TLS; without it nothing listens for that. Throws std::runtime_error naming the address.
  void start(const std::optional<TlsIdentity>& identity);
  // Another one for SIP over TLS, from now on. Throws std::runtime_error, and changes nothing then.
  void use_identity(const TlsIdentity& identity);
  // DSCP of what leaves, 0..63: over UDP from now on, over TCP and TLS of the connections that are made from now on.
  void mark(int dscp);
  // Closes everything; no callbacks after it.
  void stop();
  // False: no such socket or connection, or it takes nothing more.
  bool send(const FlowKey& key, std::string_view message);
  // Ends a connection; `closed` is called from inside.
  void close(const FlowKey& key);
  // TCP: a connection from the face to the peer, unless it is there; `closed` says where it can't be had. False: not a
  // face of ours, another transport, or no room.
  bool connect(const FlowKey& key);
  // To a peer that an administrator has named: over UDP from the first socket that
  // serves its family; over TCP, or TLS to `tls`, a connection
  // that is there or begun now. Its face is the address of ours from which it is reached, and the port where we listen
  // for this transport, else the transport's own. nullopt: no such socket, no way to the peer, or no room.
  std::optional<FlowKey> dial(sip::Transport transport, const Endpoint& peer, const std::optional<TlsPeer>& tls);
  // Whether there is a socket for it and a way to it; nothing is sent.
  bool can_reach(sip::Transport transport, const Endpoint& peer) const;
  // Credentials have been shown there: a connection gives way to no other.
  void prove(const FlowKey& key);
  // Whether a listener of ours for this transport has this face.
  bool is_face(sip::Transport transport, const Endpoint& face) const;
  // Those for UDP, as they were opened: where flows may be opened from our side.
  std::vector<Endpoint> faces() const;
  // Where the first listener for this transport really is; nullopt where there is none.
  std::optional<Endpoint> at(sip::Transport transport) const;
  std::uint64_t connections_refused() const { return connections_refused_; }

 private:
  struct Udp {
    Endpoint at;
    std::unique_ptr<UdpSocket> socket;
  };
  struct Listener {
    sip::Transport transport{};
    Endpoint at;
    bool listens = true;  // else it was made to connect only
    std::unique_ptr<SipStreams> streams;
    std::unordered_map<ConnectionId, FlowKey> key_of;
  };
  struct Connected {
    SipStreams* streams = nullptr;
    ConnectionId connection;
  };
  void hear_group(const Datagram& datagram);
  Endpoint open_udp(Endpoint address);
  void listen(Endpoint address, sip::Transport transport, const std::optional<TlsIdentity>& identity);
  void opened(Listener& listener, ConnectionId connection, const FlowKey& key);
  void closed(Listener& listener, ConnectionId connection, std::string_view why);
  std::unique_ptr<SipStreams> make_streams(Listener& listener);
  Listener& connecting_listener(sip::Transport transport, IpAddress peer);
  const Udp* udp_at(const Endpoint& face) const;
  Listener* tcp_at(const Endpoint& face) const;

  boost::asio::io_context& io_;
  Settings settings_;
  Callbacks callbacks_;
  int dscp_ = 0;
  std::uint64_t connections_refused_ = 0;
  std::vector<Udp> udp_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::map<FlowKey, Connected> connections_;
  std::map<IpAddress, Endpoint> pnp_faces_;  // by the interface's address
  std::unique_ptr<MulticastListener> pnp_;
};

}  // namespace roamdesk::net
