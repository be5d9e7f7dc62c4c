#pragma once
#include "common/http/message.hpp"
#include "pbx-core/door/contents.hpp"
#include "pbx-core/door/door_handler.hpp"

namespace roamdesk::door {

// A request at a listener of the core's own, in the form in which a branch's arrives as well; `respond` gets what the
// handler says. Signalling thread.
void handle_local_http(const http::Request& request, http::Respond respond, DoorHandler& handler, Contents& contents);

}  // namespace roamdesk::door
