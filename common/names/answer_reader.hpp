#pragma once
#include <cstdint>
#include <span>

#include "common/names/records.hpp"

namespace roamdesk::names {

// The SRV or NAPTR records in a DNS message (RFC 1035 §4) that answers `question`, with the least TTL of the aliases
// that led to them. Records whose names can't be host names are left out, and so are those over most_records.
// bad_answer also for a message that answers something else.
Answer read_answer(const Question& question, std::span<const std::uint8_t> message);

}  // namespace roamdesk::names
