#pragma once
#include <optional>
#include <string_view>

#include "common/http/message.hpp"

// What a phone may ask for under /provision/, beside the core and at a branch alike. Pure.
namespace roamdesk::http {

// "/a", "/a?b" and "/a/b" are below "/a".
bool is_below(std::string_view target, std::string_view folder);

// 405 for whatever isn't GET or HEAD there; nullopt for these, and for what isn't below /provision.
std::optional<Response> provisioning_refusal(const Request& request);
// The same before a body is read, and 413 where a body follows, which no phone has reason to send.
std::optional<Response> provisioning_gate(const Request& head);

// The certificate of our authority is given to whoever asks for it under exactly this name: an answer shows nothing of
// the one who asked.
bool is_for_anybody(std::string_view target);

}  // namespace roamdesk::http
