#pragma once
#include <optional>
#include <string_view>

#include "common/base/endpoint.hpp"
#include "common/media_orders/orders.hpp"
#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"
#include "common/sip/transaction_layer.hpp"
#include "exchange/calls/types.hpp"

namespace roamdesk::calls {

// What the engine asks of its surroundings; pure as well. No function may call the engine back.
class Host {
 public:
  virtual ~Host() = default;

  // An even RTP port at `face` (the IP under which the site's phones see us); the one above is RTCP's.
  // nullopt if the range is used up. Every endpoint is given back exactly once.
  virtual std::optional<Endpoint> allocate_media(const SiteId& site, Ipv4 face) = 0;
  virtual void release_media(const SiteId& site, Endpoint endpoint) = 0;
  // Carried out at once, ahead of the SIP messages that the same step leaves in the transaction layer.
  virtual void media(media::Order order) = 0;

  // Whom a transfer (REFER, 3xx) by `by` to `user` (as on the wire) reaches, with the rights of `by`.
  virtual Route route(const Caller& by, std::string_view user) = 0;
  // Whether a request in a dialog of `peer` that came over `flow`, which isn't the dialog's own, is this peer's: by the
  // address of its registration, or by its credentials. Where it isn't, it has been answered (401, 403).
  virtual bool vouches(PeerId peer, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) = 0;
  // Whether the lamp of `number` is there for `by` to watch: then it may pick up what rings there.
  virtual bool may_watch(const Caller& by, std::string_view number) = 0;
  // The flow to a peer whose old one has closed: its registration's, or the same UDP address opened again.
  virtual std::optional<sip::Flow> reach(const std::optional<PeerId>& peer, const sip::FlowAddress& address) = 0;
};

}  // namespace roamdesk::calls
