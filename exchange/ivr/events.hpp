#pragma once
#include <cstdint>
#include <variant>
#include <vector>

#include "common/base/secret.hpp"
#include "exchange/ivr/prompt.hpp"
#include "exchange/model/records.hpp"

// What every voice dialogue hears, and what it can have done. A dialogue ignores the events that aren't its business.
namespace roamdesk::ivr {

// ---- in ----
// The call is up and media can be heard.
struct Answered {};
struct Digit {
  // 0-9 * # A-D
  char key = '0';
};
// The prompt of the last Play was played to its end.
struct PromptEnded {
  Prompt prompt{};
};
enum class LoginResult : std::uint8_t { ok, failed, elsewhere, unavailable };
struct LoginAnswered {
  LoginResult result{};
};
enum class LogoutResult : std::uint8_t { logged_out, not_logged_in };
struct LogoutAnswered {
  LogoutResult result{};
};
struct CallerHungUp {};
using Event = std::variant<Answered, Digit, PromptEnded, LoginAnswered, LogoutAnswered, CallerHungUp>;

// ---- out ----
// In place of whatever is being played.
struct Play {
  Prompt prompt{};
  friend bool operator==(const Play&, const Play&) = default;
};
struct StopPlaying {
  friend bool operator==(const StopPlaying&, const StopPlaying&) = default;
};
// Whether digits are listened to.
struct Collect {
  bool on = false;
  friend bool operator==(const Collect&, const Collect&) = default;
};
// Answered by LoginAnswered.
struct SubmitLogin {
  ExtensionNumber extension;
  Secret pin;
  friend bool operator==(const SubmitLogin&, const SubmitLogin&) = default;
};
// Answered by LogoutAnswered.
struct SubmitLogout {
  friend bool operator==(const SubmitLogout&, const SubmitLogout&) = default;
};
struct HangUp {
  friend bool operator==(const HangUp&, const HangUp&) = default;
};
using Effect = std::variant<Play, StopPlaying, Collect, SubmitLogin, SubmitLogout, HangUp>;
using Effects = std::vector<Effect>;

}  // namespace roamdesk::ivr
