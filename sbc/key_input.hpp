#pragma once
#include <istream>
#include <optional>
#include <string>

#include "common/base/secret.hpp"

namespace roamdesk::sbc {

// The enrolment key where it isn't an argument, which every user of the machine could read (ps) and the shell keeps:
// the first line of `file`, of standard input for "-", and with no file what is typed (unseen) or piped. Throws
// std::runtime_error where there is none.
Secret read_key(const std::optional<std::string>& file);
// The first line, without blanks around it; empty where there is none. At most 4 KB of it are read.
Secret first_line(std::istream& stream);

}  // namespace roamdesk::sbc
