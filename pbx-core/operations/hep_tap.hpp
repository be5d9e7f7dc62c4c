#pragma once
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "common/net/udp_socket.hpp"
#include "common/sip/flow.hpp"
#include "pbx-core/config.hpp"

namespace roamdesk::core {

// What the core hears and says by SIP, its own phones', trunks' and those of SBCs, to a Homer collector over UDP
// (docs/core.md, 10). Without credentials, keys, dialled digits (trace::redact) and bodies but SDP. What the kernel has
// no room for, and what fits into no datagram, is dropped and counted: nothing ever waits for a collector. Signalling
// thread.
class HepTap {
 public:
  struct Counts {
    std::uint64_t sent = 0, dropped = 0;
  };
  // Throws std::runtime_error where there is no socket.
  HepTap(boost::asio::io_context& io, const Config::Hep& config);

  // A flow that is used from now on, until closed().
  void learn(const sip::Flow& flow) { flows_.insert_or_assign(flow.id.value(), flow.address); }
  void closed(const sip::Flow& flow) { flows_.erase(flow.id.value()); }
  void received(const sip::Flow& flow, std::string_view message, WallTime at);
  // On a flow that was learnt; else it is dropped.
  void sent(sip::FlowId flow, std::string_view message, WallTime at);
  Counts counts() const { return counts_; }

 private:
  void tell(const Endpoint& from, const Endpoint& to, sip::Transport transport, std::string_view message, WallTime at);

  const Config::Hep config_;
  net::UdpSocket socket_;
  std::unordered_map<std::uint64_t, sip::FlowAddress> flows_;
  Counts counts_;
};

}  // namespace roamdesk::core
