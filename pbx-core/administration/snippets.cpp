#include <fmt/format.h>

#include "exchange/firmware/offer.hpp"
#include "pbx-core/administration/administration.hpp"
#include "pbx-core/api/snippet_rules.hpp"

namespace roamdesk::administration {

std::optional<api::Problem> Administration::snippet_problem(const Snippet& snippet) const {
  const auto place = api::snippet_place(snippet.model);
  if (!place) return std::nullopt;
  if (!place->model.empty()) {
    const auto* model = provisioner_.models().exact(place->vendor, place->model);
    if (!model || model->name != place->model)
      return api::Problem{
          422, fmt::format("model is no model of {}; GET /models lists them", phones::display_name(place->vendor)),
          "model"};
  }
  const auto fault = provisioner_.fault_of_own(place->vendor, place->model, snippet.text);
  if (!fault) return std::nullopt;
  return api::Problem{422, "text " + fault->what, "text", fault->line};
}

std::optional<api::FinishedFile> Administration::finished_file(const Mac& mac,
                                                               const std::optional<Snippet>& instead) const {
  auto view = element_.views().view(mac);
  if (!view) return std::nullopt;
  if (instead) view->own_lines = element_.views().own_lines_of(view->model, &*instead);
  const std::string name = provisioning::config_file_name(view->model, mac);
  auto file = provisioner_.render_for_people(*std::move(view));
  return api::FinishedFile{name, std::move(file.body), std::move(file.own)};
}

void Administration::snippet_changed(const std::string& key) {
  const auto place = api::snippet_place(key);
  if (!place) return;
  std::vector<Mac> macs;
  for (const auto& [mac, phone] : directory().phones()) {
    if (!phone.assigned || element_.views().vendor_of(phone) != place->vendor) continue;
    if (place->model.empty() || element_.views().model_of(phone).name == place->model) macs.push_back(mac);
  }
  element_.content_changed_one_by_one(macs, now_());
}

}  // namespace roamdesk::administration
