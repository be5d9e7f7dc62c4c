#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "exchange/model/directory.hpp"
#include "pbx-core/api/problem.hpp"
#include "pbx-core/api/sheet_plan.hpp"

// Upstream accounts as a spreadsheet has them: extension,trunk,user,auth_user,password,registers,enabled, and version,
// if it is to be held against. Pure.
namespace roamdesk::api {

// What a line says; a column that isn't there says nothing, and neither does an empty password, registers or enabled.
struct AccountRow {
  std::size_t line = 1;
  std::string extension;
  std::optional<std::string> trunk, user, auth_user;
  std::optional<Secret> password;
  std::optional<AccountRegisters> registers;
  std::optional<bool> enabled;
  std::optional<std::string> problem;    // the first thing that is wrong with its cells
  std::optional<std::string> version{};  // of the account, as it was when the sheet was made
};

inline const std::string& number_of(const AccountRow& row) { return row.extension; }
using PlannedAccount = Planned<AccountRow>;

struct AccountPlan : SheetPlan<AccountRow> {
  Changes changes{};  // to store
};

// 422 where the sheet as a whole can't be read.
Result<std::vector<AccountRow>, Problem> read_accounts(std::string_view text);
// A password in the sheet counts as a change where it is another one; which it is or was is never said.
AccountPlan plan_accounts(std::vector<AccountRow> sheet, const Directory& directory);
// With a BOM, by extension; the passwords' column is empty. `version`: of each, in a column of its own; null: without
// it.
std::string write_accounts(const std::map<std::string, UpstreamAccount>& accounts,
                           std::string (*version)(const UpstreamAccount&) = nullptr);

}  // namespace roamdesk::api
