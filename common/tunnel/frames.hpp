#pragma once
#include "common/tunnel/frames_connection.hpp"
#include "common/tunnel/frames_http.hpp"
#include "common/tunnel/frames_operation.hpp"
#include "common/tunnel/frames_sip.hpp"
#include "common/tunnel/frames_streams.hpp"
#include "common/tunnel/frames_update.hpp"

namespace roamdesk::tunnel {

// The control stream's frames (docs/tunnel.md §3), each with its trait. The session refuses those that aren't the
// sender's to send.
using Frame = decltype(ConnectionFrames{} + SipFrames{} + HttpFrames{} + StreamsFrames{} + UpdateFrames{} +
                       OperationFrames{})::Variant;

}  // namespace roamdesk::tunnel
