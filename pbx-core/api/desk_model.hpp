#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "pbx-core/api/domain.hpp"
#include "pbx-core/api/problem.hpp"

namespace roamdesk::api {

struct KnownModel {
  phones::Vendor vendor;
  std::string model;
};

// As the model list has them, whatever case they are written in; a problem where it doesn't know them. Pure.
Result<KnownModel, Problem> find_model(const std::vector<ModelView>& models, phones::Vendor vendor,
                                       std::string_view model);

}  // namespace roamdesk::api
