#pragma once
#include <filesystem>

#include "common/phones/model.hpp"
#include "exchange/provisioning/provisioner.hpp"

// The shell of this folder: reads models and templates from disk, at the start and on SIGHUP.
namespace roamdesk::provisioning {

// <vendor>.yaml of `directory`, for each supported vendor. Throws std::runtime_error: "FILE:LINE:COLUMN: what is wrong;
// what is expected".
phones::ModelList load_models(const std::filesystem::path& directory);

// <vendor>.tpl for each supported vendor; one in `override_directory` (state_dir/templates, may not exist) wins.
// Throws std::runtime_error where one can't be read.
TemplateTexts load_templates(const std::filesystem::path& directory, const std::filesystem::path& override_directory);

}  // namespace roamdesk::provisioning
