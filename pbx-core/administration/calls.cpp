#include <algorithm>

#include "pbx-core/administration/administration.hpp"

namespace roamdesk::administration {

using api::Outcome;

void Administration::hang_up(std::string call, api::Actor actor, api::Done done) {
  queue(std::move(done), [this, call = std::move(call), actor = std::move(actor)](api::Done respond) mutable {
    const auto all = element_.calls();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id.value() == call; });
    if (found == all.end()) return respond({Outcome::unknown, "This call isn't up (any more)."});
    if (element_.place_of(*found))
      return respond({Outcome::clash, "This is a call for help; those who talk end it, nobody else."});
    if (actor.change) actor.change->subject = found->from.number;
    store({}, actor, std::move(respond), [this, id = found->id] { element_.hang_up(id, now_()); });
  });
}

}  // namespace roamdesk::administration
