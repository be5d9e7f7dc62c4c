#pragma once
#include "pbx-core/operations/rollouts.hpp"
#include "pbx-core/operations/wrong_now.hpp"

namespace roamdesk::core {

// What is looked at every few seconds: what is wrong, and the update of branches. Signalling thread.
class Rounds {
 public:
  Rounds(const Config& config, const HttpsCertificate& https, administration::Administration& administration,
         api::Api& api, Notifier& notifier)
      : wrong_now_(config, https, administration, api, notifier), rollouts_(administration, api) {}
  void look(door::Door& door, std::uint64_t http_crowded_out, const std::vector<FullDisk>& full, element::Now now) {
    wrong_now_.look(door, http_crowded_out, full, now);
    rollouts_.look(door, now);
  }
  WrongNow& wrong_now() { return wrong_now_; }

 private:
  WrongNow wrong_now_;
  Rollouts rollouts_;
};

}  // namespace roamdesk::core
