#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "common/sip/message.hpp"

// Whether a plug-and-play SUBSCRIBE came to the multicast group, and so from the phones' own network, or to the face
// itself, which hosts from elsewhere reach as well. The listener knows; the decision may be made behind a tunnel. So
// the listener writes a header field into those that came by unicast. A phone that writes it by itself harms only
// itself.
namespace roamdesk::phones {

// The message with the field; nullopt if it isn't such a SUBSCRIBE, and is to be passed on as it is.
std::optional<std::string> mark_unicast(std::string_view message);
bool came_by_unicast(const sip::Message& subscribe);

}  // namespace roamdesk::phones
