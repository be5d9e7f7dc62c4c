#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "common/http/message.hpp"

// What the head of a request must be for us to take it, where the parser isn't strict enough. Pure.
namespace roamdesk::http {

// 0, or the status with which the request is refused and the connection closed: 400 for a field value with a control
// character (RFC 9110 §5.5), for two Host fields or one that is no host (RFC 9112 §3.2), for a framing that can't be
// told (§6.1, §6.3); 501 for a transfer coding other than chunked (§6.1). `version` is 10 or 11.
unsigned fault_of_head(unsigned version, const std::vector<Field>& fields);

// A target in absolute form (RFC 9112 §3.2.2) becomes one in origin form, and its host the Host field, whatever that
// said. False: it is in no form that a request may have.
bool make_origin_form(std::string& target, std::vector<Field>& fields, std::string_view method);

}  // namespace roamdesk::http
