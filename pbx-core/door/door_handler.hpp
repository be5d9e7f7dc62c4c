#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/media_orders/orders.hpp"
#include "common/sip/flow.hpp"
#include "exchange/door/http.hpp"
#include "exchange/model/records.hpp"
#include "pbx-core/door/sbc_info.hpp"

namespace roamdesk::door {

// What the core hears through the door, on the signalling thread; never from inside a call of the Door.
class DoorHandler {
 public:
  virtual ~DoorHandler() = default;
  // One datagram, or one whole message of a stream. Guards and parser are the callee's.
  virtual void on_sip(const sip::Flow& flow, std::string_view message) = 0;
  // A connection ended, a UDP flow was idle for too long, or its SBC lost its session. A UDP flow may be had again by
  // find_or_open. Nothing is told of flows of the core's own networks without credentials. `why`: of a connection, in a
  // few words; "" where that isn't known.
  virtual void on_flow_closed(const sip::Flow& flow, std::string_view why) = 0;
  // From the core's own networks and from SBCs alike.
  virtual void on_http(HttpRequest request, HttpReply reply) = 0;
  virtual void on_media(const media::Event& event) = 0;
  // Connected (flows may be opened now), or gone (`why` in words). `fresh`: nothing of before was resumed.
  virtual void on_sbc_connected(const std::string& name, bool fresh) = 0;
  virtual void on_sbc_disconnected(const std::string& name, const std::string& why) = 0;

  // The records of the SBCs. `done(true)`: it is durable.
  virtual std::optional<Sbc> find_sbc(const std::string& name) const = 0;
  virtual void store_sbc(Sbc record, std::function<void(bool ok)> done) = 0;
};

}  // namespace roamdesk::door
