#include "pbx-core/api/sheet_plan.hpp"

namespace roamdesk::api {

boost::json::object row_to_json(std::size_t line, const std::string& number, RowAction action,
                                const std::vector<RowChange>& changes, const std::optional<std::string>& problem) {
  boost::json::array all;
  for (const RowChange& change : changes)
    all.push_back(boost::json::object{{"field", change.field}, {"from", change.from}, {"to", change.to}});
  boost::json::object row{{"line", line}, {"number", number}, {"action", word_of(action)}, {"changes", std::move(all)}};
  if (problem) row["problem"] = *problem;
  return row;
}

}  // namespace roamdesk::api
