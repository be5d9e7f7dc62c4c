#pragma once
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/endpoint.hpp"
#include "common/base/secret.hpp"
#include "common/base/srtp.hpp"
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
  // nullopt if the range is used up. Every endpoint is given back exactly once. `beside`: of the leg that this one will
  // be connected with, if that has one.
  virtual std::optional<Endpoint> allocate_media(const SiteId& site, IpAddress face,
                                                 std::optional<Endpoint> beside) = 0;
  // That very port, of a call of the last process. False: it is another one's already, or none of the site's.
  virtual bool claim_media(const SiteId& site, Endpoint endpoint) = 0;
  virtual void release_media(const SiteId& site, Endpoint endpoint) = 0;
  // Whether media with `peer` (nullopt: a caller without credentials), which signals from `at`, is to be SRTP. Calls
  // see to it that keys travel over TLS alone.
  virtual Srtp srtp(const std::optional<PeerId>& peer, const sip::FlowAddress& at) = 0;
  // So many random bytes, for a key.
  virtual Secret random_bytes(std::size_t count) = 0;
  // Carried out at once, ahead of the SIP messages that the same step leaves in the transaction layer.
  virtual void media(media::Order order) = 0;

  // Whom a transfer or a diversion reaches.
  virtual Route route(const Errand& errand) = 0;
  // Whether a request in a dialog of `peer` that came over `flow`, which isn't the dialog's own, is this peer's: by the
  // address of its registration, or by its credentials. Where it isn't, it has been answered (401, 403).
  virtual bool vouches(PeerId peer, sip::ServerTx tx, const sip::Flow& flow, const sip::Message& request) = 0;
  // Whether the lamp of `number` is there for `by` to watch: then it may pick up what rings there.
  virtual bool may_watch(const Caller& by, std::string_view number) = 0;
  // The flow to a peer whose old one has closed: its registration's, or the same UDP address opened again.
  virtual std::optional<sip::Flow> reach(const std::optional<PeerId>& peer, const sip::FlowAddress& address) = 0;

  // ---- of trunks
  // A call of ours is about to go to `trunk`. Where it may, it is counted there from now on, until over().
  virtual Admission admit(PeerId trunk, const Manner& manner) = 0;
  virtual void answered(TollId toll) = 0;
  // The dialog has ended, from the outside or to it. `carried`: false where the trunk hasn't taken the call, and
  // another one is asked. Each is told once.
  virtual void over(TollId toll, bool carried) = 0;
  // Puts credentials into a request of ours that is about to go out, where a challenge was answered before (RFC 3261
  // §22.2, RFC 7616 §3.6: the next nonce count). An ACK gets its INVITE's.
  virtual void add_credentials(PeerId trunk, sip::Message& request) = 0;
  // `challenge` (401, 407) came to `request`: the request with its answer, to be sent again; calls give it its new
  // CSeq. nullopt if there is none: no credentials, or none for that realm and algorithm.
  virtual std::optional<sip::Message> answer_challenge(PeerId trunk, const sip::Message& request,
                                                       const sip::Message& challenge) = 0;
  // How `trunk` is shown that `party` is at our end of its dialog, in an answer, or a later request of it: headers, in
  // the trunk's form of numbers. `anonymous()`, for one who hides. Empty: nothing is said.
  virtual std::vector<sip::Header> identity(PeerId trunk, const Party& party) = 0;
};

}  // namespace roamdesk::calls
