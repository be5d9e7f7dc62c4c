#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "common/base/words.hpp"
#include "exchange/model/describe.hpp"

namespace roamdesk {

// What can be wrong. exchange/alarms/README.md says of each when it is raised and cleared.
enum class AlarmKind : std::uint8_t {
  sbc_down,
  line_bad,
  phone_gone,
  trunk_away,
  upstream_away,
  provisioning_refused,
  attack,
  password_guessing,
  disk_full,
  certificate_ends,
  backup_old,
  update_failed,
  emergency_call,
};
template <>
inline constexpr std::array<std::string_view, 13> words<AlarmKind> = {
    "sbc_down",      "line_bad",          "phone_gone", "trunk_away",       "upstream_away", "provisioning_refused",
    "attack",        "password_guessing", "disk_full",  "certificate_ends", "backup_old",    "update_failed",
    "emergency_call"};

// notice: somebody should know. warning: something will fail, or works badly. critical: people can't work, or need help
// now. Each is worse than those before it.
enum class AlarmSeverity : std::uint8_t { notice, warning, critical };
template <>
inline constexpr std::array<std::string_view, 3> words<AlarmSeverity> = {"notice", "warning", "critical"};

// Something is wrong, or was. It is open until it is cleared; of one kind and subject one is open at most.
struct Alarm {
  std::string id{};  // random
  AlarmKind kind{};
  AlarmSeverity severity{};
  // What it is about: an SBC's, a trunk's or a file's name, a MAC, an address. "": several of its kind that found no
  // place of their own; `detail` says how many.
  std::string subject{};
  std::string site{};    // "" where it is about no site
  std::string detail{};  // figures and reasons, one line
  WallTime raised{};
  std::optional<WallTime> cleared{};
  std::optional<WallTime> acknowledged{};
  std::string acknowledged_by{};  // a user of the console or API
  friend bool operator==(const Alarm&, const Alarm&) = default;
};

template <>
inline constexpr Table table<Alarm>{"alarms", "id", "raised, id"};
template <>
inline constexpr auto key_of<Alarm> = &Alarm::id;

template <class V, Is<Alarm> R>
void fields(V& v, R& a) {
  v("id", a.id), v("kind", a.kind), v("severity", a.severity), v(Field("subject").or_null(), a.subject);
  v(Field("site").or_null(), a.site), v(Field("detail").or_null(), a.detail), v("raised", a.raised);
  v("cleared", a.cleared), v("acknowledged", a.acknowledged);
  v(Field("acknowledged_by").or_null(), a.acknowledged_by);
}

}  // namespace roamdesk
