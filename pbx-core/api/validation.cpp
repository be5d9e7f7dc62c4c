#include "pbx-core/api/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace roamdesk::api {
namespace {

constexpr std::string_view digits = "0123456789";

bool only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& values) {
  return std::find(values.begin(), values.end(), text) != values.end();
}

constexpr std::array<std::string_view, 6> codecs = {"PCMA", "PCMU", "G722", "G729", "opus", "iLBC"};

std::optional<unsigned> number_at(std::string_view text, std::size_t at, std::size_t count) {
  unsigned value = 0;
  if (at + count > text.size() || !only(text.substr(at, count), digits)) return std::nullopt;
  std::from_chars(text.data() + at, text.data() + at + count, value);
  return value;
}

}  // namespace

Fault check_mac(std::string_view text) {
  if (Mac::parse(text)) return std::nullopt;
  std::string meant;
  for (const char c : text)
    if (only(std::string_view(&c, 1), "0123456789abcdefABCDEF")) meant += c;
  std::transform(meant.begin(), meant.end(), meant.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  // What was most likely meant, where it can be seen.
  const bool separated =
      meant.size() == 12 && text.find_first_not_of("0123456789abcdefABCDEF:-. ") == std::string_view::npos;
  return fmt::format("is not a MAC in our form; 12 hexadecimal characters with no separator are expected, like \"{}\"",
                     separated ? meant : "001565aabbcc");
}

Fault check_number(std::string_view text) {
  if (!text.empty() && text.size() <= 15 && only(text, digits)) return std::nullopt;
  return "is not an extension's number; 1 to 15 digits are expected, like \"101\"";
}

Fault check_pin(std::string_view pin, std::string_view number) {
  if (pin.size() < 4 || pin.size() > 10 || !only(pin, digits)) return "is not a PIN; 4 to 10 digits are expected";
  if (pin == number) return "is the extension's own number; another PIN is expected";
  bool same = true, up = true, down = true, pairs = true;
  for (std::size_t i = 1; i < pin.size(); ++i) {
    const int step = (pin[i] - pin[i - 1] + 10) % 10;
    same = same && step == 0;
    up = up && step == 1;
    down = down && step == 9;
    pairs = pairs && (i < 2 || pin[i] == pin[i - 2]);
  }
  if (same || up || down || pairs)
    return "is too easily guessed; no run (1234), no repetition (0000, 1212) is expected";
  return std::nullopt;
}

Fault check_password(std::string_view password, std::string_view user) {
  if (password.size() < 10 || password.size() > 128)
    return "is too short or too long; 10 to 128 characters are expected";
  if (password == user) return "is the user's name; another password is expected";
  if (password.find_first_not_of(password.front()) == std::string_view::npos)
    return "is one character over and over; another password is expected";
  return std::nullopt;
}

Fault check_user_name(std::string_view name) {
  if (!name.empty() && name.size() <= 32 && only(name, "abcdefghijklmnopqrstuvwxyz0123456789._-")) return std::nullopt;
  return "is not a user's name; 1 to 32 of a-z, 0-9, \".\", \"_\", \"-\" are expected";
}

Fault check_sbc_name(std::string_view name) {
  if (name == "local") return "is the name of the core's own networks; another name is expected, like \"branch-1\"";
  const bool fine = !name.empty() && name.size() <= 32 && only(name, "abcdefghijklmnopqrstuvwxyz0123456789-") &&
                    name.front() != '-' && name.back() != '-';
  if (fine) return std::nullopt;
  return "is not an SBC's name; 1 to 32 of a-z, 0-9 and \"-\" (not at an end) are expected, like \"branch-1\"";
}

Fault check_time_zone(std::string_view name) {
  const bool fine = !name.empty() && name.size() <= 64 && name.front() >= 'A' && name.front() <= 'Z' &&
                    only(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") &&
                    name.find("//") == std::string_view::npos && name.back() != '/';
  if (fine) return std::nullopt;
  return "is not a time zone; a name of the IANA database is expected, like \"Europe/Berlin\"";
}

Fault check_label(std::string_view text, std::size_t longest) {
  if (text.size() > longest) return fmt::format("is too long; {} bytes at most are expected", longest);
  for (const unsigned char c : text)
    if (c < 0x20 || c == 0x7f) return "has control characters; plain text is expected";
  return std::nullopt;
}

Fault check_key(const Key& key) {
  if (const Fault fault = check_label(key.label, 64)) return "has a label that " + *fault;
  const bool dials = !key.value.empty() && key.value.size() <= 32 && only(key.value, "0123456789*#+");
  switch (value_of_key(key.type)) {
    case KeyValue::none:
      if (!key.value.empty()) return "has a value; this type takes none";
      return std::nullopt;
    case KeyValue::extension:
      if (!check_number(key.value)) return std::nullopt;
      return key.type == KeyType::blf ? "has a value that no lamp can watch; an extension is expected"
                                      : "has a value whose calls can't be picked up; an extension is expected";
    case KeyValue::optional:
      if (key.value.empty()) return std::nullopt;
      [[fallthrough]];
    case KeyValue::number:
      if (!dials) return "has a value that can't be dialled; up to 32 of 0-9, \"*\", \"#\", \"+\" are expected";
      return std::nullopt;
  }
  return std::nullopt;
}

Fault check_options(const DeskOptions& options) {
  if (options.srtp == Srtp::required && options.transport && options.transport != sip::Transport::tls)
    return "srtp: required needs TLS, since the keys are in the signalling; transport tls, or none, is expected";
  if (options.language) {
    const std::string& l = *options.language;
    const bool fine = (l.size() == 2 || (l.size() == 5 && l[2] == '-')) &&
                      only(l.substr(0, 2), "abcdefghijklmnopqrstuvwxyz") &&
                      (l.size() == 2 || only(l.substr(3), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    if (!fine) return "language: is not a language; \"en\" or \"en-GB\" is expected";
  }
  if (options.time_zone)
    if (const Fault fault = check_time_zone(*options.time_zone)) return "time_zone: " + *fault;
  const std::pair<const char*, const std::optional<std::string>&> texts[] = {{"ring_tone", options.ring_tone},
                                                                             {"backlight", options.backlight},
                                                                             {"name", options.name},
                                                                             {"location", options.location}};
  for (const auto& [name, text] : texts)
    if (text)
      if (const Fault fault = check_label(*text, 128)) return fmt::format("{}: {}", name, *fault);
  for (std::size_t i = 0; i < options.codecs.size(); ++i) {
    if (!one_of(options.codecs[i], codecs))
      return "codecs: one is unknown; expected one of PCMA, PCMU, G722, G729, opus, iLBC";
    if (std::find(options.codecs.begin(), options.codecs.begin() + static_cast<std::ptrdiff_t>(i), options.codecs[i]) !=
        options.codecs.begin() + static_cast<std::ptrdiff_t>(i))
      return "codecs: one is there twice; each once, in the order of preference, is expected";
  }
  // What we play ourselves, the log-in dialogue and the announcement for emergency calls, is G.711.
  if (!options.codecs.empty() &&
      std::find(options.codecs.begin(), options.codecs.end(), "PCMA") == options.codecs.end() &&
      std::find(options.codecs.begin(), options.codecs.end(), "PCMU") == options.codecs.end())
    return "codecs: without G.711 nobody could log in or hear an announcement; PCMA or PCMU among them is expected";
  return std::nullopt;
}

Fault check_time_of_day(std::string_view text) {
  const auto hour = number_at(text, 0, 2), minute = number_at(text, 3, 2);
  if (text.size() == 5 && text[2] == ':' && hour && *hour < 24 && minute && *minute < 60) return std::nullopt;
  return "is not a time of day; \"18:30\" is expected";
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.size() < 2 || text.size() > 8 || !only(text.substr(0, text.size() - 1), digits)) return std::nullopt;
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size() - 1, count);
  std::chrono::seconds duration{};
  switch (text.back()) {
    case 'h':
      duration = std::chrono::hours(count);
      break;
    case 'm':
      duration = std::chrono::minutes(count);
      break;
    case 's':
      duration = std::chrono::seconds(count);
      break;
    default:
      return std::nullopt;
  }
  if (duration < std::chrono::minutes(1) || duration > std::chrono::days(7)) return std::nullopt;
  return duration;
}

std::string to_duration(std::chrono::seconds duration) {
  if (duration.count() % 3600 == 0) return fmt::format("{}h", duration.count() / 3600);
  if (duration.count() % 60 == 0) return fmt::format("{}m", duration.count() / 60);
  return fmt::format("{}s", duration.count());
}

std::string to_rfc3339(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss<milliseconds> clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto y = number_at(text, 0, 4), mo = number_at(text, 5, 2), d = number_at(text, 8, 2),
             h = number_at(text, 11, 2), mi = number_at(text, 14, 2), s = number_at(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') ||
      text[13] != ':' || text[16] != ':' || *h > 23 || *mi > 59 || *s > 60)
    return std::nullopt;
  const year_month_day date(year(static_cast<int>(*y)), month(*mo), day(*d));
  if (!date.ok()) return std::nullopt;
  std::string_view rest = text.substr(19);
  milliseconds fraction{};
  if (!rest.empty() && rest[0] == '.') {
    rest.remove_prefix(1);
    const std::size_t count = std::min(rest.find_first_not_of(digits), rest.size());
    if (count == 0 || count > 9) return std::nullopt;
    int ms = 0;
    for (std::size_t i = 0; i < 3; ++i) ms = ms * 10 + (i < count ? rest[i] - '0' : 0);
    fraction = milliseconds(ms);
    rest.remove_prefix(count);
  }
  minutes offset{};
  if (rest != "Z" && rest != "z") {
    const auto oh = number_at(rest, 1, 2), om = number_at(rest, 4, 2);
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':' || !oh || *oh > 23 || !om || *om > 59)
      return std::nullopt;
    offset = hours(*oh) + minutes(*om);
    if (rest[0] == '-') offset = -offset;
  }
  return WallTime(sys_days(date) + hours(*h) + minutes(*mi) + seconds(*s) + fraction - offset);
}

}  // namespace roamdesk::api
