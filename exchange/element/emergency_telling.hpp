#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "exchange/calls/engine.hpp"
#include "exchange/element/context.hpp"
#include "exchange/element/telling_allowance.hpp"
#include "exchange/model/emergency.hpp"
#include "exchange/model/location.hpp"

namespace roamdesk::element {

// Who is told that somebody has called for help: a record that stays until it is acknowledged, the program that runs us
// (EmergencyCalled: web hooks, e-mails, the console), and the location's extensions, which ring. It follows the call
// and never leads it: the call is on its way when this begins.
class EmergencyTelling {
 public:
  using TargetsOf = std::function<std::vector<calls::Target>(const ExtensionNumber&)>;
  EmergencyTelling(Context& context, calls::Engine& calls, TargetsOf targets_of)
      : context_(context), calls_(calls), targets_of_(std::move(targets_of)) {}

  // A call for help has begun. `callback`: the number that it shows; "" for none.
  void called(const EmergencyPlace& place, const std::string& callback = {});
  // What has become of the calls that tell of it.
  void handle(const calls::CallChanged& changed);

  // At most so many records, and so many of strangers that nobody has acknowledged: the oldest go.
  static constexpr std::size_t most_records = 500, most_of_strangers = 100;

 private:
  // What has to go, so that there is room for one more.
  Changes forgotten(bool stranger) const;
  void ring(const Emergency& emergency, const Location& location);

  Context& context_;
  calls::Engine& calls_;
  TargetsOf targets_of_;
  TellingAllowance allowance_;
  // Our calls that ring or are up: of which emergency, and where it came from.
  struct Alert {
    std::string emergency, source;
    bool heard = false;
  };
  std::map<calls::CallId, Alert> alerts_;
};

// What a phone shows that rings for it: "112 HD0001 Floor 2", "Test 933 101 Alice". At most 60 characters of one line.
std::string alert_display(const Emergency& emergency, const Location* location);
// What is said when it is answered: the prompts' names in their order.
std::vector<std::string> alert_prompts(const Emergency& emergency);

}  // namespace roamdesk::element
