#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/base/ids.hpp"
#include "common/base/secret.hpp"

namespace roamdesk::post {

enum class Way : std::uint8_t { web_hook, mail, syslog };

// One thing told to one receiver.
struct Letter {
  Way way{};
  std::string to;    // a URL, a mail address, or a syslog server (receivers.hpp)
  std::string body;  // JSON, the whole e-mail (mail_text), or a syslog message (syslog_text)
  // What it tells of: a receiver is told the same once. "": each time.
  std::string about{};
  // Where there is no room, the lighter ones give way.
  unsigned weight = 0;
  // Of a web hook: what each try is signed with (signature.hpp), and which delivery it is, the same at each try. An
  // empty key: neither is sent.
  Secret key{};
  std::string delivery{};
  // From put() to the last try's begin; nullopt: the outbox's.
  std::optional<std::chrono::seconds> lifetime{};
};

using LetterId = Strong<struct LetterTag, std::uint64_t>;

// Who gets it, as far as receivers are kept apart: a web hook's scheme, host and port; "mail" for all mailboxes; a
// syslog server as it is.
// It may be logged: what stands behind the host, or ahead of an @, may be a secret.
std::string receiver_of(const Letter& letter);
// The same for people: a mail address whole.
std::string shown_receiver(const Letter& letter);

}  // namespace roamdesk::post
