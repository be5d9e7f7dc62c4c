#include "pbx-core/api/account_sheet.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <utility>

#include "pbx-core/api/csv_table.hpp"
#include "pbx-core/api/outside_rules.hpp"

namespace roamdesk::api {
namespace {

constexpr std::array<std::string_view, 8> account_columns = {"extension", "trunk",     "user",    "auth_user",
                                                             "password",  "registers", "enabled", "version"};

void refuse(AccountRow& row, std::string what) {
  if (!row.problem) row.problem = std::move(what);
}

AccountRow read_row(const CsvTable& table, const csv::Row& cells) {
  AccountRow row;
  row.line = cells.line;
  row.extension = table.cell(cells, "extension").value_or("");
  row.trunk = table.cell(cells, "trunk");
  row.user = table.cell(cells, "user");
  row.auth_user = table.cell(cells, "auth_user");
  if (auto password = table.cell(cells, "password"); password && !password->empty())
    row.password = Secret{std::move(*password)};
  if (const auto word = table.cell(cells, "registers"); word && !word->empty()) {
    row.registers = value_of<AccountRegisters>(*word);
    if (!row.registers) refuse(row, "registers has an unknown word; expected one of " + all_words<AccountRegisters>());
  }
  if (const auto word = table.cell(cells, "enabled"); word && !word->empty()) {
    row.enabled = truth_of(*word);
    if (!row.enabled) refuse(row, "enabled is neither true nor false; true or false is expected");
  }
  row.version = table.cell(cells, "version");
  if (auto fault = table.surplus(cells)) refuse(row, std::move(*fault));
  return row;
}

// The record as the row makes it.
UpstreamAccount made_of(const AccountRow& row, const UpstreamAccount* before) {
  UpstreamAccount account = before ? *before : UpstreamAccount{row.extension};
  if (row.trunk) account.trunk = *row.trunk;
  if (row.user) account.user = *row.user;
  if (account.user.empty()) account.user = account.extension;
  if (row.auth_user) account.auth_user = *row.auth_user;
  if (row.password) account.password = *row.password;
  if (row.registers) account.registers = *row.registers;
  if (row.enabled) account.enabled = *row.enabled;
  return account;
}

std::vector<RowChange> changes_of(const UpstreamAccount& account, const UpstreamAccount* before) {
  std::vector<RowChange> changes;
  const auto add = [&](const char* field, bool is_other, const auto& of) {
    if (!before || is_other)
      changes.push_back(RowChange{field, before ? boost::json::value(of(*before)) : boost::json::value(nullptr),
                                  boost::json::value(of(account))});
  };
  add("trunk", before && before->trunk != account.trunk, [](const UpstreamAccount& a) { return a.trunk; });
  add("user", before && before->user != account.user, [](const UpstreamAccount& a) { return a.user; });
  if (before || !account.auth_user.empty())
    add("auth_user", before && before->auth_user != account.auth_user,
        [](const UpstreamAccount& a) { return a.auth_user; });
  // Which it is or was is never said.
  if (before ? before->password != account.password : !account.password.empty())
    changes.push_back(RowChange{"password", nullptr, "given"});
  add("registers", before && before->registers != account.registers,
      [](const UpstreamAccount& a) { return std::string{word_of(a.registers)}; });
  if (before || !account.enabled)
    add("enabled", before && before->enabled != account.enabled, [](const UpstreamAccount& a) { return a.enabled; });
  return changes;
}

// By itself, and beside the extensions and trunks that there are.
std::optional<std::string> fault_of(const UpstreamAccount& account, const Directory& directory) {
  const boost::json::object nothing;
  Reader reader(nothing, {});
  check_record(reader, account);
  if (reader.problem()) return reader.problem()->detail;
  if (const Fault fault = no_place_for(account, directory)) return *fault;
  return std::nullopt;
}

}  // namespace

Result<std::vector<AccountRow>, Problem> read_accounts(std::string_view text) {
  const auto table = read_table(text, account_columns, "extension");
  if (!table) return table.error();
  std::vector<AccountRow> rows;
  for (const csv::Row& cells : table->rows) rows.push_back(read_row(*table, cells));
  return rows;
}

AccountPlan plan_accounts(std::vector<AccountRow> sheet, const Directory& directory) {
  const auto& known = directory.all<UpstreamAccount>();
  auto after = known;
  std::map<std::string, std::size_t> lines;  // of the extensions so far
  AccountPlan plan;
  for (AccountRow& row : sheet) {
    const auto found = known.find(row.extension);
    const auto* before = found == known.end() ? nullptr : &found->second;
    PlannedAccount planned{std::move(row), RowAction::unchanged, {}, {}};
    auto account = made_of(planned.row, before);
    const auto [first, fresh] = lines.emplace(planned.row.extension, planned.row.line);
    if (!fresh)
      refuse(planned.row, fmt::format("extension is in line {} already; each once is expected", first->second));
    if (auto fault = fault_of(account, directory)) refuse(planned.row, std::move(*fault));
    if (!planned.row.problem) {
      planned.changes = changes_of(account, before);
      if (!planned.changes.empty()) planned.action = before ? RowAction::update : RowAction::create;
      after[account.extension] = std::move(account);
    }
    plan.rows.push_back(std::move(planned));
  }
  // Who would have what when all is done: two extensions may exchange their accounts.
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> owners;
  for (const auto& [extension, account] : after) owners[{account.trunk, account.user}].push_back(extension);
  for (PlannedAccount& planned : plan.rows) {
    const auto made = after.find(planned.row.extension);
    if (!planned.row.problem)
      for (const auto& other : owners[{made->second.trunk, made->second.user}])
        if (other != planned.row.extension) refuse(planned.row, *taken_by(made->second, other));
    if (planned.row.problem) {
      planned.action = RowAction::error;
      planned.changes.clear();
    }
    if (planned.action == RowAction::create || planned.action == RowAction::update)
      plan.changes.push_back(Put<UpstreamAccount>{made->second});
    plan.count(planned.action);
  }
  return plan;
}

std::string write_accounts(const std::map<std::string, UpstreamAccount>& accounts,
                           std::string (*version)(const UpstreamAccount&)) {
  std::string text = "\xEF\xBB\xBF" + csv::write({account_columns.begin(), account_columns.end() - (version ? 0 : 1)});
  for (const auto& [extension, a] : accounts) {
    std::vector<std::string> cells{extension,
                                   a.trunk,
                                   csv::defuse(a.user),
                                   csv::defuse(a.auth_user),
                                   "",
                                   std::string{word_of(a.registers)},
                                   a.enabled ? "true" : "false"};
    if (version) cells.push_back(version(a));
    text += csv::write(cells);
  }
  return text;
}

}  // namespace roamdesk::api
