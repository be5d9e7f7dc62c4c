#pragma once
#include <cstdint>
#include <string>

#include "common/base/ids.hpp"

namespace roamdesk::post {

enum class Way : std::uint8_t { web_hook, mail };

// One thing told to one receiver.
struct Letter {
  Way way{};
  std::string to;    // a URL, or a mail address
  std::string body;  // JSON, or the whole e-mail (mail_text)
  // What it tells of: a receiver is told the same once. "": each time.
  std::string about{};
  // Where there is no room, the lighter ones give way.
  unsigned weight = 0;
};

using LetterId = Strong<struct LetterTag, std::uint64_t>;

// Who gets it, as far as receivers are kept apart: a web hook's scheme, host and port; "mail" for all mailboxes.
// It may be logged: what stands behind the host, or ahead of an @, may be a secret.
std::string receiver_of(const Letter& letter);
// The same for people: a mail address whole.
std::string shown_receiver(const Letter& letter);

}  // namespace roamdesk::post
