#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/utf8.hpp"

// What people type, made fit for a vendor's grammar. Done here and not by the templates, so that no template, ours or
// an administrator's, can forget it.
namespace roamdesk::provisioning {

// Valid UTF-8 without control characters (C0, DEL, C1, line and paragraph separators) and without what XML forbids; a
// tab is a blank; blanks at both ends are gone; at most `longest` code points.
std::string clean_text(std::string_view text, std::size_t longest = 64);
// What can be dialled: letters, digits, * # + . _ -, at most 64. Everything else would be grammar: `|` for a Snom,
// `@` and `/` for a Fanvil.
std::string clean_number(std::string_view text);

}  // namespace roamdesk::provisioning
