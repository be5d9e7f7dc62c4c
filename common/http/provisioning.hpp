#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "common/http/message.hpp"

// What a phone may ask for under /provision/, beside the core and at a branch alike. Pure.
namespace roamdesk::http {

// "/a", "/a?b" and "/a/b" are below "/a".
bool is_below(std::string_view target, std::string_view folder);

// Bytes of a log that are taken and thrown away; more is 413.
inline constexpr std::size_t longest_log = 1 << 20;

// What is answered there without asking whose phone it is: 204 for PUT, by which phones send their logs, 405 for
// whatever isn't GET, HEAD or PUT. nullopt for GET and HEAD, and for what isn't below /provision.
std::optional<Response> provisioning_refusal(const Request& request);
// The same before a body is read. The body of a PUT is thrown away, of whatever phone; without its length it is 411.
// 413 where a body follows another method, which no phone has reason to send.
std::optional<Response> provisioning_gate(const Request& head);

// The certificate of our authority is given to whoever asks for it under exactly this name: an answer shows nothing of
// the one who asked.
bool is_for_anybody(std::string_view target);

}  // namespace roamdesk::http
