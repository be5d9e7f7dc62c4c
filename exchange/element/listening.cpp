#include "exchange/element/listening.hpp"

#include "common/sip/message.hpp"
#include "common/sip/text.hpp"

namespace roamdesk::element {

std::optional<sip::FlowAddress> listening_address(const sip::FlowAddress& registered, std::string_view contact) {
  if (registered.transport != sip::Transport::tcp) return std::nullopt;
  const auto uri = sip::parse_uri(contact);
  if (!uri || !sip::equal_ignoring_case(uri->scheme, "sip")) return std::nullopt;
  // Phones that name none over TCP mean TCP.
  if (const auto transport = uri->params.find("transport"); transport && !sip::equal_ignoring_case(*transport, "tcp"))
    return std::nullopt;
  auto address = registered;
  address.peer.port = uri->port != 0 ? uri->port : 5060;
  return address;
}

}  // namespace roamdesk::element
