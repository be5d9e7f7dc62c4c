#pragma once
#include "pbx-core/administration/administration.hpp"
#include "pbx-core/api/api.hpp"
#include "pbx-core/door/door.hpp"
#include "pbx-core/rollout/machine.hpp"

namespace roamdesk::core {

// Carries out what pbx-core/rollout decides about the update of branches: what it says is stored first, then the SBCs
// are asked. Signalling thread.
class Rollouts {
 public:
  Rollouts(administration::Administration& administration, api::Api& api)
      : administration_(administration), api_(api) {}
  // Every few seconds.
  void look(door::Door& door, element::Now now);

 private:
  void store(door::Door& door, const Rollout& seen, rollout::Verdict verdict, WallTime wall);

  administration::Administration& administration_;
  api::Api& api_;
  rollout::Machine machine_;
  bool storing_ = false;
};

}  // namespace roamdesk::core
