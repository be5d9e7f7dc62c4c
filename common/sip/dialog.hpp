#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/sip/flow.hpp"
#include "common/sip/message.hpp"

namespace roamdesk::sip {

// RFC 3261 §12: what names a dialog, from our side.
struct DialogId {
  std::string call_id, local_tag, remote_tag;
  friend auto operator<=>(const DialogId&, const DialogId&) = default;
};
// The dialog that a request from the peer, or a response to a request of ours, belongs to.
DialogId dialog_of_request(const Message& request);
DialogId dialog_of_response(const Message& response);

// A dialog's state, a value (RFC 3261 §12.1). Nothing is sent from here: the caller gives messages to the transaction
// layer on `flow`.
struct Dialog {
  DialogId id;
  Flow flow;
  NameAddr local, remote;       // with their tags
  Uri target;                   // the peer's Contact, as it came
  std::vector<NameAddr> route;  // the route set, in the order in which it is written
  std::uint32_t local_cseq = 0;
  std::optional<std::uint32_t> remote_cseq;
  bool early = true;

  // §12.1.1: we answered `request` with `response` (101..299, with our To tag). nullopt where `request` has no usable
  // Contact.
  static std::optional<Dialog> as_uas(const Flow& flow, const Message& request, const Message& response);
  // §12.1.2: `response` (101..299) came to our `request`. nullopt without a To tag; without a Contact (an early answer)
  // the target is the Request-URI.
  static std::optional<Dialog> as_uac(const Flow& flow, const Message& request, const Message& response);

  // A 2xx to the request that made this early dialog: route set and target are computed anew (§13.2.2.4).
  void confirm(const Message& response);
  // §12.2.2: false where the request is older than what was seen: 500. Equal numbers (a challenged request sent again
  // has a higher one) are out of order too; ACK and CANCEL have the INVITE's and aren't judged.
  bool accept_sequence(const Message& request);
  // Target refresh (§12.2: re-INVITE, UPDATE, SUBSCRIBE, NOTIFY and their 2xx): takes the Contact, where there is one.
  void refresh_target(const Message& message);

  // §12.2.1.1: the next request in the dialog, with a new CSeq; Via and Max-Forwards are the transaction layer's.
  Message make_request(std::string_view method);
  // §13.2.2.4: the ACK of a 2xx to the INVITE with that CSeq.
  Message make_ack(std::uint32_t invite_cseq) const;

  friend bool operator==(const Dialog&, const Dialog&) = default;

 private:
  Message request_with(std::string_view method, std::uint32_t cseq) const;
};

}  // namespace roamdesk::sip

template <>
struct std::hash<roamdesk::sip::DialogId> {
  std::size_t operator()(const roamdesk::sip::DialogId& id) const {
    const std::hash<std::string> hash;
    return hash(id.call_id) ^ (hash(id.local_tag) * 31) ^ (hash(id.remote_tag) * 1009);
  }
};
