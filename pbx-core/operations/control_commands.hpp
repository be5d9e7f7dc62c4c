#pragma once
#include <functional>
#include <memory>

#include "pbx-core/administration/administration.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/api/control.hpp"
#include "pbx-core/config.hpp"

namespace roamdesk::core {

// The control socket in state_dir, and what is asked there carried out: `health` (which the signalling
// thread answers), `sbc.add`, `user.reset-password`. `post` is to
// the signalling thread; what is given outlives it. Throws as api::ControlServer does.
std::unique_ptr<api::ControlServer> open_control(const Config& config, std::function<void(std::function<void()>)> post,
                                                 administration::Administration& administration, api::Api& api);

}  // namespace roamdesk::core
