#pragma once
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "common/edge/edge.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/tls_name.hpp"
#include "common/sip_transport/sip_listeners.hpp"

namespace boost::asio {
class io_context;
}

namespace roamdesk::door {

// The core's own networks: the listeners and the edge before them. The door's near half.
class LocalNetwork {
 public:
  struct Settings {
    net::SipListeners::Settings listeners;
    std::optional<net::TlsIdentity> identity;
    edge::Edge::Settings edge;
  };
  struct Callbacks {
    std::function<void(const sip::Flow&, std::string_view)> message;
    // Of flows on which the element may have something: not of those on which no credentials were shown.
    // `why`: of a connection, in a few words; else "".
    std::function<void(const sip::Flow&, std::string_view why)> closed;
  };
  LocalNetwork(boost::asio::io_context& io, Settings settings, Callbacks callbacks);

  // Throws std::runtime_error.
  void start();
  void stop();
  // For SIP over TLS, from now on. Throws std::runtime_error.
  void use_identity(const net::TlsIdentity& identity) { listeners_.use_identity(identity); }
  // False: not one of ours.
  bool send(sip::FlowId flow, std::string_view message);
  std::optional<sip::Flow> find_or_open(const sip::FlowAddress& address, TimePoint now);
  std::optional<sip::Flow> connect(const sip::FlowAddress& address, TimePoint now);
  // To a peer that an administrator has named (element::World::dial).
  bool can_reach(sip::Transport transport, const Endpoint& peer) const;
  std::optional<sip::Flow> dial(sip::Transport transport, Endpoint peer, const std::optional<sip::TlsName>& tls,
                                TimePoint now);
  bool close(sip::FlowId flow);
  void prove(const sip::FlowAddress& address, sip::Standing standing);
  void release(const sip::FlowAddress& address);
  // Ends what is idle, a bounded number of flows; true: there are more.
  bool expire(TimePoint now);
  edge::Edge::Counters counters() const { return edge_.counters(); }
  std::size_t flows() const { return edge_.flows(); }
  std::uint64_t connections_refused() const { return listeners_.connections_refused(); }
  // Where the listener for this transport is; nullopt where there is none.
  std::optional<Endpoint> at(sip::Transport transport) const { return listeners_.at(transport); }

 private:
  void heard(const net::FlowKey& key, std::string_view message, bool to_group);
  void connection_closed(const net::FlowKey& key, std::string_view why);
  void tell_closed();
  void tell_closed(const net::FlowTable::Closed& closed, std::string_view why = {});

  boost::asio::io_context& io_;
  std::optional<net::TlsIdentity> identity_;
  Callbacks callbacks_;
  edge::Edge edge_;  // its numbers are FlowIds
  net::SipListeners listeners_;
};

}  // namespace roamdesk::door
