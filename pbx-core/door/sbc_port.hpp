#pragma once
#include <optional>
#include <string>

#include "common/base/secret.hpp"
#include "exchange/model/records.hpp"
#include "pbx-core/door/sbc_info.hpp"

namespace roamdesk::door {

// What the administration asks of the door: the SBCs there are, their keys and their end.
class SbcPort {
 public:
  virtual ~SbcPort() = default;
  virtual std::optional<SbcInfo> sbc(const std::string& name) const = 0;
  // Ends the connection and the session of an SBC that was deleted or whose certificate is no longer good. What makes
  // it stay away is find_sbc: none, or another serial.
  virtual void kick(const std::string& name) = 0;
  // Asks it to update. Nothing happens where it isn't connected; what becomes of it is in SbcInfo.
  virtual void update(const std::string& name, tunnel::UpdateOrder order) = 0;
  // A new one-time key (contract §2: good for 24 h) into `record`, which the caller stores before it shows the key.
  virtual Secret make_enrolment_key(Sbc& record) const = 0;
};

}  // namespace roamdesk::door
