#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pbx-core/api/service.hpp"
#include "pbx-core/api/versions.hpp"

namespace roamdesk::api {

struct Route {
  std::string_view method;
  std::string_view path;     // below /api/v1: "/extensions/{number}"
  std::optional<Role> role;  // who may; nullopt: everybody, also without a log-in
  void (*handler)(Service&, const CallPtr&);
  bool account = false;  // about who may do what, or all secrets at once: by a log-in only, never with an API token
  bool sheet = false;    // the body is a spreadsheet, not JSON
  bool checks_version = false;  // its handler looks at If-Match
  VersionOf version = nullptr;  // of what the path names: GET says it, the others take If-Match
};
const std::vector<Route>& routes();

struct Match {
  const Route* route = nullptr;
  std::vector<std::string> parameters;
  std::string allowed;  // the path is known, the method isn't possible: "GET, POST"
};
// `target` as sent, with /api/v1. HEAD is a GET.
Match find_route(std::string_view method, std::string_view target);

// The document of GET /api/v1/openapi.json: openapi.json beside this file, built in.
std::string_view openapi_text();

// Of 6 digits, and none that check_pin refuses.
Secret random_pin(const std::string& number);

// The handlers, by file: calls_extensions.cpp, …
void list_extensions(Service&, const CallPtr&);
void create_extension(Service&, const CallPtr&);
void patch_extensions(Service&, const CallPtr&);
void show_extension(Service&, const CallPtr&);
void patch_extension(Service&, const CallPtr&);
void delete_extension(Service&, const CallPtr&);
void unlock_extension(Service&, const CallPtr&);
void export_extensions(Service&, const CallPtr&);
void import_extensions(Service&, const CallPtr&);
void list_jobs(Service&, const CallPtr&);
void show_job(Service&, const CallPtr&);
void cancel_job(Service&, const CallPtr&);
void provision_phones(Service&, const CallPtr&);
void list_phones(Service&, const CallPtr&);
void show_phone(Service&, const CallPtr&);
void assign_phone(Service&, const CallPtr&);
void provision_phone(Service&, const CallPtr&);
void restart_phone(Service&, const CallPtr&);
void patch_phone(Service&, const CallPtr&);
void unassign_phone(Service&, const CallPtr&);
void forget_phone(Service&, const CallPtr&);
void clear_phones(Service&, const CallPtr&);
void show_web_password(Service&, const CallPtr&);
void show_installer(Service&, const CallPtr&);
void list_desks(Service&, const CallPtr&);
void create_desk(Service&, const CallPtr&);
void export_desks(Service&, const CallPtr&);
void import_desks(Service&, const CallPtr&);
void show_desk(Service&, const CallPtr&);
void patch_desk(Service&, const CallPtr&);
void delete_desk(Service&, const CallPtr&);
void start_session(Service&, const CallPtr&);
void end_session(Service&, const CallPtr&);
void list_sbcs(Service&, const CallPtr&);
void create_sbc(Service&, const CallPtr&);
void show_sbc(Service&, const CallPtr&);
void patch_sbc(Service&, const CallPtr&);
void delete_sbc(Service&, const CallPtr&);
void renew_enrolment_key(Service&, const CallPtr&);
void report_of_sbc(Service&, const CallPtr&);
void restart_sbc(Service&, const CallPtr&);
void show_line_past(Service&, const CallPtr&);
void show_statistics(Service&, const CallPtr&);
// Sends the receiver one message, audited, and answers what has become of it.
void send_test(Service& service, const CallPtr& call, AlarmReceiver receiver);
void show_ladder(Service& service, const CallPtr& call);
void hang_up_call(Service& service, const CallPtr& call);
void show_pcap(Service& service, const CallPtr& call);
void show_call_media(Service& service, const CallPtr& call);
void list_calls(Service&, const CallPtr&);
void make_backup(Service&, const CallPtr&);
void list_backups(Service&, const CallPtr&);
void take_backup(Service&, const CallPtr&);
void show_system(Service&, const CallPtr&);
void list_models(Service&, const CallPtr&);
void preview_keys(Service&, const CallPtr&);
void preview_unsaved_keys(Service&, const CallPtr&);
void show_audit(Service&, const CallPtr&);
void list_users(Service&, const CallPtr&);
void show_user(Service&, const CallPtr&);
void create_user(Service&, const CallPtr&);
void patch_user(Service&, const CallPtr&);
void delete_user(Service&, const CallPtr&);
void list_tokens(Service&, const CallPtr&);
void create_token(Service&, const CallPtr&);
void delete_token(Service&, const CallPtr&);
void show_settings(Service&, const CallPtr&);
void patch_settings(Service&, const CallPtr&);
void show_me(Service&, const CallPtr&);
void begin_second_factor(Service&, const CallPtr&);
void confirm_second_factor(Service&, const CallPtr&);
void end_second_factor(Service&, const CallPtr&);
void reset_second_factor(Service&, const CallPtr&);
void list_logins(Service&, const CallPtr&);
void end_login(Service&, const CallPtr&);

}  // namespace roamdesk::api
