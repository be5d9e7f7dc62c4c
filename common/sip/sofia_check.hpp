#pragma once
#include <string>
#include <string_view>

namespace roamdesk::sip {

// What sofia-sip's parser finds wrong with a message's header part (bounded and NUL-free by now), or "". Bodies never
// reach it: its multipart parser reads past their end (reference: sofia.md §5).
std::string sofia_objection(std::string_view head, bool is_request);

}  // namespace roamdesk::sip
