#include "pbx-core/operations/hep_tap.hpp"

#include <stdexcept>
#include <string>

#include "common/hep/encode.hpp"
#include "exchange/trace/redact.hpp"

namespace roamdesk::core {
namespace {

// Without what its readers could misuse. Of bodies only SDP stays: others have digits, or the address of a phone's
// file, which is its password.
std::string shown(std::string_view message) {
  std::string text = trace::redact(message);
  constexpr std::string_view end = "\r\n\r\n";
  const auto head = text.find(end);
  if (head == std::string::npos || head + end.size() == text.size()) return text;
  if (trace::header_of(text, "Content-Type", "c").starts_with("application/sdp")) return text;
  text.resize(head + end.size());
  return text += "(body taken out)\r\n";
}

}  // namespace

HepTap::HepTap(boost::asio::io_context& io, const Config::Hep& config)
    : config_(config), socket_(io, [](const auto&) {}) {
  // A collector answers nothing; whoever sends something there is heard by nobody.
  const Endpoint any{config.collector.address.is_v4() ? IpAddress{} : every_address, 0};
  if (!socket_.open(any).has_value()) throw std::runtime_error("hep: no UDP socket can be had for the collector");
}

void HepTap::received(const sip::Flow& flow, std::string_view message, WallTime at) {
  learn(flow);
  tell(flow.address.peer, flow.address.face, flow.address.transport, message, at);
}

void HepTap::sent(sip::FlowId flow, std::string_view message, WallTime at) {
  const auto known = flows_.find(flow.value());
  if (known == flows_.end()) {
    ++counts_.dropped;
    return;
  }
  tell(known->second.face, known->second.peer, known->second.transport, message, at);
}

void HepTap::tell(const Endpoint& from, const Endpoint& to, sip::Transport transport, std::string_view message,
                  WallTime at) {
  constexpr std::size_t keepalive = 4;  // RFC 5626 §3.5.1: CRLFs
  if (message.size() <= keepalive) return;
  const std::string text = shown(message);
  const auto datagram = hep::encode({.from = from,
                                     .to = to,
                                     .udp = transport == sip::Transport::udp,
                                     .at = at,
                                     .capture_id = config_.capture_id,
                                     .node = config_.node,
                                     .correlation = trace::header_of(text, "Call-ID", "i"),
                                     .text = text});
  if (!datagram.empty() && socket_.send(Endpoint{}, config_.collector, datagram))
    ++counts_.sent;
  else
    ++counts_.dropped;
}

}  // namespace roamdesk::core
