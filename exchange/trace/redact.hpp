#pragma once
#include <string>
#include <string_view>

namespace roamdesk::trace {

// A SIP message without what its readers could misuse: the values of Authorization, Proxy-Authorization and their
// answers, the key of each a=crypto (RFC 4568 §9.1), the body of an INFO (digits), passwords in URIs, and the digits
// behind a dialled code that begins with a star (`*77*101*` stays, what is behind it goes). Takes any bytes; never
// longer than `message`, 32 bytes for each of its lines and 16 for each URI in it. What was redacted stays as it is.
std::string redact(std::string_view message);

// A number as it was dialled, likewise: "*77*101*1234" becomes "*77*101*…".
std::string redact_number(std::string_view user);

// The value of the first header of that name (or its short form), without its line's end; empty: none.
std::string_view header_of(std::string_view message, std::string_view name, std::string_view short_form);

}  // namespace roamdesk::trace
