#pragma once
#include <string>
#include <string_view>

#include "common/base/time.hpp"

namespace roamdesk::post {

// An e-mail that a program writes.
struct Mail {
  std::string from_name;      // "Roamdesk"; any text
  std::string from, to;       // addresses (receivers.hpp)
  std::string subject, text;  // any text; the second may have lines
  std::string id;             // of the message: letters and digits
  WallTime date{};
  bool urgent = false;
};
// As RFC 5322 has it, with CRLF. What stands in headers is on one line, whatever it is made of; what isn't ASCII is
// encoded (RFC 2047), and the text is base64 of UTF-8.
std::string to_message(const Mail& mail);

// One header's text: as it is where it is plain, else encoded words of at most 75 characters, folded. At most
// `longest` bytes of it are taken, whole characters only; line ends and control characters become blanks.
std::string header_text(std::string_view text, std::size_t longest = 200);
// The same without an encoding: UTF-8 on one line.
std::string one_line(std::string_view text, std::size_t longest);

}  // namespace roamdesk::post
