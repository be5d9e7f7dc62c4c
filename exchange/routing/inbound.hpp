#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/sip/message.hpp"
#include "exchange/model/directory.hpp"

// To whom a call from a trunk goes.
namespace roamdesk::routing {

// Whose number this is. nullopt if it is none of ours, or its extension isn't there.
std::optional<ExtensionNumber> extension_at(std::string_view e164, const Directory& directory);

struct Called {
  // The first number of ours that stands where the trunk's `called_in` looks; else "" and `asked` says what stood in
  // the first of these places, for the log.
  std::string e164;
  std::string asked;
  std::optional<ExtensionNumber> extension;
};
Called called_by(const Trunk& trunk, const sip::Message& invite, const Directory& directory);

// What stands in the places where the trunk's `called_in` looks, in E.164, whosever it is.
std::vector<std::string> numbers_called(const Trunk& trunk, const sip::Message& invite);

}  // namespace roamdesk::routing
