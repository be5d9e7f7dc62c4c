#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "common/net/multicast.hpp"
#include "common/net/udp_socket.hpp"
#include "common/sip/flow_table.hpp"
#include "common/sip_transport/sip_streams.hpp"
#include "sbc/config.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::sbc {

// SIP on every network of the branch: UDP, TCP, TLS and plug-and-play. What comes is named by its flow key; nothing is
// judged here (that is the edge's).
class SipListeners {
 public:
  struct Callbacks {
    std::function<void(const net::FlowKey&, std::string_view message)> message;
    std::function<void(const net::FlowKey&)> closed;  // a connection ended
    std::function<bool(Ipv4)> is_home;                // a phone is registered from there
  };
  // `pnp_group`: 224.0.1.75:5060, another one in tests.
  // `handshakes`: where TLS handshakes are worked off; null: on this thread.
  SipListeners(boost::asio::io_context& io, std::vector<LanConfig> lans, Endpoint pnp_group, Callbacks callbacks,
               Handshakes* handshakes);

  // Throws std::runtime_error naming the address. `identity` is for SIP over TLS.
  void start(const std::optional<net::TlsIdentity>& identity);
  void stop();
  // False: no such socket or connection.
  bool send(const net::FlowKey& key, std::string_view message);
  void close(const net::FlowKey& key);
  // TCP: a connection from the face to the phone, unless it is there; `closed` says where it can't be had. False: not a
  // face of ours, or no room.
  bool connect(const net::FlowKey& key);
  // Somebody has shown credentials there: a connection gives way to nobody.
  void prove(const net::FlowKey& key);
  std::uint64_t connections_refused() const { return connections_refused_; }
  // Where the core may open flows.
  std::vector<Endpoint> faces() const;

 private:
  struct Listener {
    net::SipStreams* streams = nullptr;
    std::map<net::ConnectionId, net::FlowKey> key_of;
  };
  struct Connected {
    net::SipStreams* streams = nullptr;
    net::ConnectionId connection;
  };
  // What came to the face itself, not to the plug-and-play group.
  void pass_on(const net::FlowKey& key, std::string_view message);
  void start_lan(const LanConfig& lan, const std::optional<net::TlsIdentity>& identity);
  void listen(Endpoint address, sip::Transport transport, const std::optional<net::TlsIdentity>& identity);

  boost::asio::io_context& io_;
  std::vector<LanConfig> lans_;
  Endpoint pnp_group_;
  Callbacks callbacks_;
  Handshakes* handshakes_;
  std::uint64_t connections_refused_ = 0;
  std::map<Endpoint, std::unique_ptr<net::UdpSocket>> udp_;
  std::vector<std::unique_ptr<net::SipStreams>> streams_;
  std::map<Endpoint, std::shared_ptr<Listener>> tcp_;
  std::unique_ptr<net::MulticastListener> pnp_;
  std::map<net::FlowKey, Connected> connections_;
};

}  // namespace roamdesk::sbc
