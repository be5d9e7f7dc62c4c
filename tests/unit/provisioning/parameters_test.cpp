#include "parameters.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include "exchange/provisioning/files/zone.hpp"
#include "views.hpp"

namespace roamdesk::provisioning {
namespace {

using phones::Vendor;

class Checker {
 public:
  void check(const PhoneView& view, const std::string& what) {
    const auto vendor = view.model.vendor;
    auto& table = tables_.try_emplace(vendor, vendor).first->second;
    for (const auto& setting : settings_of(vendor, provisioner().render(view).body))
      if (const auto fault = table.fault(setting); !fault.empty() && told_.insert(fault).second)
        ADD_FAILURE() << phones::to_string(vendor) << " " << view.model.name << ", " << what << ": " << fault;
  }
  void all_models() {
    for (const auto& model : provisioner().models().all())
      for (auto view : states_of(model)) check(view, "a state");
  }
  void all_options() {
    for (const auto vendor : vendors)
      for (const auto& model : dialects_of(vendor))
        for (const auto& state : states_of(model))
          for (const auto& option : options) {
            auto view = state;
            option.change(view);
            check(view, option.name);
          }
  }
  void all_languages() {
    for (const auto vendor : vendors)
      for (const auto* language : {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr", "sv", "da", "cs", "xx"})
        for (const auto& model : dialects_of(vendor)) {
          auto view = idle_view(vendor, model.name);
          view.language = language;
          check(view, language);
        }
  }
  void all_time_zones() {
    // Those whose clocks are alike give the same file but for phones that are told the zone's own name.
    std::set<std::string> seen;
    for (const auto& zone : date::get_tzdb().zones) {
      const auto facts = describe_zone(zone.name(), WallTime{std::chrono::seconds{1780000000}});
      ASSERT_TRUE(facts) << zone.name();
      std::string clock = std::to_string(facts->utc_offset_minutes);
      if (const auto& changes = facts->clock_changes)
        for (const auto& change : {changes->start, changes->end})
          clock +=
              fmt::format(" {}/{}/{}/{}/{}", change.month, change.week, change.weekday, change.hour, changes->minutes);
      const bool is_new = seen.insert(clock).second;
      for (const auto vendor : vendors)
        for (const auto& model : dialects_of(vendor)) {
          if (!is_new && model.dialect != "android") continue;
          auto view = idle_view(vendor, model.name);
          view.time_zone = zone.name();
          view.utc_offset_minutes = facts->utc_offset_minutes;
          view.daylight_saving = facts->clock_changes.has_value();
          view.clock_changes = facts->clock_changes;
          check(view, zone.name());
        }
    }
  }
  // A line of a table that no file writes says nothing of our files.
  void nothing_is_left_over() {
    for (const auto& [vendor, table] : tables_)
      for (const auto& name : table.unused())
        ADD_FAILURE() << phones::to_string(vendor) << ".yaml: " << name << " is in no file";
  }

 private:
  // The first model of each dialect.
  static std::vector<phones::Model> dialects_of(Vendor vendor) {
    std::vector<phones::Model> models;
    std::set<std::string> seen;
    for (const auto& model : provisioner().models().all())
      if (model.vendor == vendor && model.name != "generic" && seen.insert(model.dialect).second)
        models.push_back(model);
    return models;
  }
  std::map<Vendor, Parameters> tables_;
  std::set<std::string> told_;
};

// A phone silently ignores a parameter that it doesn't know, and takes a value that it doesn't know for its default.
// So each one that a template writes, over all models and all that can be set, has its source and its values in
// tests/data/phones.
TEST(Parameters, OfEveryFileHaveASourceAndAValueThatThePhoneTakes) {
  Checker checker;
  checker.all_models();
  checker.all_options();
  checker.all_languages();
  checker.all_time_zones();
  checker.nothing_is_left_over();
}

TEST(Parameters, ThatNobodyNamesAreFoundOut) {
  for (const auto vendor : vendors) {
    Parameters table{vendor};
    EXPECT_NE(table.fault({"account.N.sip.nonsense", "1"}), "");
    EXPECT_NE(table.fault({"P99999", "1"}), "");
  }
  Parameters grandstream{Vendor::grandstream};
  EXPECT_EQ(grandstream.fault({"account.N.sip.transport", "TlsOrTcp"}), "");
  for (const auto* value : {"", "tls", "TLS", "2", "TlsOrTcp "})
    EXPECT_NE(grandstream.fault({"account.N.sip.transport", value}), "") << value;
}

}  // namespace
}  // namespace roamdesk::provisioning
