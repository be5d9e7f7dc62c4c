#pragma once
#include <string>
#include <string_view>

namespace roamdesk::sip {

// What sofia-sip's parser finds wrong with a request's header part (bounded and without control characters by now), or
// "". Bodies never reach it: its multipart parser reads past their end (reference: sofia.md §5).
std::string sofia_objection(std::string_view head);

}  // namespace roamdesk::sip
