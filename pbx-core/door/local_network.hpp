#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/edge/edge.hpp"
#include "common/net/multicast.hpp"
#include "common/net/udp_socket.hpp"
#include "common/sip/flow.hpp"
#include "common/sip_transport/sip_streams.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::door {

// The core's own networks: SIP over UDP, TCP and TLS, and PnP. The door's near half.
class LocalNetwork {
 public:
  struct Settings {
    std::optional<Endpoint> udp, tcp, tls;
    std::optional<net::TlsIdentity> identity;
    std::optional<Endpoint> pnp_group;
    std::vector<Ipv4> pnp_interfaces;
    edge::Edge::Settings edge;
    Handshakes* handshakes = nullptr;  // null: on this thread
  };
  struct Callbacks {
    std::function<void(const sip::Flow&, std::string_view)> message;
    // Of flows on which the element may have something: not of those that nobody has shown credentials on.
    std::function<void(const sip::Flow&)> closed;
  };
  LocalNetwork(boost::asio::io_context& io, Settings settings, Callbacks callbacks);

  // Throws std::runtime_error.
  void start();
  void stop();
  // False: not one of ours.
  bool send(sip::FlowId flow, std::string_view message);
  std::optional<sip::Flow> find_or_open(const sip::FlowAddress& address, TimePoint now);
  std::optional<sip::Flow> connect(const sip::FlowAddress& address, TimePoint now);
  bool close(sip::FlowId flow);
  void prove(const sip::FlowAddress& address, sip::Standing standing);
  void release(const sip::FlowAddress& address);
  // Ends what is idle, a bounded number of flows; true: there are more.
  bool expire(TimePoint now);
  edge::Edge::Counters counters() const { return edge_.counters(); }
  std::size_t flows() const { return edge_.flows(); }
  std::uint64_t connections_refused() const { return connections_refused_; }

  const std::optional<Endpoint>& udp() const { return udp_at_; }
  const std::optional<Endpoint>& tcp() const { return tcp_at_; }
  const std::optional<Endpoint>& tls() const { return tls_at_; }

 private:
  struct Connected {
    net::ConnectionId connection;
    bool tls = false;
  };
  void stay(std::uint64_t flow);
  void handle_datagram(const net::Datagram& datagram, bool to_group);
  // What came to the face itself, not to the plug-and-play group.
  void pass_on(const sip::Flow& flow, std::string_view message);
  void tell_closed();
  std::unique_ptr<net::SipStreams> make_streams(bool tls);
  void opened(net::ConnectionId connection, bool tls, Endpoint local, Endpoint peer);
  void add(std::uint64_t flow, net::ConnectionId connection, bool tls);
  // Its flow, where it had one.
  std::optional<net::FlowTable::Closed> forget(net::ConnectionId connection, bool tls);
  void tell_closed(const net::FlowTable::Closed& closed);
  static sip::Flow flow_of(std::uint64_t id, const net::FlowKey& key);

  boost::asio::io_context& io_;
  Settings settings_;
  Callbacks callbacks_;
  edge::Edge edge_;  // its numbers are FlowIds
  std::uint64_t connections_refused_ = 0;
  std::unordered_map<std::uint64_t, Connected> connections_;
  std::unordered_map<net::ConnectionId, std::uint64_t> flow_of_tcp_, flow_of_tls_;
  std::optional<Endpoint> udp_at_, tcp_at_, tls_at_;
  std::unique_ptr<net::UdpSocket> udp_;
  std::unique_ptr<net::MulticastListener> pnp_;
  std::unique_ptr<net::SipStreams> tcp_, tls_;
};

}  // namespace roamdesk::door
