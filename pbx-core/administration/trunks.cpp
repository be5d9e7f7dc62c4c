#include "pbx-core/administration/administration.hpp"

namespace roamdesk::administration {

using api::Outcome;

void Administration::test_call(std::string trunk, std::string number, api::Actor actor, api::Done done) {
  queue(std::move(done),
        [this, trunk = std::move(trunk), number = std::move(number), actor = std::move(actor)](api::Done respond) {
          if (!directory().all<Trunk>().contains(trunk))
            return respond({Outcome::unknown, "There is no trunk " + trunk + "."});
          if (auto fault = element_.test_calls().fault(trunk, number))
            return respond({Outcome::clash, std::move(*fault) + "."});
          // Who has made a call that may cost money stands in the audit before it goes out.
          store({}, actor, std::move(respond), [this, trunk, number] { element_.test_call(trunk, number, now_()); });
        });
}

std::optional<api::TestCallView> Administration::test_call(const std::string& trunk) const {
  const auto* report = element_.test_calls().report(trunk);
  if (!report) return std::nullopt;
  return api::TestCallView{report->number,
                           report->called,
                           report->server,
                           std::string{word_of(report->result)},
                           report->status,
                           report->reason,
                           element_.wall(report->since),
                           std::chrono::duration_cast<std::chrono::milliseconds>(report->took)};
}

}  // namespace roamdesk::administration
