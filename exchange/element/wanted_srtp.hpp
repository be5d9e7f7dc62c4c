#pragma once
#include <optional>

#include "common/base/srtp.hpp"
#include "exchange/element/context.hpp"

namespace roamdesk::element {

// Whether media of a phone is to be SRTP: its desk's option, or its own where it is a dedicated one; else its site's;
// else the setting. nullopt: a phone that isn't known.
Srtp wanted_srtp(const Context& context, const std::optional<Mac>& phone, const SiteId& site);

}  // namespace roamdesk::element
