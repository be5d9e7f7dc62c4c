#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "common/sip/message.hpp"

// Whether a plug-and-play SUBSCRIBE came to the multicast group, and so from the phones' own network, or to the face
// itself, which hosts from elsewhere reach as well. The listener knows; whoever decides may be behind a tunnel. So the
// listener writes a header field into those that came by unicast. Who writes it himself harms nobody else.
namespace roamdesk::phones {

// The message with the field, where it is such a SUBSCRIBE; none: it is something else, to be passed on as it is.
std::optional<std::string> mark_unicast(std::string_view message);
bool came_by_unicast(const sip::Message& subscribe);

}  // namespace roamdesk::phones
