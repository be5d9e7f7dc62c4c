#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "exchange/provisioning/phone_view.hpp"

// The same thing in each vendor's words (reference §5).
namespace roamdesk::provisioning {

std::string transport_word(phones::Vendor vendor, sip::Transport transport);
// ISO 639-1; English where the vendor has no word for it.
std::string language_word(phones::Vendor vendor, std::string_view language);
// One of "g722", "pcma", "pcmu", "g729", "opus"; "" for any other.
std::string codec_word(phones::Vendor vendor, std::string_view codec);
// The view's codecs without unknown and repeated ones; pcma, pcmu, g722 where none is left.
std::vector<std::string> codecs_of(const PhoneView& view);
// Yealink "+2" or "+5:30"; Snom seconds; Fanvil quarters of an hour; Grandstream a POSIX TZ.
std::string zone_word(const PhoneView& view);

}  // namespace roamdesk::provisioning
