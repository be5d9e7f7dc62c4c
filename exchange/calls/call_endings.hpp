#pragma once
#include <string>

#include "common/sip/message.hpp"
#include "exchange/calls/leg_id.hpp"

namespace roamdesk::calls {

// How a part of calls ends a call that it has no further use for. Nothing for a call that is over.
class CallEndings {
 public:
  // All its legs end. `status`: why; `reason`: Reason of the BYEs and CANCELs, "" to say what the status says.
  virtual void end_call(Serial call, int status, const std::string& reason) = 0;
  // The caller hears how it ended, and no phone rings any more. `like`: the response that it hears, nullptr for none.
  virtual void give_up(Serial call, int status, const sip::Message* like, const std::string& reason) = 0;

 protected:
  ~CallEndings() = default;
};

}  // namespace roamdesk::calls
