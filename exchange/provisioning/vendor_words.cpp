#include "exchange/provisioning/vendor_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

struct Language {
  std::string_view iso, yealink, snom;
};
constexpr std::array languages{
    Language{"en", "English", "English"},  Language{"de", "German", "Deutsch"},
    Language{"fr", "French", "Francais"},  Language{"es", "Spanish", "Espanol"},
    Language{"it", "Italian", "Italiano"}, Language{"pt", "Portuguese", "Portugues"},
    Language{"nl", "Dutch", "Nederlands"}, Language{"pl", "Polish", "Polski"},
    Language{"ru", "Russian", "Russian"},  Language{"tr", "Turkish", "Turkce"},
    Language{"sv", "Swedish", "Svenska"},  Language{"da", "Danish", "Dansk"},
    Language{"cs", "Czech", "Cestina"},
};

struct Codec {
  std::string_view name, yealink, snom, fanvil, grandstream;
};
constexpr std::array codecs{
    Codec{"pcma", "pcma", "pcma", "PCMA", "PCMA"}, Codec{"pcmu", "pcmu", "pcmu", "PCMU", "PCMU"},
    Codec{"g722", "g722", "g722", "G722", "G722"}, Codec{"g729", "g729", "g729", "G729", "G729"},
    Codec{"opus", "opus", "opus", "OPUS", "OPUS"},
};

std::string posix_offset(int minutes_east) {
  // POSIX counts westwards.
  const int west = -minutes_east;
  const int hours = west / 60, rest = std::abs(west % 60);
  return rest == 0 ? fmt::format("{}", hours)
                   : fmt::format("{}{}:{:02}", west < 0 && hours == 0 ? "-" : "", hours, rest);
}

std::string posix_change(const ClockChange& c) {
  return fmt::format("M{}.{}.{}/{:02}:00:00", c.month, c.week, c.weekday % 7, c.hour);
}

std::string posix_zone(const PhoneView& view) {
  const int offset = view.utc_offset_minutes;
  if (!view.clock_changes) return "STD" + posix_offset(offset);
  const auto& dst = *view.clock_changes;
  return fmt::format("STD{}DST{},{},{}", posix_offset(offset), posix_offset(offset + dst.minutes),
                     posix_change(dst.start), posix_change(dst.end));
}

}  // namespace

std::string transport_word(Vendor vendor, sip::Transport transport) {
  const auto pick = [&](std::string_view udp, std::string_view tcp, std::string_view tls) {
    return std::string{transport == sip::Transport::udp ? udp : transport == sip::Transport::tcp ? tcp : tls};
  };
  if (vendor == Vendor::yealink) return pick("0", "1", "2");
  if (vendor == Vendor::fanvil) return pick("0", "1", "3");
  if (vendor == Vendor::grandstream) return pick("UDP", "TCP", "TlsOrTcp");
  return pick("udp", "tcp", "tls");
}

std::string language_word(Vendor vendor, std::string_view language) {
  const auto found = std::find_if(languages.begin(), languages.end(), [&](const auto& l) { return l.iso == language; });
  const auto& known = found == languages.end() ? languages.front() : *found;
  if (vendor == Vendor::yealink) return std::string{known.yealink};
  if (vendor == Vendor::snom) return std::string{known.snom};
  return std::string{known.iso};
}

std::string codec_word(Vendor vendor, std::string_view codec) {
  for (const auto& known : codecs) {
    if (known.name != codec) continue;
    if (vendor == Vendor::yealink) return std::string{known.yealink};
    if (vendor == Vendor::snom) return std::string{known.snom};
    if (vendor == Vendor::fanvil) return std::string{known.fanvil};
    return std::string{known.grandstream};
  }
  return "";
}

std::vector<std::string> codecs_of(const PhoneView& view) {
  std::vector<std::string> chosen;
  for (auto codec : view.codecs) {
    // An administrator writes them as SDP does: "PCMA".
    for (char& c : codec) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (!codec_word(view.model.vendor, codec).empty() && std::find(chosen.begin(), chosen.end(), codec) == chosen.end())
      chosen.push_back(codec);
  }
  if (chosen.empty()) chosen = {"pcma", "pcmu", "g722"};
  return chosen;
}

std::string zone_word(const PhoneView& view) {
  const int offset = view.utc_offset_minutes;
  switch (view.model.vendor) {
    case Vendor::snom:
      return fmt::format("{}", offset * 60);
    case Vendor::fanvil:
      return fmt::format("{}", offset / 15);
    case Vendor::grandstream:
      return posix_zone(view);
    default: {
      const auto sign = offset < 0 ? '-' : '+';
      const int hours = std::abs(offset) / 60, rest = std::abs(offset) % 60;
      return rest == 0 ? fmt::format("{}{}", sign, hours) : fmt::format("{}{}:{:02}", sign, hours, rest);
    }
  }
}

}  // namespace roamdesk::provisioning
