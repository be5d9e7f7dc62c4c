#pragma once
#include <functional>
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
  // Tells it the record's wishes for its settings. Nothing happens where it isn't connected (it is told when it comes)
  // or doesn't know of such; what is then in force is in SbcInfo.
  virtual void configure(const Sbc& record) = 0;
  // Asks it for its log, or a diagnosis. `done`, once: its bytes, or why there are none, in words.
  using Reported = std::function<void(std::optional<std::string> bytes, std::string why)>;
  virtual void report(const std::string& name, tunnel::ReportOrder order, Reported done) = 0;
  // Asks it to restart. `done`, once: "" where it does so, else why not, in words.
  using Restarted = std::function<void(std::string why)>;
  virtual void restart(const std::string& name, tunnel::RestartOrder order, Restarted done) = 0;
  // A new one-time key (contract §2: good for 24 h) into `record`, which the caller stores before it shows the key.
  virtual Secret make_enrolment_key(Sbc& record) const = 0;
};

}  // namespace roamdesk::door
