#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/secret.hpp"
#include "common/base/words.hpp"
#include "exchange/model/alarm.hpp"
#include "exchange/model/describe.hpp"

namespace roamdesk {

enum class AlarmWay : std::uint8_t { mail, web_hook, syslog };
template <>
inline constexpr std::array<std::string_view, 3> words<AlarmWay> = {"mail", "web_hook", "syslog"};

// Who is told of alarms, outside of the system.
struct AlarmReceiver {
  // [a-z0-9-], 1 to 40 characters; the key.
  std::string name{};
  AlarmWay way = AlarmWay::mail;
  // A mail address; a URL (post::is_web_hook); "local", or "udp://logs.example.com:514" (post::is_syslog_server).
  std::string to{};
  // Told of alarms of this severity and worse.
  AlarmSeverity least = AlarmSeverity::warning;
  bool enabled = true;
  // Of a web hook: what its messages are signed with.
  Secret signing_key{};
  friend bool operator==(const AlarmReceiver&, const AlarmReceiver&) = default;
};

template <>
inline constexpr Table table<AlarmReceiver>{"alarm_receivers", "name", "name"};
template <>
inline constexpr auto key_of<AlarmReceiver> = &AlarmReceiver::name;

template <class V, Is<AlarmReceiver> R>
void fields(V& v, R& r) {
  v("name", r.name), v("way", r.way), v(Field("recipient").shown_as("to"), r.to), v("least", r.least);
  v("enabled", r.enabled), v("signing_key", r.signing_key);
}

}  // namespace roamdesk
