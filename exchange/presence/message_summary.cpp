#include "exchange/presence/message_summary.hpp"

#include <algorithm>
#include <charconv>

#include "common/base/text.hpp"

namespace roamdesk::presence {
namespace {

constexpr std::size_t longest = 4096;
constexpr unsigned most_messages = 9999;

// Takes a number from the front, and what stands before it; nullopt where there is none.
std::optional<unsigned> take_number(std::string_view& text, std::string_view before) {
  text = trim(text);
  if (!text.starts_with(before)) return std::nullopt;
  text = trim(text.substr(before.size()));
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end == text.data()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc{} ? std::min(number, most_messages) : most_messages;
}

}  // namespace

std::optional<MailboxState> parse_message_summary(std::string_view body) {
  if (body.size() > longest) return std::nullopt;
  std::optional<bool> waiting;
  std::optional<MailboxState> counted;
  while (!body.empty()) {
    const auto end = body.find('\n');
    auto line = body.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    body = end == std::string_view::npos ? std::string_view{} : body.substr(end + 1);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = trim(line.substr(0, colon));
    auto value = trim(line.substr(colon + 1));
    if (equal_ignoring_case(name, "Messages-Waiting")) {
      if (equal_ignoring_case(value, "yes")) waiting = true;
      if (equal_ignoring_case(value, "no")) waiting = false;
    } else if (equal_ignoring_case(name, "Voice-Message")) {
      // "2/8 (0/2)": new/old, and how many of each are urgent.
      MailboxState state;
      const auto fresh = take_number(value, ""), old = fresh ? take_number(value, "/") : std::nullopt;
      if (!old) continue;
      state.new_messages = *fresh, state.old_messages = *old;
      if (const auto urgent = take_number(value, "("))
        state.urgent_new = *urgent, state.urgent_old = take_number(value, "/").value_or(0);
      counted = state;
    }
  }
  if (!waiting) return std::nullopt;
  auto state = counted.value_or(MailboxState{});
  // What it says in a word counts, whatever its numbers are.
  if (!*waiting) state.new_messages = state.urgent_new = 0;
  if (*waiting && state.new_messages + state.urgent_new == 0) state.new_messages = 1;
  return state;
}

}  // namespace roamdesk::presence
