#pragma once
#include <string_view>

// What a request's fields say of the representation that it wants. Pure.
namespace roamdesk::http {

// How much `accept_encoding` (RFC 9110 §12.5.3) likes a content coding: 0 (refused) to 1000. Empty: identity only.
int weight_of(std::string_view coding, std::string_view accept_encoding);

// Whether `if_none_match` (RFC 9110 §13.1.2) names `tag` (with its quotes), or is "*". The comparison is weak.
bool has_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace roamdesk::http
