#include "pbx-core/api/routes.hpp"

namespace roamdesk::api {

// Resources that bring their own tables, each from the file with its handlers.
std::vector<Route> call_record_routes();
std::vector<Route> trunk_routes();
std::vector<Route> outbound_rule_routes();
std::vector<Route> inbound_number_routes();
std::vector<Route> location_routes();
std::vector<Route> explain_routes();
std::vector<Route> emergency_routes();
std::vector<Route> upstream_account_routes();
std::vector<Route> alarm_routes();
std::vector<Route> rollout_routes();
std::vector<Route> firmware_routes();
std::vector<Route> snippet_routes();
std::vector<Route> sftp_backup_routes();
std::vector<Route> restore_routes();

namespace {

void log_in(Service& service, const CallPtr& call) { service.log_in(call); }
void log_out(Service& service, const CallPtr& call) { service.log_out(call); }
void stream_events(Service& service, const CallPtr& call) { service.stream_events(call); }
void show_openapi(Service&, const CallPtr& call) {
  http::Response response;
  response.fields = {{"Content-Type", "application/json"}};
  response.body = openapi_text();
  call->respond(std::move(response));
}

// "/a/{b}" against "/a/c"; the parameters decoded.
std::optional<std::vector<std::string>> matched(std::string_view pattern, std::string_view path) {
  std::vector<std::string> parameters;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = pattern.substr(0, pattern.find('/', 1)), got = path.substr(0, path.find('/', 1));
    pattern.remove_prefix(wanted.size());
    path.remove_prefix(got.size());
    if (wanted.starts_with("/{")) {
      const auto decoded = http::percent_decode(got.substr(1));
      if (!decoded || decoded->empty() || decoded->size() > 128) return std::nullopt;
      parameters.push_back(*decoded);
    } else if (wanted != got) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

std::vector<Route> table_of_all() {
  constexpr Role reader = Role::reader, operator_ = Role::operator_, administrator = Role::administrator;
  std::vector<Route> all = {
      {"GET", "/openapi.json", std::nullopt, show_openapi},
      {"POST", "/login", std::nullopt, log_in},
      {"POST", "/logout", reader, log_out},
      {"GET", "/me", reader, show_me},
      {"POST", "/me/totp", reader, begin_second_factor, true},
      {"POST", "/me/totp/confirm", reader, confirm_second_factor, true},
      {"DELETE", "/me/totp", reader, end_second_factor, true},
      {"GET", "/sessions", reader, list_logins},  // one's own; an administrator sees all
      {"DELETE", "/sessions/{id}", reader, end_login, true},
      {"GET", "/extensions", reader, list_extensions},
      {"POST", "/extensions", administrator, create_extension},
      {"PATCH", "/extensions", administrator, patch_extensions},
      {"GET", "/extensions.csv", reader, export_extensions},
      {"POST", "/extensions/import", administrator, import_extensions, false, true, true},
      {"GET", "/extensions/{number}", reader, show_extension, false, false, false, extension_version},
      {"PATCH", "/extensions/{number}", administrator, patch_extension, false, false, false, extension_version},
      {"DELETE", "/extensions/{number}", administrator, delete_extension, false, false, false, extension_version},
      {"POST", "/extensions/{number}/unlock", operator_, unlock_extension},
      {"GET", "/phones", reader, list_phones},
      {"DELETE", "/phones", operator_, clear_phones},
      {"POST", "/phones/provision", operator_, provision_phones},
      {"POST", "/phones/{mac}/assign", operator_, assign_phone},
      {"DELETE", "/phones/{mac}/assign", operator_, unassign_phone},
      {"POST", "/phones/{mac}/provision", operator_, provision_phone},
      {"POST", "/phones/{mac}/restart", operator_, restart_phone},
      {"GET", "/phones/{mac}/web-password", administrator, show_web_password},
      {"GET", "/phones/{mac}", reader, show_phone, false, false, false, phone_version},
      {"PATCH", "/phones/{mac}", administrator, patch_phone, false, false, false, phone_version},
      {"DELETE", "/phones/{mac}", operator_, forget_phone, false, false, false, phone_version},
      {"GET", "/jobs", reader, list_jobs},
      {"GET", "/jobs/{id}", reader, show_job},
      {"DELETE", "/jobs/{id}", operator_, cancel_job},  // an import: an administrator
      {"GET", "/hot-desks", reader, list_desks},
      {"POST", "/hot-desks", administrator, create_desk},
      {"GET", "/hot-desks.csv", reader, export_desks},
      {"POST", "/hot-desks/import", administrator, import_desks, false, true, true},
      {"GET", "/hot-desks/{mac}", reader, show_desk, false, false, false, desk_version},
      {"PATCH", "/hot-desks/{mac}", administrator, patch_desk, false, false, false, desk_version},
      {"DELETE", "/hot-desks/{mac}", administrator, delete_desk, false, false, false, desk_version},
      {"POST", "/hot-desks/{mac}/session", operator_, start_session},
      {"DELETE", "/hot-desks/{mac}/session", operator_, end_session},
      {"GET", "/sbcs", reader, list_sbcs},
      {"POST", "/sbcs", administrator, create_sbc},
      {"GET", "/sbcs/{name}", reader, show_sbc, false, false, false, sbc_version},
      {"PATCH", "/sbcs/{name}", administrator, patch_sbc, false, false, false, sbc_version},
      {"DELETE", "/sbcs/{name}", administrator, delete_sbc, false, false, false, sbc_version},
      {"POST", "/sbcs/{name}/enrolment-key", administrator, renew_enrolment_key},
      {"POST", "/sbcs/{name}/report", administrator, report_of_sbc},
      {"POST", "/sbcs/{name}/restart", administrator, restart_sbc},
      {"GET", "/sbcs/{name}/line", reader, show_line_past},
      {"GET", "/installer", reader, show_installer},
      {"GET", "/stats", reader, show_statistics},
      {"GET", "/system", reader, show_system},
      {"GET", "/calls", reader, list_calls},
      {"DELETE", "/calls/{id}", operator_, hang_up_call},
      {"GET", "/calls/{id}/ladder", reader, show_ladder},
      {"GET", "/calls/{id}/pcap", reader, show_pcap},
      {"GET", "/calls/{id}/media", reader, show_call_media},
      {"GET", "/models", reader, list_models},
      {"GET", "/models/{vendor}/{model}/keys", reader, preview_keys},
      {"POST", "/models/{vendor}/{model}/keys", reader, preview_unsaved_keys},
      {"GET", "/audit", operator_, show_audit},
      {"GET", "/users", administrator, list_users},
      {"POST", "/users", administrator, create_user, true},
      {"GET", "/users/{name}", administrator, show_user},
      {"PATCH", "/users/{name}", reader, patch_user, true, false, true},  // one's own password; else an administrator
      {"DELETE", "/users/{name}", administrator, delete_user, true, false, true},
      {"DELETE", "/users/{name}/totp", administrator, reset_second_factor, true},
      {"GET", "/tokens", reader, list_tokens},  // one's own; an administrator sees all
      {"POST", "/tokens", reader, create_token, true},
      {"DELETE", "/tokens/{id}", reader, delete_token},  // an API token: itself
      {"GET", "/settings", reader, show_settings, false, false, false, settings_version},
      {"PATCH", "/settings", administrator, patch_settings, false, false, false, settings_version},
      {"POST", "/backup", administrator, make_backup, true},
      {"GET", "/backups", administrator, list_backups},
      {"GET", "/backups/{name}", administrator, take_backup, true},
      {"GET", "/events", reader, stream_events},
  };
  for (const auto resource : {call_record_routes, trunk_routes, outbound_rule_routes, inbound_number_routes,
                              location_routes, explain_routes, emergency_routes, upstream_account_routes, alarm_routes,
                              rollout_routes, firmware_routes, snippet_routes, sftp_backup_routes, restore_routes}) {
    const std::vector<Route> its = resource();
    all.insert(all.end(), its.begin(), its.end());
  }
  return all;
}

}  // namespace

const std::vector<Route>& routes() {
  static const std::vector<Route> all = table_of_all();
  return all;
}

Match find_route(std::string_view method, std::string_view target) {
  constexpr std::string_view root = "/api/v1";
  Match match;
  std::string_view path = target.substr(0, target.find('?'));
  if (!path.starts_with(root)) return match;
  path.remove_prefix(root.size());
  if (method == "HEAD") method = "GET";
  for (const Route& route : routes()) {
    auto parameters = matched(route.path, path);
    if (!parameters) continue;
    if (route.method == method) {
      match.route = &route;
      match.parameters = std::move(*parameters);
      return match;
    }
    match.allowed += (match.allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  return match;
}

}  // namespace roamdesk::api
