#include <memory>

#include "pbx-core/api/account_sheet.hpp"
#include "pbx-core/api/record_calls.hpp"
#include "pbx-core/api/sheet_calls.hpp"

namespace roamdesk::api {
namespace {
namespace json = boost::json;

struct UpstreamAccounts {
  using Record = UpstreamAccount;
  static constexpr const char *name = "upstream account", *action = "upstream_account", *path = "upstream-accounts",
                              *key = "extension";
  static constexpr std::size_t most = 10'000;
  static constexpr bool is_changed_in_bulk = true;

  static UpstreamAccount fresh() { return {}; }
  static void complete(UpstreamAccount& account) {
    if (account.user.empty()) account.user = account.extension;
  }
  static UpstreamAccount placed(UpstreamAccount account, const Directory&) { return account; }
  static void more(json::object& object, const UpstreamAccount& account, const Domain& domain) {
    object["has_password"] = !account.password.empty();
    const auto state = domain.upstream_account_state(account.extension);
    if (!state) {
      object["state"] = nullptr;
      return;
    }
    const auto time = [](const std::optional<WallTime>& at) {
      return at ? json::value(to_rfc3339(*at)) : json::value(nullptr);
    };
    object["state"] =
        json::object{{"condition", state->condition},
                     {"reason", state->reason.empty() ? json::value(nullptr) : json::value(state->reason)},
                     {"next", time(state->next)},
                     {"until", time(state->until)}};
  }
};

void export_accounts(Service& service, const CallPtr& call) {
  const auto versions = wants_versions(call);
  if (!versions) return;
  service.read([](const Domain& domain) { return domain.directory().all<UpstreamAccount>(); },
               [call, versions](const std::map<std::string, UpstreamAccount>& all) {
                 const auto tag = [](const UpstreamAccount& account) { return record_tag(account); };
                 answer_sheet(call, "upstream-accounts.csv", write_accounts(all, *versions ? +tag : nullptr));
               });
}

// What the sheet would do now.
AccountPlan plan_of(const std::vector<AccountRow>& sheet, const Directory& directory) {
  AccountPlan plan = plan_accounts(sheet, directory);
  const auto& known = directory.all<UpstreamAccount>();
  hold_against_versions(plan, false, [&](const std::string& extension) {
    const auto account = known.find(extension);
    return account == known.end() ? std::string{} : record_tag(account->second);
  });
  return plan;
}

// All rows or none, in one transaction.
void store_accounts(Service& service, const CallPtr& call, const std::vector<AccountRow>& sheet,
                    const AccountPlan& plan) {
  service.command(
      call, {"upstream_account.imported", "", fmt::format("{} new, {} changed", plan.create, plan.update)},
      [sheet, seen = names_plan(call) ? tag_of(to_json(plan)) : std::string{}](Domain& domain, const Actor& actor,
                                                                               Done done) {
        domain.change(
            [sheet, seen](const Directory& directory) -> Domain::Decision {
              AccountPlan now = plan_of(sheet, directory);
              if (!seen.empty() && tag_of(to_json(now)) != seen) return stale_answer();
              if (now.errors > 0) return Answer{Outcome::clash, "Something was changed at the same moment; try again"};
              return std::move(now.changes);
            },
            actor, std::move(done));
      },
      [call, answer = to_json(plan)](Outcome) { call->answer(200, answer); });
}

void import_accounts(Service& service, const CallPtr& call) {
  const auto dry = wants_dry_run(call);
  if (!dry) return;
  auto sheet = read_accounts(call->request.body);
  if (!sheet) return call->fail(sheet.error());
  const auto rows = std::make_shared<const std::vector<AccountRow>>(std::move(*sheet));
  service.read([rows](const Domain& domain) { return plan_of(*rows, domain.directory()); },
               [&service, call, rows, dry = *dry](const AccountPlan& plan) {
                 if (dry) return answer_dry_run(call, to_json(plan));
                 if (plan.errors > 0)
                   return refuse_sheet(call, to_json(plan), plan.errors, plan.rows.size(), plan.errors == plan.stale);
                 if (names_plan(call) && !is_plan_seen(call, to_json(plan))) return;
                 store_accounts(service, call, *rows, plan);
               });
}

}  // namespace

std::vector<Route> upstream_account_routes() {
  using Calls = RecordCalls<UpstreamAccounts>;
  return {{"GET", "/upstream-accounts", Role::reader, Calls::list},
          {"POST", "/upstream-accounts", Role::administrator, Calls::create},
          {"GET", "/upstream-accounts.csv", Role::reader, export_accounts},
          {"POST", "/upstream-accounts/import", Role::administrator, import_accounts, false, true, true},
          {"GET", "/upstream-accounts/{extension}", Role::reader, Calls::show, false, false, false, Calls::version},
          {"PATCH", "/upstream-accounts/{extension}", Role::administrator, Calls::change, false, false, false,
           Calls::version},
          {"DELETE", "/upstream-accounts/{extension}", Role::administrator, Calls::remove, false, false, false,
           Calls::version}};
}

}  // namespace roamdesk::api
