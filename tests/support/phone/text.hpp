#pragma once
#include <string>
#include <string_view>
#include <vector>

// How a phone reads SIP: it looks into the text as it came, and copies nothing. What isn't there is empty; what isn't
// well-formed is read as far as it goes.
namespace roamdesk::phone {

// Of a message
int status_of(std::string_view message);                    // 0 for a request
std::string_view method_of(std::string_view message);       // of a response: its CSeq's
std::string_view request_uri_of(std::string_view message);  // of a request
// The value of the first header of this name, or of its short form (RFC 3261 §7.3.3).
std::string_view header(std::string_view message, std::string_view name);
// The values of all headers of this name, one for each line.
std::vector<std::string_view> headers(std::string_view message, std::string_view name);
// Whether a header that is a list of tokens (Require, Supported, Allow) has this one.
bool lists(std::string_view message, std::string_view name, std::string_view token);
std::string_view body_of(std::string_view message);
std::string_view branch_of(std::string_view message);  // of the topmost Via
std::string_view cseq_of(std::string_view message);    // the number

// Of a header's value
// `name=value` or `name="value"`, behind a semicolon, a comma or a blank: tag, branch, expires, nonce.
std::string_view parameter(std::string_view value, std::string_view name);
std::string_view tag_of(std::string_view name_addr);       // of From or To
std::string_view uri_of(std::string_view name_addr);       // between < and >, or up to the first parameter
std::string_view user_of(std::string_view uri_or_header);  // of a sip: URI

bool same(std::string_view a, std::string_view b);  // but for the case of ASCII letters

}  // namespace roamdesk::phone
