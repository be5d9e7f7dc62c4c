#include "pbx-core/api/desk_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "common/phones/vendor.hpp"
#include "exchange/model/fields.hpp"
#include "pbx-core/api/csv_table.hpp"
#include "pbx-core/api/desk_model.hpp"
#include "pbx-core/api/validation.hpp"

namespace roamdesk::api {
namespace {

constexpr std::array<std::string_view, 15> columns = {
    "mac",  "vendor",    "model",    "site",      "sbc_address",
    "name", "location",  "language", "time_zone", "emergency_location",
    "id",   "extension", "person",   "since",     "version"};
constexpr std::array<std::string_view, 4> read_over = {"id", "extension", "person", "since"};

// The option of that column.
std::optional<std::string>* option(DeskOptions& options, std::string_view column) {
  if (column == "name") return &options.name;
  if (column == "location") return &options.location;
  if (column == "language") return &options.language;
  if (column == "time_zone") return &options.time_zone;
  return nullptr;
}

class Planner {
 public:
  Planner(Planned<DeskRow>& planned, const HotDesk* before, const DeskWorld& world)
      : planned_(planned), row_(planned.row), before_(before), world_(world) {}

  void plan() {
    if (before_) desk_ = *before_;
    model();
    place();
    options();
    if (const auto given = cell("emergency_location")) {
      if (!given->empty() && !known(world_.locations, *given)) refuse("emergency_location is unknown");
      change("emergency_location", desk_.emergency_location, *given);
      desk_.emergency_location = *given;
      row_.patch.emergency_location = *given;
    }
    if (row_.problem) {
      planned_.action = RowAction::error;
      planned_.changes.clear();
    } else if (before_) {
      planned_.action = planned_.changes.empty() ? RowAction::unchanged : RowAction::update;
    } else {
      planned_.action = RowAction::create;
      row_.made =
          NewDesk{*Mac::parse(row_.mac),   desk_.vendor, desk_.model, desk_.site, desk_.sbc_address, desk_.options,
                  desk_.emergency_location};
    }
  }

