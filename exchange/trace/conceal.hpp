#pragma once
#include "exchange/trace/trace.hpp"

namespace roamdesk::trace {

// The messages without what names their dialogs and transactions: Call-IDs, tags and branches are stand-ins
// ("call-id-1", "tag-2", "branch-3"), the same for the same one throughout, so that the ladder still shows what belongs
// together; wherever else they stand (Replaces, Refer-To, RAck, …) too.
Transcript conceal(Transcript transcript);

}  // namespace roamdesk::trace
