#pragma once
#include <string>
#include <vector>

#include "common/phones/words.hpp"

namespace roamdesk::provisioning {

// The ones that an administrator chose ("PCMA", "opus"), in that order, without unknown and repeated ones; pcma, pcmu,
// g722 where none is left.
std::vector<phones::CodecName> codecs_of(const std::vector<std::string>& wanted);

}  // namespace roamdesk::provisioning