 private:
  std::optional<std::string> cell(const std::string& column) const {
    const auto found = row_.cells.find(column);
    return found == row_.cells.end() ? std::nullopt : std::optional{found->second};
  }
  void refuse(std::string what) {
    if (!row_.problem) row_.problem = std::move(what);
  }
  static bool known(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  void change(const char* field, const std::string& from, const std::string& to) {
    if (before_ ? from == to : to.empty()) return;
    planned_.changes.push_back({field,
                                before_ && !from.empty() ? boost::json::value(from) : boost::json::value(nullptr),
                                to.empty() ? boost::json::value(nullptr) : boost::json::value(to)});
  }

  // Of a new desk the MAC says the vendor where the sheet doesn't.
  void model() {
    const auto vendor = cell("vendor").value_or(""), name = cell("model").value_or("");
    if (before_ && vendor.empty() && name.empty()) return;
    const auto wanted = !vendor.empty() ? phones::parse_vendor(vendor)
                        : before_       ? before_->vendor
                                        : phones::vendor_of(*Mac::parse(row_.mac));
    const auto found = find_model(world_.models, wanted, name.empty() && before_ ? before_->model : name);
    if (!found) return refuse(found.error().field + " is an " + found.error().detail);
    change("vendor", std::string{phones::to_string(desk_.vendor)}, std::string{phones::to_string(found->vendor)});
    change("model", desk_.model, found->model);
    desk_.vendor = found->vendor;
    desk_.model = found->model;
    row_.patch.vendor = found->vendor;
    row_.patch.model = found->model;
  }

  void place() {
    if (!before_) desk_.site = local_site();
    const auto site = cell("site"), address = cell("sbc_address");
    if (site && !site->empty() && *site != local_site().value() && !known(world_.sbcs, *site))
      return refuse("site is unknown; \"local\" or an SBC's name is expected");
    const std::string from_site = before_ ? desk_.site.value() : "";
    const std::string from_address = desk_.sbc_address ? to_string(*desk_.sbc_address) : "";
    if (site && !site->empty() && *site != desk_.site.value()) {
      desk_.site = SiteId{*site};
      desk_.sbc_address.reset();
    }
    if (address) {
      desk_.sbc_address = parse_ipv4(*address);
      if (!address->empty() && !desk_.sbc_address)
        return refuse("sbc_address is not an IPv4 address; one like \"192.168.1.5\" is expected");
      if (desk_.sbc_address && desk_.site == local_site())
        return refuse("sbc_address stands beside the site local; it belongs to an SBC");
    }
    change("site", from_site, desk_.site.value());
    change("sbc_address", from_address, desk_.sbc_address ? to_string(*desk_.sbc_address) : "");
    row_.patch.place = DeskPatch::Place{desk_.site, desk_.sbc_address};
  }

  void options() {
    std::map<std::string, std::optional<std::string>> given;
    for (const auto& [column, text] : row_.cells) {
      auto* value = option(desk_.options, column);
      if (!value) continue;
      change(column.c_str(), value->value_or(""), text);
      *value = text.empty() ? std::nullopt : std::optional{text};
      given.emplace(column, *value);
    }
    if (const Fault fault = check_options(desk_.options)) refuse(*fault);
    row_.patch.options = [given](DeskOptions& now) {
      for (const auto& [column, value] : given) *option(now, column) = value;
    };
  }

  Planned<DeskRow>& planned_;
  DeskRow& row_;
  const HotDesk* before_;
  const DeskWorld& world_;
  HotDesk desk_ = blank<HotDesk>();
};

}  // namespace

Result<std::vector<DeskRow>, Problem> read_desks(std::string_view text) {
  const auto table = read_table(text, columns, "mac");
  if (!table) return table.error();
  std::vector<DeskRow> rows;
  for (const csv::Row& cells : table->rows) {
    DeskRow row;
    row.line = cells.line;
    for (const auto column : columns) {
      if (std::find(read_over.begin(), read_over.end(), column) != read_over.end()) continue;
      if (auto cell = table->cell(cells, std::string(column))) row.cells.emplace(column, std::move(*cell));
    }
    row.mac = std::exchange(row.cells["mac"], "");
    row.cells.erase("mac");
    if (auto version = row.cells.extract("version")) row.version = std::move(version.mapped());
    // With whatever stands between its digits.
    std::string digits;
    for (const char c : row.mac)
      if (c != ':' && c != '-' && c != '.' && c != ' ') digits += c;
    if (const auto mac = Mac::parse(digits))
      row.mac = mac->text();
    else
      row.problem = "mac " + check_mac(row.mac).value_or("is no MAC");
    if (auto fault = table->surplus(cells); fault && !row.problem) row.problem = std::move(*fault);
    rows.push_back(std::move(row));
  }
  return rows;
}

DeskPlan plan_desks(std::vector<DeskRow> sheet, const DeskWorld& world) {
  std::unordered_map<std::string, const HotDesk*> known;
  for (const DeskView& view : world.desks) known.emplace(view.record.mac.text(), &view.record);
  std::unordered_map<std::string, std::size_t> lines;  // of the MACs so far
  DeskPlan plan;
  for (DeskRow& row : sheet) {
    Planned<DeskRow> planned{std::move(row), RowAction::error, {}, {}};
    auto& problem = planned.row.problem;
    if (!problem) {
      const auto [first, fresh] = lines.emplace(planned.row.mac, planned.row.line);
      if (!fresh) problem = fmt::format("mac is in line {} already; each once is expected", first->second);
    }
    const auto before = known.find(planned.row.mac);
    if (!problem) Planner(planned, before == known.end() ? nullptr : before->second, world).plan();
    plan.count(planned.action);
    plan.rows.push_back(std::move(planned));
  }
  return plan;
}

std::string write_desks(std::vector<DeskView> desks, std::string (*version)(const HotDesk&)) {
  std::sort(desks.begin(), desks.end(), [](const auto& a, const auto& b) { return a.record.id < b.record.id; });
  std::vector<std::string> header{"id",
                                  "mac",
                                  "vendor",
                                  "model",
                                  "site",
                                  "sbc_address",
                                  "name",
                                  "location",
                                  "language",
                                  "time_zone",
                                  "emergency_location",
                                  "extension"};
  if (version) header.push_back("version");
  std::string text = "\xEF\xBB\xBF" + csv::write(header);
  for (const DeskView& view : desks) {
    const HotDesk& d = view.record;
    const auto cell = [](const std::optional<std::string>& value) { return csv::defuse(value.value_or("")); };
    std::vector<std::string> cells{d.id.value(),
                                   d.mac.text(),
                                   std::string{phones::to_string(d.vendor)},
                                   csv::defuse(d.model),
                                   d.site.value(),
                                   d.sbc_address ? to_string(*d.sbc_address) : "",
                                   cell(d.options.name),
                                   cell(d.options.location),
                                   cell(d.options.language),
                                   cell(d.options.time_zone),
                                   csv::defuse(d.emergency_location),
                                   view.extension ? view.extension->value() : ""};
    if (version) cells.push_back(version(d));
    text += csv::write(cells);
  }
  return text;
}

}  // namespace roamdesk::api
