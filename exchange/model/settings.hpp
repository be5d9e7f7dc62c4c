#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "common/base/srtp.hpp"
#include "exchange/model/provisioning_scheme.hpp"

// What can be set while running; the configuration file gives the defaults.
namespace roamdesk {

struct Settings {
  std::string hot_desk_code = "*77*";
  std::string logout_code = "*77*5*";
  // In front of an outside number: the call doesn't show the caller's.
  std::string hide_number_code = "*31*";
  std::optional<std::string> automatic_logout;  // "18:30", in the site's time zone, every day
  std::optional<std::chrono::seconds> max_session;
  bool move_when_already_logged_in = true;  // else refuse
  // Beside 112, 911 and those of the location's country.
  std::vector<std::string> emergency_numbers = {"112", "911"};
  // Locations' names: of the site `local`, and of what has none of its own; "" for none.
  std::string local_emergency_location{}, emergency_location{};
  Srtp srtp = Srtp::off;                                       // of the phones whose site says nothing else
  ProvisioningScheme provisioning = ProvisioningScheme::http;  // likewise
  unsigned audit_days = 400;                                   // older records of the audit go
  // What one person may do outside: calls at once, calls and minutes of them within an hour; 0 for any number.
  unsigned outside_calls = 4, outside_calls_per_hour = 60, outside_minutes_per_hour = 240;
  // What counts as wrong (exchange/alarms); 0: nothing does. A line's limits; how much of a disk is to be free; how
  // long ahead of a certificate's end; how old the last backup may be.
  unsigned alarm_rtt_ms = 300, alarm_jitter_ms = 50, alarm_loss_permille = 20;
  unsigned alarm_disk_percent = 10, alarm_certificate_days = 14, alarm_backup_days = 7;
  friend bool operator==(const Settings&, const Settings&) = default;
};

// Each setting once: its path in pbx-core.yaml, in GET and PATCH /settings and in the store, and what it may be. The
// file, the API and the store read and write by it. A visitor `v` has
//   text(path, s), time_of_day(path, o), duration(path, o, least, most), choice(path, b, yes, no), word(path, e),
//   texts(path, list, most), number(path, n, least, most); number_of_api(…) for one that the file doesn't have.
// What settings may be beside each other is routing/dial_codes' business.
template <class V, class S>
requires std::is_same_v<std::remove_const_t<S>, Settings>
void settings(V& v, S& s) {
  v.text("codes.hot_desk", s.hot_desk_code);
  v.text("codes.logout", s.logout_code);
  v.text("codes.hide_number", s.hide_number_code);
  v.time_of_day("hot_desk.automatic_logout", s.automatic_logout);
  v.duration("hot_desk.max_session", s.max_session, std::chrono::minutes{1}, std::chrono::days{7});
  v.choice("hot_desk.when_already_logged_in", s.move_when_already_logged_in, "move", "refuse");
  v.texts("emergency.numbers", s.emergency_numbers, 20);
  v.text("emergency.local_location", s.local_emergency_location);
  v.text("emergency.location", s.emergency_location);
  v.word("media.srtp", s.srtp);
  v.word("provisioning.scheme", s.provisioning);
  v.number_of_api("outside.calls", s.outside_calls, 0, 1'000);
  v.number_of_api("outside.calls_per_hour", s.outside_calls_per_hour, 0, 100'000);
  v.number_of_api("outside.minutes_per_hour", s.outside_minutes_per_hour, 0, 100'000);
  v.number_of_api("alarms.rtt_ms", s.alarm_rtt_ms, 0, 10'000);
  v.number_of_api("alarms.jitter_ms", s.alarm_jitter_ms, 0, 10'000);
  v.number_of_api("alarms.loss_permille", s.alarm_loss_permille, 0, 1'000);
  v.number_of_api("alarms.disk_percent", s.alarm_disk_percent, 0, 90);
  v.number_of_api("alarms.certificate_days", s.alarm_certificate_days, 0, 365);
  v.number_of_api("alarms.backup_days", s.alarm_backup_days, 0, 3'650);
  v.number_of_api("audit_days", s.audit_days, 1, 36'500);
}

}  // namespace roamdesk
