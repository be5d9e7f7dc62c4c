#pragma once
#include <cstdint>
#include <string>

#include "common/base/endpoint.hpp"
#include "common/base/ids.hpp"
#include "common/sip/standing.hpp"
#include "common/tunnel/frame_trait.hpp"

// SIP, by flows.
namespace roamdesk::tunnel {

// Numbers a flow in a session: odd from the core, even from the SBC; 0 is none; never reused within the session.
using FlowNumber = Strong<struct FlowNumberTag, std::uint32_t>;

enum class Transport : std::uint8_t { udp = 1, tcp = 2, tls = 3 };

// From now on `flow` names this connection, or this UDP address. SIP PnP comes as a UDP flow whose face is the LAN's
// SIP address and port.
struct FlowOpen {
  static constexpr FrameTrait trait{32, "flow_open", Sender::both, FrameClass::signalling};

  FlowNumber flow;
  Transport transport = Transport::udp;
  Endpoint face, peer;
  static void fields(auto& archive, auto& frame) {
    archive.strong(frame.flow);
    archive.enumeration(frame.transport, Transport::udp, Transport::tls);
    archive.endpoint(frame.face);
    archive.endpoint(frame.peer);
  }
  friend bool operator==(const FlowOpen&, const FlowOpen&) = default;
};

struct FlowClose {
  static constexpr FrameTrait trait{33, "flow_close", Sender::both, FrameClass::signalling};

  FlowNumber flow;
  static void fields(auto& archive, auto& frame) { archive.strong(frame.flow); }
  friend bool operator==(const FlowClose&, const FlowClose&) = default;
};

// What the core knows of the phone at a flow; said where it changes. The SBC decides by it which flows to keep and to
// hear.
struct FlowStanding {
  static constexpr FrameTrait trait{35, "flow_standing", Sender::core, FrameClass::signalling};

  FlowNumber flow;
  sip::Standing standing = sip::Standing::unproven;
  static void fields(auto& archive, auto& frame) {
    archive.strong(frame.flow);
    archive.enumeration(frame.standing, sip::Standing::unproven, sip::Standing::peer);
  }
  friend bool operator==(const FlowStanding&, const FlowStanding&) = default;
};

struct Sip {
  static constexpr FrameTrait trait{34, "sip", Sender::both, FrameClass::signalling};

  FlowNumber flow;
  std::string message;  // one whole message, at most 65,535 bytes
  static void fields(auto& archive, auto& frame) {
    archive.strong(frame.flow);
    archive.text(frame.message, max_sip_message);
  }
  friend bool operator==(const Sip&, const Sip&) = default;
};

using SipFrames = FrameList<FlowOpen, FlowClose, FlowStanding, Sip>;

}  // namespace roamdesk::tunnel
